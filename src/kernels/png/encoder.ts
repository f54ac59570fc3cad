import type { Size } from "../../core/geometry.ts";
import type { Effort } from "../../core/plan.ts";
import { allocate, type GrayRaster, type RgbaRaster } from "../../core/raster.ts";
import { reserveBytes } from "../memory.ts";
import { GRAY, GRAY_ALPHA, PALETTE, RGB } from "./chunks.ts";
import type { PngEncoderExports } from "./exports.ts";
import { channelsOf, type PngForm, pngForms, rowBytesOf, type Source } from "./form.ts";

/** Bytes of source rows in wasm memory at a time. */
const BAND_BYTES = 64 * 1024;
/** The module's own tables and those that are reserved for the deflater, and what rounding up to pages may add. */
const MODULE_BYTES = 768 * 1024;
/** Growth of what cannot be compressed: headers of blocks and frames of chunks. */
const INCOMPRESSIBLE = 1.002;
/** Zeros before a row, for the pixel left of its first; and what kernels read and write behind one (wasm/kernels/png/filter.ts). */
const MARGIN = 16;
const SLACK = 64;
/** Most that the deflater keeps: a block and what a match may still need (wasm/kernels/png/deflate.ts). */
const KEPT_BYTES = 256 * 1024 + 4096;
/** A chunk is made of about so many bytes. */
const CHUNK_BYTES = 64 * 1024;
/** Thorough search gains up to a quarter over quick search, but not much more on one way than on another. */
const NEAR = 1.15;
/** Parts of a picture that are tried: four of 64 KiB. */
const SAMPLES = 4;
/** Length and type before a chunk's data. */
const CHUNK_HEAD = 8;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** See PngKernels. */
export function encodePng(
  wasm: PngEncoderExports,
  raster: RgbaRaster | GrayRaster,
  effort: Effort,
  pause: () => void,
): Uint8Array {
  const job = createJob(wasm, raster, pause);
  const ways = pngForms(wasm, job.source).flatMap(waysOf);
  return effort === "fast" ? encodeFast(job, ways) : smallestOf(job, ways);
}

/** Upper bound of what encoding holds besides the raster: wasm memory, chunks and files. */
export function pngEncodeBytes({ width, height }: Size, alpha: boolean, effort: Effort): number {
  const row = width * 4;
  const wasm = MODULE_BYTES + 3 * (row + MARGIN + 2 * SLACK) + BAND_BYTES + 2 * bufferBytes(row, Math.max(BAND_BYTES, row));
  const file = height * (width * (alpha ? 4 : 3) + 1) * INCOMPRESSIBLE;
  return wasm + 2 * file + (effort === "small" ? file : 2 * SAMPLES * BAND_BYTES);
}

interface Job {
  readonly wasm: PngEncoderExports;
  readonly source: Source;
  readonly pause: () => void;
  readonly tables: number;
  readonly line: number;
  readonly buffer: number;
  readonly bufferEnd: number;
  readonly output: number;
}

function createJob(wasm: PngEncoderExports, raster: RgbaRaster | GrayRaster, pause: () => void): Job {
  const { data, width } = raster;
  const step = raster.layout === "rgba8" ? 4 : 1;
  const rowBytes = width * step;
  const bandRows = Math.max(1, Math.floor(BAND_BYTES / rowBytes));
  const rows = reserveBytes(wasm, bandRows * rowBytes + SLACK);
  const tables = reserveBytes(wasm, wasm.deflateBytes());
  const line = reserveBytes(wasm, 2 * (MARGIN + rowBytes + SLACK));
  const room = bufferBytes(rowBytes, bandRows * rowBytes);
  const buffer = reserveBytes(wasm, room);
  const output = reserveBytes(wasm, room + CHUNK_HEAD + CHUNK_BYTES + SLACK) + CHUNK_HEAD;
  const memory = new Uint8Array(wasm.memory.buffer); // after the last reservation: growing detaches views
  const load = (y: number, count: number) => {
    memory.set(data.subarray(y * rowBytes, (y + count) * rowBytes), rows);
    return rows;
  };
  const source = { width, height: raster.height, step, alpha: raster.alpha, bandRows, load };
  return { wasm, source, pause, tables, line, buffer, bufferEnd: buffer + room, output };
}

/** Filtered rows of a band take a byte more each than the rows. */
function bufferBytes(rowBytes: number, bandBytes: number): number {
  return KEPT_BYTES + bandBytes + Math.ceil(bandBytes / rowBytes) + SLACK;
}

/** A form, whether its rows are filtered, and how hard repetitions are looked for where it must be quick. */
interface Way {
  readonly form: PngForm;
  readonly filtered: boolean;
  readonly search: Search;
}
/** What deflateStart calls effort. */
type Search = 0 | 1 | 2;
const QUICK = 0;
const OF_DRAWINGS = 1;
const THOROUGH = 2;

/** Indices of a palette say nothing about colors, so differences between them do not either. PNG 3rd edition section 12.7. */
function waysOf(form: PngForm): readonly Way[] {
  if (form.colorType === PALETTE) return [{ form, filtered: false, search: QUICK }];
  return [
    { form, filtered: true, search: QUICK },
    { form, filtered: false, search: OF_DRAWINGS },
  ];
}

/**
 * Filters suit photographs; drawings and text often take less without. Where so many pixels repeat the one before that it
 * may be one, both are tried: on a small picture, else on parts of it.
 */
function encodeFast(job: Job, [first, second]: readonly Way[]): Uint8Array {
  const way = first as Way;
  if (second === undefined || !way.filtered || !mayBeDrawing(job)) return encodeAs(job, way, way.search);
  const sample = sampleOf(job.source);
  const trial = { ...job, source: sample };
  const [a, b] = [encodeAs(trial, way, way.search), encodeAs(trial, second, second.search)];
  if (sample === job.source) return b.length < a.length ? b : a;
  const better = b.length < a.length ? second : way;
  return encodeAs(job, better, better.search);
}

/** Half of the pixels that were looked at repeat: of photographs at most a quarter do, of screenshots a third, of text more. */
function mayBeDrawing({ wasm, source }: Job): boolean {
  const { width, height, bandRows, step, load } = sampleOf(source);
  const rows = Math.min(bandRows, height);
  let [repeats, pixels] = [0, 0];
  for (let y = 0; y + rows <= height; y += rows) {
    repeats += wasm.countRepeats(load(y, rows), rows * width, step);
    pixels += rows * width;
  }
  return 2 * repeats >= pixels;
}

/** Bands from all over a large picture, as if they were one; a small one is its own sample. */
function sampleOf(source: Source): Source {
  const { height, bandRows, load } = source;
  if (height <= 2 * SAMPLES * bandRows) return source;
  const apart = Math.floor((height - bandRows) / (SAMPLES - 1));
  return { ...source, height: SAMPLES * bandRows, load: (y, rows) => load((y / bandRows) * apart, rows) };
}

/** Tries all ways quickly, then those thoroughly that may still be the smallest. */
function smallestOf(job: Job, ways: readonly Way[]): Uint8Array {
  let best: Uint8Array | undefined;
  const lengths = ways.map((way) => {
    const file = encodeAs(job, way, way.search);
    if (best === undefined || file.length < best.length) best = file;
    return file.length;
  });
  const near = ways.filter((_, i) => lengths[i]! <= Math.min(...lengths) * NEAR);
  return near.reduce(
    (smallest, way) => {
      const file = encodeAs(job, way, THOROUGH);
      return file.length < smallest.length ? file : smallest;
    },
    best as unknown as Uint8Array,
  );
}

function encodeAs(job: Job, { form, filtered }: Way, search: Search): Uint8Array {
  const { wasm, source, pause, line, buffer, bufferEnd } = job;
  const { width, height } = source;
  const rowBytes = rowBytesOf(form, width);
  const lineBytes = MARGIN + width * source.step + SLACK;
  const memory = new Uint8Array(wasm.memory.buffer);
  const chunks = createChunks(job, memory);
  const pack = packer(job, form, memory);
  memory.fill(0, line, line + 2 * lineBytes);
  chunks.head(form, source);
  wasm.deflateStart(job.tables, buffer, job.output, search);
  let row = line + MARGIN;
  let above = row + lineBytes;
  for (let y = 0; y < height; y += source.bandRows) {
    const rows = Math.min(source.bandRows, height - y);
    makeRoom(job, memory, rows * (rowBytes + 1), bufferEnd);
    const start = wasm.deflateEnd();
    const from = source.load(y, rows);
    for (let i = 0, to = start; i < rows; i++, to += rowBytes + 1) {
      pack(row, from + i * width * source.step);
      if (filtered) wasm.filterRow(to, row, above, rowBytes, channelsOf(form));
      else wasm.filterNone(to, row, rowBytes);
      [row, above] = [above, row];
    }
    const last = y + rows === height;
    wasm.deflateRun(rows * (rowBytes + 1), last ? 1 : 0);
    chunks.data(last);
    pause();
  }
  return chunks.end();
}

/** Moves what the deflater still needs to the front where so many bytes do not fit behind it. */
function makeRoom({ wasm, buffer }: Job, memory: Uint8Array, bytes: number, bufferEnd: number): void {
  const end = wasm.deflateEnd();
  if (end + bytes + SLACK <= bufferEnd) return;
  const needed = wasm.deflateNeeded();
  memory.copyWithin(buffer, needed, end);
  wasm.deflateMoved(needed - buffer);
}

/** Makes a row of the form from one of the source. */
function packer({ wasm, source }: Job, form: PngForm, memory: Uint8Array): (to: number, from: number) => void {
  const { step, width } = source;
  const { colorType, bitDepth } = form;
  if (colorType === PALETTE) return (to, from) => wasm.packIndices(to, from, width, step, bitDepth);
  if (colorType === RGB) return (to, from) => wasm.packRgb(to, from, width);
  if (colorType === GRAY_ALPHA) return (to, from) => wasm.packGrayAlpha(to, from, width);
  if (colorType === GRAY && step === 4) return (to, from) => wasm.packGray(to, from, width);
  return (to, from) => memory.copyWithin(to, from, from + width * step);
}

/** Writes chunks: PNG 3rd edition section 5.3. */
function createChunks({ wasm, output }: Job, memory: Uint8Array) {
  const parts: Uint8Array[] = [Uint8Array.from(SIGNATURE)];
  const view = new DataView(memory.buffer);
  /** Data lies at `output` already. */
  const close = (type: string, length: number) => {
    view.setUint32(output - CHUNK_HEAD, length);
    for (let i = 0; i < 4; i++) memory[output - 4 + i] = type.charCodeAt(i);
    view.setUint32(output + length, wasm.crc32(0, output - 4, length + 4));
    parts.push(memory.slice(output - CHUNK_HEAD, output + length + 4));
  };
  const chunk = (type: string, data: Uint8Array) => {
    memory.set(data, output);
    close(type, data.length);
  };
  return {
    head({ colorType, bitDepth, palette, transparency }: PngForm, { width, height }: Size) {
      const header = new Uint8Array(13);
      new DataView(header.buffer).setUint32(0, width);
      new DataView(header.buffer).setUint32(4, height);
      header.set([bitDepth, colorType], 8);
      chunk("IHDR", header);
      if (palette !== undefined) chunk("PLTE", palette);
      if (transparency !== undefined) chunk("tRNS", transparency);
    },
    /** Takes what the deflater has written, once that is much or all. */
    data(last: boolean) {
      const length = wasm.deflateOut() - output;
      if (length < CHUNK_BYTES && !last) return;
      close("IDAT", length);
      wasm.deflateTaken(output);
    },
    end(): Uint8Array {
      chunk("IEND", new Uint8Array(0));
      const file = allocate(parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of parts) {
        file.set(part, at);
        at += part.length;
      }
      return file;
    },
  };
}
