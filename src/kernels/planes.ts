import { allocate, createRgba, type GrayRaster, type Plane, type RgbaRaster, type YcbcrRaster } from "../core/raster.ts";
import { fault, onInstance } from "./instance.ts";
import { reserveBytes } from "./memory.ts";
import { type Turn, type TurnExports, turnSamples } from "./turn.ts";

/** Conversions between planes and packed pixels, and turns of planes; all in JavaScript memory. */
export interface PlaneKernels {
  /**
   * JFIF 1.02 in libjpeg's fixed point. Chroma of half the size along an axis is interpolated as libjpeg-turbo's "fancy
   * upsampling" does (factors 2×1, 2×2 and 1×2; the first two from 3 samples a row on), other is repeated.
   */
  ycbcrToRgba(raster: YcbcrRaster): RgbaRaster;
  grayToRgba(raster: GrayRaster): RgbaRaster;
  /** Packs 3 or 4 planes of equal size into 4 bytes a sample: R, G, B and 255, or C, M, Y, K. */
  pack(planes: readonly Uint8Array[]): Uint8Array;
  /** In place: Y, Cb, Cr, K (packed) to C, M, Y, K with C = 255 − R and so on. */
  ycckToCmyk(data: Uint8Array): void;
  /** `turn` of turn.ts for a plane of `width`×`height` samples of one byte; `data` is left as it is. */
  turnPlane(data: Uint8Array, width: number, height: number, way: Turn): Uint8Array;
}

/** The conversions that wasm/build/pixels.wasm exports (wasm/kernels/ycbcr.ts, pack.ts); addresses, counts in samples or px. */
export interface PlaneExports extends TurnExports {
  chroma(dst: number, near: number, far: number, count: number, bias: number): void;
  chromaDoubled(dst: number, near: number, far: number, count: number, even: number, odd: number): void;
  chromaRepeated(dst: number, src: number, count: number, times: number): void;
  ycbcrToRgba(dst: number, luma: number, blue: number, red: number, count: number): void;
  ycckToCmyk(dst: number, count: number): void;
  pack(dst: number, first: number, second: number, third: number, fourth: number, count: number): void;
}

const BYTES_PER_PIXEL = 4;
/** Bytes of pixels made at a time: with the samples they are made from, they stay in the second-level cache. */
const BAND_BYTES = 1 << 16;
const BAND_PIXELS = BAND_BYTES / BYTES_PER_PIXEL;
/** V8 moves a WASM function to optimized code only when it is called again, so a band is more than one call. */
const CALL_PIXELS = 1 << 12;
/** Covers what chromaDoubled may read behind its rows. */
const SLACK = 16;
/** Rows of chroma in WASM are 16-bit. */
const CHROMA_BYTES = 2;

/**
 * Conversions on an instance of wasm/build/pixels.wasm, compiled. WASM memory stays at 192 KiB for rows of up to 8192 px;
 * beyond that ycbcrToRgba needs up to 15 bytes a px of a row.
 */
export function createPlaneKernels(module: WebAssembly.Module): PlaneKernels {
  const run = onInstance<PlaneExports>(module, "plane kernels");

  function interleave(planes: readonly Uint8Array[], output: Uint8Array): void {
    const count = output.length / BYTES_PER_PIXEL;
    if (planes.length !== 3 && planes.length !== 4) throw fault("planes", "3 or 4", planes.length);
    for (const plane of planes) if (plane.length !== count) throw fault("planes", `${count} samples each`, plane.length);
    const sources = planes.filter((plane, i) => planes.indexOf(plane) === i);
    run((wasm) => {
      const band = Math.min(count, BAND_PIXELS);
      const dst = reserveBytes(wasm, band * BYTES_PER_PIXEL);
      const places = sources.map(() => reserveBytes(wasm, band));
      const memory = new Uint8Array(wasm.memory.buffer); // after the last reservation: growing detaches views
      const [first, second, third, fourth = 0] = planes.map((plane) => places[sources.indexOf(plane)]!);
      for (let done = 0; done < count; done += BAND_PIXELS) {
        sources.forEach((plane, i) => {
          memory.set(plane.subarray(done, done + band), places[i]!);
        });
        const made = Math.min(band, count - done);
        inCalls(made, (at, length) => {
          const last = fourth === 0 ? 0 : fourth + at;
          wasm.pack(dst + at * BYTES_PER_PIXEL, first! + at, second! + at, third! + at, last, length);
        });
        output.set(memory.subarray(dst, dst + made * BYTES_PER_PIXEL), done * BYTES_PER_PIXEL);
      }
    });
  }

  return {
    ycbcrToRgba(raster) {
      expectPlanes(raster);
      const output = createRgba(raster.width, raster.height, false);
      run((wasm) => convertRows(wasm, raster, output));
      return output;
    },

    grayToRgba({ width, height, data }) {
      const output = createRgba(width, height, false);
      interleave([data, data, data], output.data);
      return output;
    },

    pack(planes) {
      const output = allocate((planes[0]?.length ?? 0) * BYTES_PER_PIXEL);
      interleave(planes, output);
      return output;
    },

    ycckToCmyk(data) {
      if (data.length % BYTES_PER_PIXEL !== 0) throw fault("data", "whole pixels", data.length);
      run((wasm) => {
        const at = reserveBytes(wasm, Math.min(data.length, BAND_BYTES));
        const memory = new Uint8Array(wasm.memory.buffer);
        for (let start = 0; start < data.length; start += BAND_BYTES) {
          const band = data.subarray(start, start + BAND_BYTES);
          memory.set(band, at);
          inCalls(band.length / BYTES_PER_PIXEL, (done, count) => wasm.ycckToCmyk(at + done * BYTES_PER_PIXEL, count));
          band.set(memory.subarray(at, at + band.length));
        }
      });
    },

    turnPlane(data, width, height, way) {
      if (data.length !== width * height) throw fault("data", `${width}x${height} samples`, data.length);
      const output = allocate(data.length);
      run((wasm) => turnSamples(wasm, data, width, height, way, output));
      return output;
    },
  };
}

function convertRows(wasm: PlaneExports, raster: YcbcrRaster, output: RgbaRaster): void {
  const { width, height, subsampleX, subsampleY, planes } = raster;
  const [luma, blue, red] = planes;
  const rowBytes = width * BYTES_PER_PIXEL;
  const bandRows = Math.min(height, Math.max(1, Math.floor(BAND_BYTES / rowBytes)));
  const chromaRows = Math.min(blue.height, Math.ceil((bandRows - 1) / subsampleY) + 3);
  const wideBytes = blue.width * subsampleX * CHROMA_BYTES;

  const dst = reserveBytes(wasm, bandRows * rowBytes);
  const lumaAt = reserveBytes(wasm, bandRows * width);
  const blueAt = reserveBytes(wasm, chromaRows * blue.width + SLACK);
  const redAt = reserveBytes(wasm, chromaRows * blue.width + SLACK);
  const blueWide = reserveBytes(wasm, wideBytes);
  const redWide = reserveBytes(wasm, wideBytes);
  const memory = new Uint8Array(wasm.memory.buffer); // after the last reservation: growing detaches views
  const widen = upsampling(wasm, subsampleX, subsampleY, blue);

  for (let top = 0; top < height; top += bandRows) {
    const rows = Math.min(bandRows, height - top);
    const first = Math.max(0, Math.floor(top / subsampleY) - 1);
    const after = Math.min(blue.height, Math.floor((top + rows - 1) / subsampleY) + 2);
    memory.set(luma.data.subarray(top * width, (top + rows) * width), lumaAt);
    memory.set(blue.data.subarray(first * blue.width, after * blue.width), blueAt);
    memory.set(red.data.subarray(first * blue.width, after * blue.width), redAt);
    for (let row = 0; row < rows; row++) {
      widen(top + row, blueWide, blueAt - first * blue.width);
      widen(top + row, redWide, redAt - first * blue.width);
      wasm.ycbcrToRgba(dst + row * rowBytes, lumaAt + row * width, blueWide, redWide, width);
    }
    output.data.set(memory.subarray(dst, dst + rows * rowBytes), top * rowBytes);
  }
}

/** Makes the row of chroma for row y of the picture at `dst`, from the plane whose row 0 is, or would be, at `plane`. */
type Widen = (y: number, dst: number, plane: number) => void;

/** As libjpeg-turbo chooses (jdsample.c, jinit_upsampler); each kernel says whose arithmetic it has. */
function upsampling(wasm: PlaneExports, subsampleX: number, subsampleY: number, { width, height }: Plane): Widen {
  const nearest = (y: number) => Math.floor(y / subsampleY);
  /** Of two rows, the upper one is nearer to the row of chroma above, the lower one to that below. */
  const farther = (y: number) => Math.min(height - 1, Math.max(0, nearest(y) + (y % 2 === 0 ? -1 : 1)));
  const isWide = width > 2;
  if (subsampleX === 2 && subsampleY === 2 && isWide) {
    return (y, dst, plane) => wasm.chromaDoubled(dst, plane + nearest(y) * width, plane + farther(y) * width, width, 8, 7);
  }
  if (subsampleX === 2 && subsampleY === 1 && isWide) {
    return (y, dst, plane) => wasm.chromaDoubled(dst, plane + y * width, plane + y * width, width, 4, 8);
  }
  if (subsampleX === 1 && subsampleY === 2) {
    return (y, dst, plane) =>
      wasm.chroma(dst, plane + nearest(y) * width, plane + farther(y) * width, width, y % 2 === 0 ? 1 : 2);
  }
  if (subsampleX === 1) {
    return (y, dst, plane) => wasm.chroma(dst, plane + nearest(y) * width, plane + nearest(y) * width, width, 1);
  }
  return (y, dst, plane) => wasm.chromaRepeated(dst, plane + nearest(y) * width, width, subsampleX);
}

function expectPlanes({ width, height, subsampleX, subsampleY, planes }: YcbcrRaster): void {
  const [luma, blue, red] = planes;
  if (luma.data.length !== width * height) throw fault("luma", `${width * height} samples`, luma.data.length);
  const columns = Math.ceil(width / subsampleX);
  const rows = Math.ceil(height / subsampleY);
  for (const plane of [blue, red]) {
    if (plane.width !== columns) throw fault("chroma width", `${columns}`, plane.width);
    if (plane.height !== rows) throw fault("chroma height", `${rows}`, plane.height);
    if (plane.data.length !== columns * rows) throw fault("chroma", `${columns * rows} samples`, plane.data.length);
  }
}

/** Cuts `count` pixels into calls. */
function inCalls(count: number, call: (done: number, count: number) => void): void {
  for (let done = 0; done < count; done += CALL_PIXELS) call(done, Math.min(CALL_PIXELS, count - done));
}
