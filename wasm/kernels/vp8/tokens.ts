/** Coefficients of a macroblock: RFC 6386 section 13. */
import { bigEndian, LOW_BITS, SCALED, SHIFTS } from "./bool";
import { POSITION_BYTES, TOKEN_PROBABILITIES, TYPE_BYTES } from "./header";
import { COEFFICIENTS, DC_ONLY, EMPTY, FULL, KINDS } from "./layout";

/** Bytes from a block's first coefficient to the one at each position. */
const ZIGZAG: usize = memory.data<u8>([0, 2, 8, 16, 10, 4, 6, 12, 18, 24, 26, 20, 14, 22, 28, 30]);
/** Where it is noted that blocks are filled, above and to the left: Y2, then Y, U and V. */
// biome-ignore format: a row of blocks per line
const NOTES: usize = memory.data<u8>([
  8, 8,
  0, 0, 1, 0, 2, 0, 3, 0,
  0, 1, 1, 1, 2, 1, 3, 1,
  0, 2, 1, 2, 2, 2, 3, 2,
  0, 3, 1, 3, 2, 3, 3, 3,
  4, 4, 5, 4, 4, 5, 5, 5,
  6, 6, 7, 6, 6, 7, 7, 7,
]);
/** Section 13.2: the tree of tokens from dct_cat 2 on; leaves are -1 to -9, and the first pair has probability 3. */
const LARGE_TREE: usize = memory.data<i8>([2, 6, -1, 4, -2, -3, 8, 10, -4, -5, 12, 14, -6, -7, -8, -9]);
/** Least magnitude of each leaf, and probabilities of the bits that are added to it, in rows of 12 that end with 0. */
const LEAST: usize = memory.data<u8>([0, 2, 3, 4, 5, 7, 11, 19, 35, 67]);
const FIRST_WITH_EXTRA: i32 = 4;
// biome-ignore format: a category per line
const EXTRA: usize = memory.data<u8>([
  159, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  165, 145, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  173, 148, 140, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  176, 155, 140, 135, 0, 0, 0, 0, 0, 0, 0, 0,
  180, 157, 141, 134, 130, 0, 0, 0, 0, 0, 0, 0,
  254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129, 0,
]);

/** Types of blocks in section 13.3. */
const WITHOUT_DC: u32 = 0;
const SECOND: u32 = 1;
const CHROMA: u32 = 2;
const WITH_DC: u32 = 3;

/**
 * Reads 24 blocks, and Y2 before them where there is one, into COEFFICIENTS, multiplied by `factors`, and their KINDS;
 * these know nothing of a DC that comes from Y2. `above` and `left` note which blocks are filled. Returns the position
 * behind the last coefficient of Y2.
 *
 * The reader is in locals and every decision written out: a call, or a reader in memory, takes longer than the decision.
 */
export function readCoefficients(reader: usize, factors: usize, above: usize, left: usize, second: bool): i32 {
  let value = load<u64>(reader);
  let next = <usize>load<u32>(reader, 8);
  let range = load<i32>(reader, 16);
  let bits = load<i32>(reader, 20);
  let shift = 0;
  let secondEnd = 0;
  for (let block: u32 = second ? 0 : 1; block < 25; block++) {
    const noteAbove = above + <usize>load<u8>(NOTES + (block << 1));
    const noteLeft = left + <usize>load<u8>(NOTES + (block << 1), 1);
    const isLuma = block <= 16;
    const type = block == 0 ? SECOND : isLuma ? (second ? WITHOUT_DC : WITH_DC) : CHROMA;
    const ofType = TOKEN_PROBABILITIES + type * TYPE_BYTES;
    const factorsAt = factors + (block == 0 ? 8 : isLuma ? 0 : 16);
    const output = COEFFICIENTS + (block == 0 ? 24 << 5 : (block - 1) << 5);
    const first: u32 = type == WITHOUT_DC ? 1 : 0;
    let position = first;
    let at = ofType + position * POSITION_BYTES + ((<u32>load<u8>(noteAbove) + <u32>load<u8>(noteLeft)) << 4);
    while (position < 16) {
      if (bits < LOW_BITS) {
        value |= bigEndian(next) >> bits;
        next += (63 - bits) >> 3;
        bits |= 56;
      }
      let split = (range * <i32>load<u8>(at)) >> 8;
      if (<i32>(value >> 56) <= split) {
        shift = load<u8>(SHIFTS + split);
        range = load<u8>(SCALED + split);
        value <<= shift;
        bits -= shift;
        break; // no more coefficients
      }
      value -= <u64>(split + 1) << 56;
      split = range - split - 1;
      range = load<u8>(SCALED + split);
      shift = load<u8>(SHIFTS + split);
      value <<= shift;
      bits -= shift;
      split = (range * <i32>load<u8>(at, 1)) >> 8;
      while (<i32>(value >> 56) <= split) {
        // A zero, behind which the end cannot come
        shift = load<u8>(SHIFTS + split);
        range = load<u8>(SCALED + split);
        value <<= shift;
        bits -= shift;
        if (++position == 16) break;
        at = ofType + position * POSITION_BYTES;
        if (bits < LOW_BITS) {
          value |= bigEndian(next) >> bits;
          next += (63 - bits) >> 3;
          bits |= 56;
        }
        split = (range * <i32>load<u8>(at, 1)) >> 8;
      }
      if (position == 16) break;
      value -= <u64>(split + 1) << 56;
      split = range - split - 1;
      range = load<u8>(SCALED + split);
      shift = load<u8>(SHIFTS + split);
      value <<= shift;
      bits -= shift;
      split = (range * <i32>load<u8>(at, 2)) >> 8;
      let magnitude = 1;
      const following = ofType + (position + 1) * POSITION_BYTES;
      if (<i32>(value >> 56) <= split) {
        shift = load<u8>(SHIFTS + split);
        range = load<u8>(SCALED + split);
        value <<= shift;
        bits -= shift;
        at = following + 16;
      } else {
        value -= <u64>(split + 1) << 56;
        split = range - split - 1;
        range = load<u8>(SCALED + split);
        shift = load<u8>(SHIFTS + split);
        value <<= shift;
        bits -= shift;
        let node = 0;
        do {
          if (bits < LOW_BITS) {
            value |= bigEndian(next) >> bits;
            next += (63 - bits) >> 3;
            bits |= 56;
          }
          split = (range * <i32>load<u8>(at + (node >> 1), 3)) >> 8;
          if (<i32>(value >> 56) <= split) {
            node = load<i8>(LARGE_TREE + node);
          } else {
            value -= <u64>(split + 1) << 56;
            split = range - split - 1;
            node = load<i8>(LARGE_TREE + node, 1);
          }
          range = load<u8>(SCALED + split);
          shift = load<u8>(SHIFTS + split);
          value <<= shift;
          bits -= shift;
        } while (node > 0);
        magnitude = load<u8>(LEAST - node);
        if (node <= -FIRST_WITH_EXTRA) {
          let extra = EXTRA + (-node - FIRST_WITH_EXTRA) * 12;
          let added = 0;
          for (let of256 = <i32>load<u8>(extra); of256 != 0; of256 = <i32>load<u8>(++extra)) {
            if (bits < LOW_BITS) {
              value |= bigEndian(next) >> bits;
              next += (63 - bits) >> 3;
              bits |= 56;
            }
            split = (range * of256) >> 8;
            const bit = <i32>(value >> 56) > split;
            value -= bit ? <u64>(split + 1) << 56 : 0;
            split = bit ? range - split - 1 : split;
            added = (added << 1) | <i32>bit;
            range = load<u8>(SCALED + split);
            shift = load<u8>(SHIFTS + split);
            value <<= shift;
            bits -= shift;
          }
          magnitude += added;
        }
        at = following + 32;
      }
      // The sign is as likely as not, so that a branch would be predicted wrong half the time. Either way it halves the range,
      // which is never whole here
      split = range >> 1;
      const negative = <i32>(value >> 56) > split;
      value = (value - (negative ? <u64>(split + 1) << 56 : 0)) << 1;
      range = (range - <i32>negative) | 1;
      shift = 1;
      bits--;
      const level = magnitude * load<i32>(factorsAt + (position > 0 ? 4 : 0));
      store<i16>(output + <usize>load<u8>(ZIGZAG + position), negative ? -level : level);
      position++;
    }
    const filled: u32 = position > first ? 1 : 0;
    store<u8>(noteAbove, filled);
    store<u8>(noteLeft, filled);
    if (block == 0) secondEnd = position;
    else store<u8>(KINDS + block - 1, position > 1 ? FULL : load<i16>(output) != 0 ? DC_ONLY : EMPTY);
  }
  store<u64>(reader, value);
  store<u32>(reader, <u32>next, 8);
  store<i32>(reader, range, 16);
  store<i32>(reader, bits, 20);
  store<i32>(reader, bits + shift, 24);
  return secondEnd;
}
