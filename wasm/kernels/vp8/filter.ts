/** The loop filter over a row of macroblocks, RFC 6386 section 15: each macroblock's edges down, then those across. */
import { filterInner, filterOuter, filterSimple } from "./edges";
import { chroma, INFO_BYTES, INNER_EDGES, infos, luma, MODE, mbWidth, SEGMENT, stride, SUBBLOCKS } from "./layout";
import { LIMIT, NO_FILTER, OUTER_EXTRA, SIMPLE, strengthOf } from "./strengths";
import { fourFromColumns, fourToColumns, transpose16, transpose8 } from "./transpose";

/** 4 columns of the macroblock to the left, then up to 16 of one. */
const COLUMNS: usize = memory.data(20 * 16, 16);
const OWN: usize = COLUMNS + 4 * 16;

export function filterRow(hasAbove: bool): void {
  for (let x: u32 = 0; x < mbWidth; x++) {
    const info = infos + x * INFO_BYTES;
    const strength = strengthOf(load<u8>(info + SEGMENT), <i32>load<u8>(info + MODE) == SUBBLOCKS);
    const kind = load<i32>(strength);
    if (kind == NO_FILTER) continue;
    const inner = load<u8>(info + INNER_EDGES) != 0;
    const at = luma + (x << 4);
    if (kind == SIMPLE) {
      if (x > 0 || inner) simpleDown(at, x > 0, inner, load<i32>(strength, LIMIT));
      simpleAcross(at, hasAbove, inner, load<i32>(strength, LIMIT));
    } else {
      if (x > 0 || inner) {
        lumaDown(at, x > 0, inner, strength);
        chromaDown(chroma + (x << 4), x > 0, inner, strength);
      }
      across(at, chroma + (x << 4), hasAbove, inner, strength);
    }
  }
}

function simpleDown(at: usize, outer: bool, inner: bool, limit: i32): void {
  if (outer) fourToColumns(at - 4, at - 4 + 8 * stride, stride, COLUMNS);
  transpose16(at, stride, OWN, 16);
  if (outer) filterSimple(OWN, 16, limit + OUTER_EXTRA);
  if (inner) {
    for (let edge: usize = 64; edge < 256; edge += 64) filterSimple(OWN + edge, 16, limit);
  }
  transpose16(OWN, 16, at, stride);
  if (outer) fourFromColumns(COLUMNS, at - 4, at - 4 + 8 * stride, stride);
}
function simpleAcross(at: usize, outer: bool, inner: bool, limit: i32): void {
  if (outer) filterSimple(at, stride, limit + OUTER_EXTRA);
  if (!inner) return;
  for (let row: u32 = 4; row < 16; row += 4) filterSimple(at + row * stride, stride, limit);
}

function lumaDown(at: usize, outer: bool, inner: bool, strength: usize): void {
  const lower = at + 8 * stride;
  if (outer) fourToColumns(at - 4, lower - 4, stride, COLUMNS);
  if (inner) transpose16(at, stride, OWN, 16);
  else fourToColumns(at, lower, stride, OWN);
  if (outer) {
    filterOuter(OWN, 16, strength);
    fourFromColumns(COLUMNS, at - 4, lower - 4, stride);
  }
  if (inner) {
    filterInner(OWN + 64, 16, strength);
    filterInner(OWN + 128, 16, strength);
    filterInner(OWN + 192, 16, strength);
    transpose16(OWN, 16, at, stride);
  } else fourFromColumns(OWN, at, lower, stride);
}

/** U and V at once: the column of one above that of the other. */
function chromaDown(at: usize, outer: bool, inner: bool, strength: usize): void {
  if (outer) fourToColumns(at - 12, at - 4, stride, COLUMNS);
  if (inner) transpose8(at, stride, OWN, 16);
  else fourToColumns(at, at + 8, stride, OWN);
  if (outer) {
    filterOuter(OWN, 16, strength);
    fourFromColumns(COLUMNS, at - 12, at - 4, stride);
  }
  if (inner) {
    filterInner(OWN + 64, 16, strength);
    transpose8(OWN, 16, at, stride);
  } else fourFromColumns(OWN, at, at + 8, stride);
}

function across(at: usize, atChroma: usize, outer: bool, inner: bool, strength: usize): void {
  if (outer) {
    filterOuter(at, stride, strength);
    filterOuter(atChroma, stride, strength);
  }
  if (!inner) return;
  filterInner(at + 4 * stride, stride, strength);
  filterInner(at + 8 * stride, stride, strength);
  filterInner(at + 12 * stride, stride, strength);
  filterInner(atChroma + 4 * stride, stride, strength);
}
