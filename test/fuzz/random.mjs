/**
 * A generator of its own for every input: `randomOf(seed, index)` depends on nothing that came before, so that any input of
 * a run can be made again alone. mulberry32 (Tommy Ettinger, public domain), started from a mix of both numbers.
 */
export function randomOf(seed, index) {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (count) => Math.floor((next() / 4294967296) * count);
  return {
    /** An integer from 0 to count - 1. */
    below,
    /** An integer from `from` to `to`, both included. */
    between: (from, to) => from + below(to - from + 1),
    chance: (probability) => next() / 4294967296 < probability,
    pick: (list) => list[below(list.length)],
    bytes: (count) => Uint8Array.from({ length: count }, () => next() & 255),
  };
}
