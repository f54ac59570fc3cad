/** A row of macroblocks: coefficients, prediction and residue, not yet filtered. */
import { overrun, READER_BYTES } from "./bool";
import { lastPartition } from "./header";
import {
  CHROMA_MODE,
  chroma,
  chromaAbove,
  EMPTY,
  FACTOR_BYTES,
  FACTORS,
  FILLED_BYTES,
  filledAbove,
  INFO_BYTES,
  INNER_EDGES,
  infos,
  KINDS,
  luma,
  lumaAbove,
  MARGIN,
  MODE,
  mbWidth,
  SEGMENT,
  SKIPPED,
  SUBBLOCKS,
  SUBMODES,
  stride,
  TOKEN_READERS,
} from "./layout";
import { predictChroma, predictLuma } from "./predict";
import { predictSubblock } from "./subblocks";
import { readCoefficients } from "./tokens";
import { addBlock, spreadSecond } from "./transform";

const filledLeft: usize = memory.data(16, 16);
/** Which of the notes is that of Y2. */
const SECOND_NOTE: usize = 8;

/** False where the row's partition ends too early. */
export function reconstructRow(y: u32): bool {
  const reader = TOKEN_READERS + (y & lastPartition) * READER_BYTES;
  memory.fill(filledLeft, 0, 16);
  for (let x: u32 = 0; x < mbWidth; x++) {
    const info = infos + x * INFO_BYTES;
    const filled = readResidue(reader, info, filledAbove + x * FILLED_BYTES);
    if (overrun(reader)) return false;
    const subblocks = <i32>load<u8>(info + MODE) == SUBBLOCKS;
    store<u8>(info + INNER_EDGES, subblocks || filled ? 1 : 0);
    if (subblocks) bySubblocks(info, luma + (x << 4), lumaAbove + (x << 4), filled);
    else whole(<i32>load<u8>(info + MODE), luma + (x << 4), lumaAbove + (x << 4), x > 0, y > 0, filled);
    const at = chroma + (x << 4);
    predictChroma(load<u8>(info + CHROMA_MODE), at, stride, chromaAbove + (x << 4), x > 0, y > 0);
    if (filled) addChroma(at);
  }
  keepBottom();
  return true;
}

/** Reads what there is and says whether it is anything. */
function readResidue(reader: usize, info: usize, above: usize): bool {
  const second = <i32>load<u8>(info + MODE) != SUBBLOCKS;
  if (load<u8>(info + SKIPPED) != 0) {
    memory.fill(above, 0, SECOND_NOTE);
    memory.fill(filledLeft, 0, SECOND_NOTE);
    if (second) {
      store<u8>(above + SECOND_NOTE, 0);
      store<u8>(filledLeft + SECOND_NOTE, 0);
    }
    return false;
  }
  const factors = FACTORS + <usize>load<u8>(info + SEGMENT) * FACTOR_BYTES;
  const end = readCoefficients(reader, factors, above, filledLeft, second);
  if (second) spreadSecond(end);
  return (load<u64>(KINDS) | load<u64>(KINDS, 8) | load<u64>(KINDS, 16)) != EMPTY;
}

function whole(mode: i32, at: usize, above: usize, hasLeft: bool, hasAbove: bool, filled: bool): void {
  predictLuma(mode, at, stride, above, hasLeft, hasAbove);
  if (!filled) return;
  for (let block: u32 = 0; block < 16; block++) {
    addBlock(block, at + (block >> 2) * 4 * stride + ((block & 3) << 2), stride);
  }
}

/** What lies to the right above is for all four subblocks at the right the row above the macroblock. */
function bySubblocks(info: usize, at: usize, above: usize, filled: bool): void {
  const aboveRight = <u64>load<u32>(above, 16) << 32;
  for (let block: u32 = 0; block < 16; block++) {
    const column = (block & 3) << 2;
    const to = at + (block >> 2) * 4 * stride + column;
    const over = block < 4 ? above + column : to - stride;
    const row = column == 12 ? <u64>load<u32>(over) | aboveRight : load<u64>(over);
    predictSubblock(load<u8>(info + SUBMODES + block), to, stride, row, load<u8>(over - 1));
    if (filled) addBlock(block, to, stride);
  }
}

function addChroma(at: usize): void {
  for (let block: u32 = 0; block < 4; block++) {
    const to = at + (block >> 1) * 4 * stride + ((block & 1) << 2);
    addBlock(16 + block, to, stride);
    addBlock(20 + block, to + 8, stride);
  }
}

/** Keeps the row that the next one is predicted from. Right of the picture its last sample is repeated, left of it 129. */
function keepBottom(): void {
  const count = mbWidth << 4;
  memory.copy(lumaAbove, luma + 15 * stride, count);
  memory.copy(chromaAbove, chroma + 7 * stride, count);
  store<u32>(lumaAbove + count, <u32>load<u8>(lumaAbove + count - 1) * 0x01010101);
  memory.fill(lumaAbove - MARGIN, 129, MARGIN);
  memory.fill(chromaAbove - MARGIN, 129, MARGIN);
}
