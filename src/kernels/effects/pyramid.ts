/**
 * Places of the px of a picture halved `level` times, along one axis. Px X of a level lies on px 2 · X of the one below. A level
 * begins at X = -4 and ends where nothing but copies of the edge is seen, so that both its ends can be replicated in turn, and
 * where it has all that doubling looks at.
 */
export interface Axis {
  /** Px of it. */
  readonly count: number;
  /** Index of the px at X = 0. */
  readonly origin: number;
}

/** Copies of the edge that halving looks at: 11 px before the first px of the picture, 8 behind the last. */
export const HALVING_EDGE = 12;
/** Halved rows that those who halve them in turn look at: a power of 2, 7 at most. */
export const HALVED_ROWS = 8;
/** Px of a level before X = 0: filters reach 3 px, so px -3 sees the edge alone; -4 because doubling begins at an even px. */
const BEFORE = 4;

/** The axis of the picture itself and of every level above it. */
export function axesOf(size: number, levels: number): readonly Axis[] {
  const axes: Axis[] = [{ count: size, origin: 0 }];
  let last = size - 1; // from the last px on there are copies of the edge
  for (let level = 1; level <= levels; level++) {
    last = Math.ceil((last + 4) / 2);
    axes.push({ count: last + 1 + BEFORE, origin: BEFORE });
  }
  return axes;
}
