/** Modes of a row of macroblocks: RFC 6386 sections 10, 11 and 19.3, key frames. */
import { bigEndian, LOW_BITS, overrun, readBool, readTree, SCALED, SHIFTS } from "./bool";
import { mapsSegments, saysSkipped, SEGMENT_PROBABILITIES, skipProbability } from "./header";
import { CHROMA_MODE, INFO_BYTES, infos, mbWidth, MODE, MODE_READER, modesAbove, SEGMENT, SKIPPED, SUBBLOCKS, SUBMODES } from "./layout";
import { SUBMODE_PROBABILITIES } from "./tables";

const SEGMENT_TREE: usize = memory.data<i8>([2, 4, 0, -1, -2, -3]);
/** Leaves are the modes of layout.ts. */
const MODE_TREE: usize = memory.data<i8>([-4, 2, 4, 6, 0, -2, -3, -1]);
const MODE_PROBABILITIES: usize = memory.data<u8>([145, 156, 163, 128]);
const CHROMA_TREE: usize = memory.data<i8>([0, 2, -2, 4, -3, -1]);
const CHROMA_PROBABILITIES: usize = memory.data<u8>([142, 114, 183]);
/** Leaves: DC, TM, VE, HE, RD, VR, LD, VL, HD, HU are 0 to 9. */
const SUBMODE_TREE: usize = memory.data<i8>([0, 2, -1, 4, -2, 6, 8, 12, -3, 10, -4, -5, -6, 14, -7, 16, -8, -9]);

/** Modes of the subblocks to the left, u8. */
const modesLeft: usize = memory.data(4, 4);

/** False where the partition ends too early. */
export function readModes(): bool {
  store<u32>(modesLeft, 0); // what lies outside counts as DC
  for (let x: u32 = 0; x < mbWidth; x++) {
    const info = infos + x * INFO_BYTES;
    const above = modesAbove + (x << 2);
    store<u8>(info + SEGMENT, mapsSegments ? readTree(MODE_READER, SEGMENT_TREE, SEGMENT_PROBABILITIES) : 0);
    store<u8>(info + SKIPPED, saysSkipped ? readBool(MODE_READER, skipProbability) : 0);
    const mode = readTree(MODE_READER, MODE_TREE, MODE_PROBABILITIES);
    store<u8>(info + MODE, mode);
    if (mode == SUBBLOCKS) readSubmodes(info + SUBMODES, above);
    else {
      store<u32>(above, mode * 0x01010101);
      store<u32>(modesLeft, mode * 0x01010101);
    }
    store<u8>(info + CHROMA_MODE, readTree(MODE_READER, CHROMA_TREE, CHROMA_PROBABILITIES));
    if (overrun(MODE_READER)) return false;
  }
  return true;
}

/** readTree for each of 16 subblocks, with the reader's state in locals. */
function readSubmodes(submodes: usize, above: usize): void {
  let value = load<u64>(MODE_READER);
  let next = <usize>load<u32>(MODE_READER, 8);
  let range = load<i32>(MODE_READER, 16);
  let bits = load<i32>(MODE_READER, 20);
  let shift = 0;
  for (let i: usize = 0; i < 16; i++) {
    const left = modesLeft + (i >> 2);
    const probabilities = SUBMODE_PROBABILITIES + <usize>load<u8>(above + (i & 3)) * 90 + <usize>load<u8>(left) * 9;
    let node = 0;
    do {
      if (bits < LOW_BITS) {
        value |= bigEndian(next) >> bits;
        next += (63 - bits) >> 3;
        bits |= 56;
      }
      let split = (range * <i32>load<u8>(probabilities + (node >> 1))) >> 8;
      if (<i32>(value >> 56) > split) {
        value -= <u64>(split + 1) << 56;
        split = range - split - 1;
        node = load<i8>(SUBMODE_TREE + node, 1);
      } else node = load<i8>(SUBMODE_TREE + node);
      range = load<u8>(SCALED + split);
      shift = load<u8>(SHIFTS + split);
      value <<= shift;
      bits -= shift;
    } while (node > 0);
    store<u8>(submodes + i, -node);
    store<u8>(above + (i & 3), -node);
    store<u8>(left, -node);
  }
  store<u64>(MODE_READER, value);
  store<u32>(MODE_READER, <u32>next, 8);
  store<i32>(MODE_READER, range, 16);
  store<i32>(MODE_READER, bits, 20);
  store<i32>(MODE_READER, bits + shift, 24);
}
