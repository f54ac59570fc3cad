import type { Size } from "../../core/geometry.ts";
import { allocate } from "../../core/raster.ts";
import type { RowShape } from "../../core/rows.ts";
import type { PlaneWriter } from "../jpeg/decoder.ts";
import { reserveBytes } from "../memory.ts";
import { corrupt, type PngHeaders, readPng } from "./chunks.ts";
import type { PngDecoderExports } from "./exports.ts";
import { type Inflated, inflateBytes, inflatePng } from "./inflate.ts";
import { type PngFormat, pngFormat } from "./samples.ts";

/** Bytes of rows at a time, on either side of the kernels. */
const BAND_BYTES = 64 * 1024;
/** The module's own tables, and what rounding up to pages may add. */
const MODULE_BYTES = 256 * 1024;
/** Bytes that kernels may read and write behind rows (wasm/kernels/png/unfilter.ts, expand.ts), with some to spare. */
const SLACK = 64;
/** PNG 3rd edition section 8.2: column and row of the first pixel of a pass, and from one to the next. */
const PASSES: readonly (readonly [x: number, y: number, stepX: number, stepY: number])[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

/** See PngKernels. */
export function decodePng(
  wasm: PngDecoderExports,
  bytes: Uint8Array,
  alpha: boolean,
  begin: (shape: RowShape) => PlaneWriter,
  pause: () => void,
): void {
  const { headers, data } = readPng(bytes);
  const format = pngFormat(wasm, headers, alpha);
  const inflated = inflatePng(wasm, data, rowBytesOf(format, headers.width) + 1);
  const bands = createBands(wasm, headers, format);
  const work = { inflated, bands, format, pause };
  inflated.start();
  const writer = begin(shapeOf(headers, format, alpha));
  if (headers.interlaced) decodePasses(headers, work, writer);
  else decodeRows(headers, work, writer);
  inflated.finish();
  data.finish();
}

/** Upper bound of wasm memory that decoding rows of that many px takes, the module's own included. */
export function pngDecodeBytes({ width, bitDepth }: { readonly width: number; readonly bitDepth: number }): number {
  const rowBytes = width * (bitDepth === 16 ? 8 : 4);
  return MODULE_BYTES + inflateBytes(rowBytes + 1) + 2 * room(rowBytes) + width;
}

interface Work {
  readonly inflated: Inflated;
  readonly bands: Bands;
  readonly format: PngFormat;
  readonly pause: () => void;
}

function rowBytesOf({ bits }: PngFormat, width: number): number {
  return Math.ceil((width * bits) / 8);
}

function outputBytesOf({ gray }: PngFormat, width: number): number {
  return gray ? width : width * 4;
}

function shapeOf({ width, height }: PngHeaders, { gray }: PngFormat, alpha: boolean): RowShape {
  const span = { of: 1, by: 1 };
  return {
    kind: gray ? "gray" : "rgba",
    alpha,
    covers: { x: 0, y: 0, width, height },
    planes: [{ width, height, spanX: span, spanY: span }],
  };
}

function decodeRows({ width, height }: PngHeaders, work: Work, writer: PlaneWriter): void {
  work.bands.begin(width);
  for (let y = 0; y < height; ) {
    const rows = work.bands.next(work.inflated, height - y);
    writer.write(0, work.bands.result());
    y += rows;
    work.pause();
  }
}

/** Reads all passes into one picture, as the last of them completes every second row. */
function decodePasses({ width, height }: PngHeaders, work: Work, writer: PlaneWriter): void {
  const bytes = work.format.gray ? 1 : 4;
  const picture = allocate(width * height * bytes);
  for (const [x, y, stepX, stepY] of PASSES) {
    const pass = { width: Math.ceil((width - x) / stepX), height: Math.ceil((height - y) / stepY) };
    if (pass.width <= 0 || pass.height <= 0) continue;
    work.bands.begin(pass.width);
    for (let row = 0; row < pass.height; ) {
      const rows = work.bands.next(work.inflated, pass.height - row);
      const target = { picture, bytes, start: (y + row * stepY) * width + x, stepX, stride: stepY * width };
      scatter(work.bands.result(), target, { width: pass.width, height: rows });
      row += rows;
      work.pause();
    }
  }
  const bandBytes = Math.max(1, Math.floor(BAND_BYTES / (width * bytes))) * width * bytes;
  for (let at = 0; at < picture.length; at += bandBytes) {
    writer.write(0, picture.subarray(at, at + bandBytes));
    work.pause();
  }
}

/** Places of pixels, all in px but `bytes` a pixel. */
interface Target {
  readonly picture: Uint8Array;
  readonly bytes: number;
  readonly start: number;
  readonly stepX: number;
  readonly stride: number;
}

function scatter(band: Uint8Array, { picture, bytes, start, stepX, stride }: Target, { width, height }: Size): void {
  const wide = bytes === 4;
  const from = wide ? new Uint32Array(band.buffer, band.byteOffset, band.length / 4) : band;
  const to = wide ? new Uint32Array(picture.buffer, picture.byteOffset, picture.length / 4) : picture;
  for (let y = 0, next = 0; y < height; y++) {
    for (let x = 0, at = start + y * stride; x < width; x++, at += stepX) to[at] = from[next++]!;
  }
}

/** Rows on their way from filtered bytes to a result. */
interface Bands {
  /** Rows of that many px begin: those of a picture or of a pass. */
  begin(width: number): void;
  /** Makes at least one row and at most `limit`; gives their number. */
  next(inflated: Inflated, limit: number): number;
  /** The rows that were made, until the next are. */
  result(): Uint8Array;
}

/** Before a band lies the row above it, unfiltered. Views on wasm memory are made in `begin`: nothing may be reserved after it. */
function createBands(wasm: PngDecoderExports, headers: PngHeaders, format: PngFormat): Bands {
  const longest = { raw: rowBytesOf(format, headers.width), output: outputBytesOf(format, headers.width) };
  const output = reserveBytes(wasm, room(longest.output));
  const raw = format.direct ? output : reserveBytes(wasm, room(longest.raw));
  let width = 0;
  let rowBytes = 0;
  let outputBytes = 0;
  let most = 0;
  let filled = 0;
  let memory: Uint8Array;

  /** Where unfiltered rows begin, behind the one above them. */
  const rawRows = () => raw + (format.direct ? outputBytes : rowBytes);
  /** Where rows of the result begin; 16-byte addresses make it readable as pixels. */
  const outputRows = () => output + (format.direct ? outputBytes : 0);

  function undo(src: number, rows: number): void {
    const rgb = format.direct && format.step === 3;
    const done = rgb
      ? wasm.unfilterRgb(rawRows(), src, width, rows)
      : wasm.unfilter(rawRows(), src, rowBytes, rows, format.step);
    if (done === 0) throw corrupt("a PNG with a filter that does not exist");
  }

  return {
    begin(pixels) {
      memory = new Uint8Array(wasm.memory.buffer);
      width = pixels;
      rowBytes = rowBytesOf(format, width);
      outputBytes = outputBytesOf(format, width);
      most = Math.max(1, Math.floor(BAND_BYTES / Math.max(rowBytes, outputBytes)));
      memory.fill(0, raw, rawRows());
      filled = 0;
    },
    next(inflated, limit) {
      const before = rawRows();
      const stride = format.direct ? outputBytes : rowBytes;
      const above = before + (filled - 1) * stride; // the last row of the band before
      if (filled > 0) memory.copyWithin(raw, above, above + stride);
      const rows = Math.min(inflated.rows(rowBytes + 1), most, limit);
      undo(inflated.at(), rows);
      inflated.drop(rows * (rowBytes + 1));
      format.finish(outputRows(), before, width, rowBytes, rows);
      filled = rows;
      return rows;
    },
    result: () => memory.subarray(outputRows(), outputRows() + filled * outputBytes),
  };
}

/** Of a band, the row above it and what is written behind it. */
function room(rowBytes: number): number {
  return Math.max(BAND_BYTES, rowBytes) + rowBytes + SLACK;
}
