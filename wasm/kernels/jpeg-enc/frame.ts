/*
 * The picture that is being encoded: its size, where a row of MCUs of the source is put, and the sample planes made of it,
 * which reach to whole MCUs. Planes that need no work are the source's rows themselves.
 */
import { reserve } from "../memory";
import { fitPlane, repeatRows } from "./chroma";
import { convertRow, convertRows } from "./color";

/** What a source row is made of. */
export const GRAY: i32 = 0;
export const PLANES: i32 = 1;
export const RGBA: i32 = 2;

export let width: i32 = 0;
export let height: i32 = 0;
export let components: i32 = 0;
/** Samples of luma per sample of chroma along each axis: 1 or 2; also blocks of luma in an MCU. */
export let chroma: i32 = 1;
/** MCUs. */
export let columns: i32 = 0;
export let rows: i32 = 0;

let kind: i32 = GRAY;
/** Of the source's chroma, as raster.ts has them. */
let subsampleX: i32 = 1;
let subsampleY: i32 = 1;

/** u32 addresses for each component: the source's packed rows, and the samples. */
const sources: usize = memory.data(12, 4);
const planes: usize = memory.data(12, 4);

/** False without memory. */
export function openFrame(w: i32, h: i32, source: i32, output: i32, sx: i32, sy: i32): bool {
  width = w;
  height = h;
  kind = source;
  components = source == GRAY ? 1 : 3;
  chroma = source == GRAY ? 1 : output;
  subsampleX = sx;
  subsampleY = sy;
  columns = (w + 8 * chroma - 1) / (8 * chroma);
  rows = (h + 8 * chroma - 1) / (8 * chroma);
  for (let component = 0; component < components; component++) {
    if (!openPlane(component)) return false;
  }
  return true;
}

function openPlane(component: i32): bool {
  const stride = strideOf(component);
  const lines = linesOf(component);
  let plane: u32 = 0;
  let source: u32 = 0;
  if (kind == RGBA) {
    plane = reserve(stride * lines);
    source = component == 0 ? reserve(width * 4 * lines) : plane;
  } else {
    source = reserve(sourceWidth(component) * (max(linesOf(component), spanOf(component)) + 2));
    plane = isDirect(component) ? source : reserve(stride * lines);
  }
  store<u32>(sources + (component << 2), source);
  store<u32>(planes + (component << 2), plane);
  return plane != 0 && source != 0;
}

/** Where the source's rows are put: of a plane, or of packed pixels (component 0). */
export function sourceOf(component: i32): usize {
  return load<u32>(sources + (component << 2));
}

export function planeOf(component: i32): usize {
  return load<u32>(planes + (component << 2));
}

/** Samples from row to row of a plane. */
export function strideOf(component: i32): i32 {
  return columns * (component == 0 ? 8 * chroma : 8);
}

/** Rows of a plane in a row of MCUs. */
function linesOf(component: i32): i32 {
  return component == 0 ? 8 * chroma : 8;
}

function sourceWidth(component: i32): i32 {
  return component == 0 ? width : (width + subsampleX - 1) / subsampleX;
}

function sourceHeight(component: i32): i32 {
  return component == 0 ? height : (height + subsampleY - 1) / subsampleY;
}

/** Source rows whose place is a row of MCUs: 2 to 16. */
function spanOf(component: i32): i32 {
  return component == 0 ? 8 * chroma : (8 * chroma) / subsampleY;
}

/** Rows above and below that interpolation looks at. */
function reachOf(component: i32): i32 {
  return component != 0 && subsampleY > chroma ? 1 : 0;
}

/** First source row that row `row` of MCUs needs, of a plane or (component 0) of packed pixels. */
export function sourceStart(component: i32, row: i32): i32 {
  return max(0, row * spanOf(component) - reachOf(component));
}

/** The row after the last it needs. */
export function sourceEnd(component: i32, row: i32): i32 {
  return min(sourceHeight(component), (row + 1) * spanOf(component) + reachOf(component));
}

function isDirect(component: i32): bool {
  const same = component == 0 || (subsampleX == chroma && subsampleY == chroma);
  return same && sourceWidth(component) == strideOf(component);
}

/** Makes the planes of row `row` of MCUs; source rows sourceStart to sourceEnd - 1 have been put to sourceOf. */
export function makePlanes(row: i32): void {
  if (kind == RGBA) return convert(row);
  for (let component = 0; component < components; component++) {
    if (isDirect(component)) {
      const have = sourceEnd(component, row) - sourceStart(component, row);
      repeatRows(planeOf(component), strideOf(component), have, linesOf(component));
    } else {
      fit(component, row);
    }
  }
}

function fit(component: i32, row: i32): void {
  const y = row * linesOf(component);
  const have = linesFrom(component, y);
  fitPlane(
    sourceOf(component),
    sourceWidth(component),
    sourceStart(component, row),
    sourceEnd(component, row),
    planeOf(component),
    samplesOf(component, width),
    strideOf(component),
    y,
    have,
    component == 0 ? 0 : enlargement(subsampleX),
    component == 0 ? 0 : enlargement(subsampleY),
  );
  repeatRows(planeOf(component), strideOf(component), have, linesOf(component));
}

/** See chroma.ts; subsampling and `chroma` are powers of 2. */
function enlargement(subsample: i32): i32 {
  return ctz(subsample) - ctz(chroma);
}

/** Samples of a plane along a side of the picture. */
function samplesOf(component: i32, side: i32): i32 {
  return component == 0 ? side : (side + chroma - 1) / chroma;
}

/** Rows of the picture that a row of MCUs has of a plane, from row y. */
function linesFrom(component: i32, y: i32): i32 {
  return min(samplesOf(component, height) - y, linesOf(component));
}

/** Planes from packed pixels. */
function convert(row: i32): void {
  const stride = strideOf(0);
  const pixels = sourceOf(0);
  const have = sourceEnd(0, row) - sourceStart(0, row);
  const rowBytes = width * 4;
  for (let line = 0; line < have; line += chroma) {
    const upper = pixels + <usize>(line * rowBytes);
    const y = planeOf(0) + <usize>(line * stride);
    const b = planeOf(1) + <usize>((line / chroma) * strideOf(1));
    const r = planeOf(2) + <usize>((line / chroma) * strideOf(2));
    if (chroma == 1) convertRow(upper, width, stride, y, b, r);
    else convertRows(upper, line + 1 < have ? upper + rowBytes : upper, width, stride, y, y + stride, b, r);
  }
  for (let component = 0; component < 3; component++) {
    const lines = linesOf(component);
    repeatRows(planeOf(component), strideOf(component), linesFrom(component, row * lines), lines);
  }
}
