/**
 * The "jpeg_enc" module: a JFIF file from rows of samples or pixels. How a picture goes through it:
 *
 *   open; of a progressive file keepRow for each row of MCUs; for each of scanCount() scans: beginScan, scanRow for each row,
 *   makeTables; where that gives 1 once more scanRow for each; emitTokens until it gives 0; endScan. Then close, and `output`
 *   has outputBytes() bytes.
 *
 * Before keepRow, and before scanRow of a sequential file, the source rows from sourceStart to sourceEnd are put to sourceOf of
 * each component (of packed pixels: of component 0). What gives a bool gives false where memory cannot grow.
 */
import { beginBlocks, BLOCK_TOKENS, tokenizeRow } from "./blocks";
import { openCoefficients, storeRow } from "./coefficients";
import { beginBits, emit, endBits } from "./emit";
import { chroma, columns, components, height, makePlanes, openFrame, rows, width } from "./frame";
import { putEnd, putFrame, putScan } from "./headers";
import { makeCodes } from "./huffman";
import { openOutput } from "./output";
import { beginProgressive, BLOCK_TOKENS as SCAN_BLOCK_TOKENS, tokenizeScanRow } from "./progressive";
import { first, from, high, last, low, scansOf, setScan, setSequential, to } from "./script";
import { setQuality } from "./tables";
import { beginTokens, firstToken, isOverflown, makeRoom, nextToken, openTokens, setNextToken } from "./tokens";

export { mark, reserve, reset } from "../memory";
export { sourceEnd, sourceOf, sourceStart } from "./frame";
export { output, outputBytes } from "./output";

/** A scan above this is gone through twice: about 16 million coefficients, what 30 to 60 MP of a photo have. */
const MOST_TOKEN_BYTES: u32 = 1 << 26;
/** The same of a progressive file, which keeps all coefficients besides: what a scan of 8 to 20 MP of a photo has. */
const SCAN_TOKEN_BYTES: u32 = 1 << 23;
/** Tokens written by a call. */
const EMIT_BYTES: usize = 1 << 20;

let progressive: bool = false;
/** Rows of MCUs that a run of blocks does not reach beyond, so that their tokens can be written or thrown away. */
let bandRows: i32 = 1;
/** The scan's second turn: tokens are written band by band. */
let direct: bool = false;
let emitted: usize = 0;
let isOpen: bool = false;

/** kind: frame.ts; output: 2 for 4:2:0, 1 for 4:4:4; sx, sy: subsampling of the source's chroma, 1, 2 or 4. */
export function open(w: i32, h: i32, kind: i32, output: i32, sx: i32, sy: i32, quality: i32, scans: bool): bool {
  setQuality(quality);
  isOpen = false;
  progressive = scans;
  if (!openFrame(w, h, kind, output, sx, sy)) return false;
  const rowBytes = rowTokenBytes();
  bandRows = progressive ? min(rows, max(1, <i32>(SCAN_TOKEN_BYTES / rowBytes))) : 1;
  const bandBytes = <u32>bandRows * rowBytes;
  return progressive ? openCoefficients() && openTokens(bandBytes, 0) : openTokens(bandBytes, MOST_TOKEN_BYTES);
}

/** Most that a row of MCUs takes. */
function rowTokenBytes(): u32 {
  const blocks = <u32>columns * (components == 1 ? 1 : chroma * chroma + 2);
  return blocks * (progressive ? SCAN_BLOCK_TOKENS : BLOCK_TOKENS) * 4;
}

/** Rows of MCUs. */
export function rowCount(): i32 {
  return rows;
}

export function scanCount(): i32 {
  return progressive ? scansOf(components) : 1;
}

/** Keeps the levels of a row for the scans of a progressive file. */
export function keepRow(row: i32): void {
  makePlanes(row);
  storeRow(row);
}

export function beginScan(index: i32): void {
  direct = false;
  if (progressive) setScan(components, index);
  else setSequential(components);
  beginTurn();
}

function beginTurn(): void {
  beginTokens();
  beginBlocks();
  beginProgressive();
}

export function scanRow(row: i32): bool {
  if (!direct && row % bandRows == 0) makeRoom(<u32>bandRows * rowTokenBytes());
  const bandEnds = (row + 1) % bandRows == 0 || row == rows - 1;
  if (progressive) {
    tokenizeScanRow(row, bandEnds);
  } else {
    makePlanes(row);
    tokenizeRow(row);
  }
  if (!direct || !bandEnds) return true;
  const done = emit(firstToken(), nextToken());
  setNextToken(firstToken());
  return done;
}

/** Makes the scan's tables and writes its header: 1 where it has to be gone through once more, 0 where not, -1 without memory. */
export function makeTables(): i32 {
  makeCodes();
  if (!isOpen) {
    if (!openOutput() || !putFrame(width, height, components, chroma, progressive)) return -1;
    isOpen = true;
  }
  if (!putScan(first, last, from, to, high, low)) return -1;
  beginBits();
  emitted = firstToken();
  direct = isOverflown();
  if (!direct) return 0;
  beginTurn();
  return 1;
}

/** 1 while there are more, 0 at the end, -1 without memory. */
export function emitTokens(): i32 {
  const end = min(emitted + EMIT_BYTES, nextToken());
  if (!emit(emitted, end)) return -1;
  emitted = end;
  return end < nextToken() ? 1 : 0;
}

export function endScan(): bool {
  return endBits();
}

export function close(): bool {
  return putEnd();
}
