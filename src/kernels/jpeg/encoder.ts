import { TransformError } from "../../core/errors.ts";
import type { CreateInstance } from "../../core/lease.ts";
import type { Raster } from "../../core/raster.ts";
import type { KernelMemory } from "../memory.ts";

export interface JpegEncoding {
  /** 1..100, of IJG's scale. */
  readonly quality: number;
  /** Chroma of half the width and height, or of full size. Of gray8 without effect. */
  readonly chroma: "420" | "444";
  readonly progressive: boolean;
}
export interface JpegEncoder {
  /** A whole JFIF file of a gray8, ycbcr8 or rgba8 raster, whose A is not read. */
  encode(raster: Raster, options: JpegEncoding, pause: () => void): Uint8Array;
}

/** What wasm/build/jpeg_enc.wasm exports; the order of calls is in wasm/kernels/jpeg-enc/index.ts. Booleans are 0 or 1. */
interface EncoderExports extends KernelMemory {
  open(
    width: number,
    height: number,
    kind: number,
    chroma: number,
    sx: number,
    sy: number,
    quality: number,
    scans: number,
  ): number;
  rowCount(): number;
  sourceOf(component: number): number;
  sourceStart(component: number, row: number): number;
  sourceEnd(component: number, row: number): number;
  keepRow(row: number): void;
  scanCount(): number;
  beginScan(scan: number): void;
  scanRow(row: number): number;
  makeTables(): number;
  emitTokens(): number;
  endScan(): number;
  close(): number;
  output(): number;
  outputBytes(): number;
}

/** Samples and rows of a source that go through the kernel side by side. */
interface SourcePlane {
  readonly data: Uint8Array;
  readonly rowBytes: number;
}

/** Of a coefficient block, as the kernels reserve them: tokens, at most, and levels kept for progressive scans. */
const TOKEN_BYTES = { sequential: 65 * 4, progressive: 140 * 4, most: 1 << 26, mostProgressive: 1 << 23 } as const;
const LEVEL_BYTES = 136;
/**
 * Of a block in the file at quality 100: planes of 0 and 255 by chance, of which no coefficient can be foretold and which have
 * the most energy there is, take 75. A photo has 2 to 30.
 */
const FILE_BYTES = 96;
/** Steps of buffers, markers and the module's own tables. */
const FIXED_BYTES = 1 << 20;

/** Bytes of wasm memory and of the result that a picture takes at most, whatever its layout and quality. */
export function jpegEncodeBytes(width: number, height: number, chroma: "420" | "444", progressive: boolean): number {
  const side = chroma === "420" ? 16 : 8;
  const columns = Math.ceil(width / side);
  const rows = Math.ceil(height / side);
  const rowBlocks = columns * (chroma === "420" ? 6 : 3);
  const blocks = rowBlocks * rows;
  const ofBlock = progressive ? TOKEN_BYTES.progressive : TOKEN_BYTES.sequential;
  const most = Math.max(progressive ? TOKEN_BYTES.mostProgressive : TOKEN_BYTES.most, rowBlocks * ofBlock);
  const tokens = Math.min(blocks * ofBlock, most);
  const source = columns * side * 16 * (4 + 3); // pixels and samples of a row of MCUs, or samples twice
  return FIXED_BYTES + source + tokens + blocks * (2 * FILE_BYTES + (progressive ? LEVEL_BYTES : 0));
}

/** The file's sizes have 16 bits. T.81 section B.2.2. */
const MAX_SIDE = 65_535;
/** Rows of MCUs between two pauses: about 2 ms at 4000 px. */
const PAUSE_ROWS = 8;

/** The encoder on an instance of wasm/build/jpeg_enc.wasm. After a throw the instance is of no more use. */
export const createJpegEncoder: CreateInstance<JpegEncoder> = (module) => {
  const wasm = new WebAssembly.Instance(module, {}).exports as unknown as EncoderExports;
  return {
    api: {
      encode(raster, options, pause) {
        const start = wasm.mark();
        const file = encode(wasm, raster, options, pause);
        wasm.reset(start);
        return file;
      },
    },
    memoryBytes: () => wasm.memory.buffer.byteLength,
  };
};

function encode(wasm: EncoderExports, raster: Raster, options: JpegEncoding, pause: () => void): Uint8Array {
  const kind = kindOf(raster);
  const planes = planesOf(raster);
  expectMemory(open(wasm, raster, kind, options));
  const forEachRow = (work: (row: number) => void) => {
    for (let row = 0; row < wasm.rowCount(); row++) {
      if (row % PAUSE_ROWS === 0) pause();
      work(row);
    }
  };
  if (options.progressive) {
    forEachRow((row) => {
      putRows(wasm, planes, row);
      wasm.keepRow(row);
    });
  }
  const goThrough = () =>
    forEachRow((row) => {
      if (!options.progressive) putRows(wasm, planes, row);
      expectMemory(wasm.scanRow(row));
    });
  for (let scan = 0; scan < wasm.scanCount(); scan++) writeScan(wasm, scan, goThrough, pause);
  expectMemory(wasm.close());
  return new Uint8Array(wasm.memory.buffer, wasm.output(), wasm.outputBytes()).slice();
}

function open(wasm: EncoderExports, raster: Raster, kind: number, options: JpegEncoding): number {
  const { quality, chroma, progressive } = options;
  const { width, height } = raster;
  const [sx, sy] = raster.layout === "ycbcr8" ? [raster.subsampleX, raster.subsampleY] : [1, 1];
  return wasm.open(width, height, kind, chroma === "420" ? 2 : 1, sx, sy, quality, progressive ? 1 : 0);
}

/** As wasm/kernels/jpeg-enc/frame.ts has them. */
function kindOf({ layout }: Raster): number {
  if (layout === "gray8") return 0;
  if (layout === "ycbcr8") return 1;
  if (layout === "rgba8") return 2;
  throw fault(layout);
}

/** Checked, because the kernel believes the raster's size: rows of another length would be written over its memory. */
function planesOf(raster: Raster): readonly SourcePlane[] {
  const { width, height } = raster;
  if (!(width >= 1 && height >= 1 && width <= MAX_SIDE && height <= MAX_SIDE)) throw fault(`a picture of ${width}x${height}`);
  if (raster.layout !== "ycbcr8") return [sourcePlane(raster.data, raster.layout === "rgba8" ? width * 4 : width, height)];
  const { planes, subsampleX, subsampleY } = raster;
  const [across, down] = [Math.ceil(width / subsampleX), Math.ceil(height / subsampleY)];
  return planes.map(({ data }, i) => (i === 0 ? sourcePlane(data, width, height) : sourcePlane(data, across, down)));
}

function sourcePlane(data: Uint8Array, rowBytes: number, rows: number): SourcePlane {
  if (data.length !== rowBytes * rows) throw fault(`${data.length} bytes for ${rows} rows of ${rowBytes}`);
  return { data, rowBytes };
}

/** A mistake of our own code, never of a client. */
function fault(what: string): TransformError {
  return new TransformError("INTERNAL", `JPEG: ${what} cannot be encoded`);
}

/** The source rows of a row of MCUs, packed. */
function putRows(wasm: EncoderExports, planes: readonly SourcePlane[], row: number): void {
  const memory = new Uint8Array(wasm.memory.buffer);
  planes.forEach(({ data, rowBytes }, component) => {
    const start = wasm.sourceStart(component, row) * rowBytes;
    memory.set(data.subarray(start, wasm.sourceEnd(component, row) * rowBytes), wasm.sourceOf(component));
  });
}

/** Counts, makes the Huffman tables and writes; a scan too large to be kept is gone through for each. */
function writeScan(wasm: EncoderExports, scan: number, goThrough: () => void, pause: () => void): void {
  wasm.beginScan(scan);
  goThrough();
  const turns = wasm.makeTables();
  expectMemory(turns + 1);
  if (turns === 1) goThrough();
  for (let more = 1; more === 1; ) {
    pause();
    more = wasm.emitTokens();
    expectMemory(more + 1);
  }
  expectMemory(wasm.endScan());
}

/** Of what gives 0 (or, of a count, −1 + 1) where wasm memory cannot grow. */
function expectMemory(answer: number): void {
  if (answer === 0) throw new TransformError("OUTPUT_TOO_LARGE", "JPEG: no wasm memory for a picture of this size");
}
