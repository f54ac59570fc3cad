import type { ColorMatrix } from "../core/step.ts";
import { fault, onInstance } from "./instance.ts";
import { type KernelMemory, reserveBytes } from "./memory.ts";

export { type Turn, turn } from "./turn.ts";

/** Pixel routines over straight-alpha RGBA in JavaScript memory. They work in place and keep nothing between calls. */
export interface Kernels {
  /**
   * Draws `width`×`rows` px of `mark` over as many of `target`; both start at their array's first byte (pass a subarray
   * for another place). Strides: bytes from row to row, at least width × 4. opacity: 0..255. Formula: wasm/kernels/composite.ts.
   */
  composite(
    target: Uint8Array,
    targetStride: number,
    mark: Uint8Array,
    markStride: number,
    width: number,
    rows: number,
    opacity: number,
  ): void;
  /** Lays `data`, packed pixels, over the opaque color r, g, b (0..255 each); every A becomes 255. */
  flatten(data: Uint8Array, r: number, g: number, b: number): void;
  /** Lays `data`, packed pixels, over the color r, g, b of alpha a (0..255 each), as composite would. For a = 255 see flatten. */
  over(data: Uint8Array, r: number, g: number, b: number, a: number): void;
  /** Puts the colors of `data`, packed pixels, through a matrix; A is kept. */
  matrix(data: Uint8Array, matrix: ColorMatrix): void;
  /**
   * Rounds the corners of `width`×`height` packed pixels with quarter circles of `diameter` px, at most the shorter side;
   * where that is both sides, a disc is left. Beyond the arcs pixels become 0, 0, 0, 0. Shape: wasm/kernels/corner.ts.
   */
  corners(data: Uint8Array, width: number, height: number, diameter: number): void;
}

/** What wasm/build/pixels.wasm exports; addresses, counts in px. */
export interface PixelExports extends KernelMemory {
  composite(dst: number, src: number, count: number, opacity: number): void;
  flatten(dst: number, count: number, r: number, g: number, b: number): void;
  over(dst: number, count: number, r: number, g: number, b: number, a: number): void;
  matrix(dst: number, count: number, coefficients: number): void;
  isClear(src: number, count: number): number;
  corner(dst: number, scratch: number, y: number, diameter: number, width: number, height: number): void;
}

const BYTES_PER_PIXEL = 4;
/**
 * Bytes copied into WASM memory at a time, so that a band, its mark and the result stay in the second-level cache. Best of 41
 * at 1600×1200, Node 20.20, SIMD, 32 KiB / 64 KiB / 256 KiB / 1 MiB: composite over opaque 4.5 / 4.1 / 4.1 / 4.9 ms, composite
 * over alpha 7.5 / 5.7 / 6.0 / 6.7 ms, flatten 3.4 / 3.4 / 3.4 / 4.1 ms, matrix 3.7 / 3.5 / 3.5 / 4.3 ms. Without SIMD, 64 KiB:
 * 8.5, 13.5, 7.4 and 13.7 ms. The copies are about 1.4 ms of each, 2.3 of composite.
 */
export const BAND_BYTES = 1 << 16;
/** V8 moves a WASM function to optimized code only when it is called again, so a band is more than one call. */
const CALL_PIXELS = 1 << 12;
/** Bytes before the coverage in what kernels.corner answers. */
const CORNER_HEAD = 8;
const NOTHING = new Uint8Array(0);
/** Largest gain and offset of a ColorMatrix (src/core/step.ts), in 1/4096. */
const MAX_GAIN = 8 << 12;
const MAX_OFFSET = 1024 << 12;

/** Kernels on an instance of wasm/build/pixels.wasm, compiled. WASM memory stays at 192 KiB whatever the picture's size. */
export function createKernels(module: WebAssembly.Module): Kernels {
  const run = onInstance<PixelExports>(module, "pixel kernels");

  /** Works through packed pixels a band at a time, in place. `side` bytes are there for every call, at an address of their own. */
  function inBands(
    data: Uint8Array,
    work: (pixels: PixelExports, dst: number, count: number, side: number) => void,
    side: Uint8Array = NOTHING,
  ): void {
    if (data.length === 0) return;
    if (data.length % BYTES_PER_PIXEL !== 0) throw fault("data", "whole pixels", data.length);
    run((pixels) => {
      const dst = reserveBytes(pixels, Math.min(data.length, BAND_BYTES));
      const beside = reserveBytes(pixels, side.length);
      const memory = new Uint8Array(pixels.memory.buffer); // after the last reservation: growing detaches views
      memory.set(side, beside);
      for (let start = 0; start < data.length; start += BAND_BYTES) {
        const band = data.subarray(start, start + BAND_BYTES);
        memory.set(band, dst);
        inCalls(band.length / BYTES_PER_PIXEL, (offset, count) => work(pixels, dst + offset, count, beside));
        band.set(memory.subarray(dst, dst + band.length));
      }
    });
  }

  return {
    composite(target, targetStride, mark, markStride, width, rows, opacity) {
      if (width === 0 || rows === 0) return;
      const rowBytes = width * BYTES_PER_PIXEL;
      expectRows("target", target, targetStride, rowBytes, rows);
      expectRows("mark", mark, markStride, rowBytes, rows);
      expectBytes({ opacity });
      const below = { data: target, start: 0, stride: targetStride };
      const above = { data: mark, start: 0, stride: markStride };
      run((pixels) => compositeRows(pixels, below, above, { rowBytes, rows }, opacity));
    },

    flatten(data, r, g, b) {
      expectBytes({ r, g, b });
      inBands(data, (pixels, dst, count) => pixels.flatten(dst, count, r, g, b));
    },

    over(data, r, g, b, a) {
      expectBytes({ r, g, b, a });
      inBands(data, (pixels, dst, count) => pixels.over(dst, count, r, g, b, a));
    },

    matrix(data, matrix) {
      expectMatrix(matrix);
      const coefficients = new Uint8Array(Int32Array.from(matrix).buffer); // wasm and every host of it are little endian
      inBands(data, (pixels, dst, count, side) => pixels.matrix(dst, count, side), coefficients);
    },

    corners(data, width, height, diameter) {
      if (data.length !== width * height * BYTES_PER_PIXEL) throw fault("data", `${width}x${height} px`, data.length);
      const most = Math.min(width, height);
      if (!(diameter >= 1 && diameter <= most && diameter % 1 === 0)) throw fault("diameter", `1 to ${most}`, diameter);
      run((pixels) => {
        const scratch = reserveBytes(pixels, 64);
        const at = reserveBytes(pixels, CORNER_HEAD + diameter);
        const { buffer } = pixels.memory;
        const head = new Int32Array(buffer, at, 2);
        const coverage = new Uint8Array(buffer, at + CORNER_HEAD, diameter);
        for (let y = 0; 2 * y < diameter; y++) {
          pixels.corner(at, scratch, y, diameter, width, height);
          const row = { clear: head[0]!, count: head[1]!, coverage };
          cutEnds(data, y * width, width, row);
          if (2 * y + 1 < height) cutEnds(data, (height - 1 - y) * width, width, row);
        }
      });
    },
  };
}

/** What kernels.corner says of a row: px cut away, px cut at all, and the coverage of those in between. */
interface Cut {
  readonly clear: number;
  readonly count: number;
  readonly coverage: Uint8Array;
}

/** Cuts both ends of the row of `width` px that starts at pixel `start`. */
function cutEnds(data: Uint8Array, start: number, width: number, { clear, count, coverage }: Cut): void {
  const end = start + width;
  data.fill(0, start * BYTES_PER_PIXEL, (start + clear) * BYTES_PER_PIXEL);
  data.fill(0, (end - clear) * BYTES_PER_PIXEL, end * BYTES_PER_PIXEL);
  for (let x = clear; x < count; x++) {
    cover(data, (start + x) * BYTES_PER_PIXEL, coverage[x - clear]!);
    // The px in the middle of an odd width is in both ends
    if (2 * x + 1 !== width) cover(data, (end - 1 - x) * BYTES_PER_PIXEL, coverage[x - clear]!);
  }
}

/**
 * A' = round(A · covered / 255), exact; a pixel that becomes clear becomes 0, 0, 0, 0: what is cut away is not to be found in
 * the file, and zeros compress. Not in WASM, because an arc meets too few px of a row to be worth copying.
 */
function cover(data: Uint8Array, at: number, covered: number): void {
  const t = data[at + 3]! * covered + 128;
  const a = (t + (t >> 8)) >> 8;
  data[at + 3] = a;
  if (a === 0) data.fill(0, at, at + 3);
}

/** Where rows lie: first byte and bytes from row to row. */
interface Rows {
  readonly data: Uint8Array;
  readonly start: number;
  readonly stride: number;
}

interface Band {
  readonly rowBytes: number;
  readonly rows: number;
}

/** Band by band; a row longer than a band is cut too, so that memory does not grow with the width. */
function compositeRows(wasm: PixelExports, below: Rows, above: Rows, { rowBytes, rows }: Band, opacity: number): void {
  const columnBytes = Math.min(rowBytes, BAND_BYTES);
  const bandRows = Math.min(rows, Math.floor(BAND_BYTES / columnBytes));
  const dst = reserveBytes(wasm, bandRows * columnBytes);
  const src = reserveBytes(wasm, bandRows * columnBytes);
  const memory = new Uint8Array(wasm.memory.buffer); // after the last reservation: growing detaches views
  for (let y = 0; y < rows; y += bandRows) {
    for (let x = 0; x < rowBytes; x += columnBytes) {
      const band = { rowBytes: Math.min(columnBytes, rowBytes - x), rows: Math.min(bandRows, rows - y) };
      const place = { ...below, start: below.start + y * below.stride + x };
      const copy = { data: memory, start: dst, stride: band.rowBytes };
      const pixels = (band.rowBytes * band.rows) / BYTES_PER_PIXEL;
      copyRows({ ...above, start: above.start + y * above.stride + x }, { ...copy, start: src }, band);
      if (wasm.isClear(src, pixels) === 1) continue;
      copyRows(place, copy, band);
      inCalls(pixels, (offset, count) => wasm.composite(dst + offset, src + offset, count, opacity));
      copyRows(copy, place, band);
    }
  }
}

function copyRows(from: Rows, to: Rows, { rowBytes, rows }: Band): void {
  const packed = from.stride === rowBytes && to.stride === rowBytes;
  const length = packed ? rowBytes * rows : rowBytes;
  for (let row = 0; row < (packed ? 1 : rows); row++) {
    const start = from.start + row * from.stride;
    to.data.set(from.data.subarray(start, start + length), to.start + row * to.stride);
  }
}

/** Cuts `count` pixels into calls; offset is in bytes. */
function inCalls(count: number, call: (offset: number, count: number) => void): void {
  for (let done = 0; done < count; done += CALL_PIXELS) {
    call(done * BYTES_PER_PIXEL, Math.min(CALL_PIXELS, count - done));
  }
}

/** The last row may end where its pixels end. */
function expectRows(name: string, data: Uint8Array, stride: number, rowBytes: number, rows: number): void {
  if (stride < rowBytes) throw fault(`${name}Stride`, `at least ${rowBytes}`, stride);
  const needed = (rows - 1) * stride + rowBytes;
  if (data.length < needed) throw fault(name, `at least ${needed} bytes`, data.length);
}

function expectBytes(values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (!(value >= 0 && value <= 255 && value % 1 === 0)) throw fault(name, "an integer from 0 to 255", value);
  }
}

/** Beyond these the kernel's 32-bit sums would wrap. */
function expectMatrix(matrix: ColorMatrix): void {
  matrix.forEach((value, i) => {
    const most = i % 4 === 3 ? MAX_OFFSET : MAX_GAIN;
    if (!(Math.abs(value) <= most && value % 1 === 0)) throw fault(`matrix[${i}]`, `an integer within ±${most}`, value);
  });
}
