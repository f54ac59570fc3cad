import { cosine, sine } from "../../core/angle.ts";
import type { RgbaRaster } from "../../core/raster.ts";
import { reserveBytes } from "../memory.ts";
import type { EffectsExports } from "./exports.ts";

/** Px on the edge of a tile of the result: the source below it, at most 94×94 px of 16 bytes, stays in the second-level cache. */
const TILE = 64;
/** Most source px on the edge of what a tile needs: its diagonal and the four px of the interpolation. */
const WINDOW = 96;
const RGBA = 4;
const WIDE = 16;
/** One in sines and cosines as the kernel takes them. */
const UNIT = 1073741824;

/** Bytes of wasm memory that a rotation takes, the module's own included. */
export const ROTATE_MEMORY_BYTES = 128 * 1024 + WINDOW * WINDOW * WIDE + WINDOW * RGBA + TILE * TILE * RGBA;

interface Range {
  readonly from: number;
  /** Behind the last one. */
  readonly to: number;
}

/** The picture turned clockwise by whole degrees into the middle of `output`, tile by tile; what it does not cover is left. */
export function rotateTiles(
  wasm: EffectsExports,
  picture: RgbaRaster,
  angleDeg: number,
  output: RgbaRaster,
  pause: () => void,
): void {
  const window = reserveBytes(wasm, WINDOW * WINDOW * WIDE);
  const rowAt = reserveBytes(wasm, WINDOW * RGBA);
  const tileAt = reserveBytes(wasm, TILE * TILE * RGBA);
  const memory = new Uint8Array(wasm.memory.buffer); // after the last reservation: growing detaches views
  const opaque = picture.alpha ? 0 : 1;
  const c = cosine(angleDeg) * UNIT;
  const s = sine(angleDeg) * UNIT;
  for (let top = 0; top < output.height; top += TILE) {
    pause();
    for (let left = 0; left < output.width; left += TILE) {
      const columns = Math.min(TILE, output.width - left);
      const rows = Math.min(TILE, output.height - top);
      // From the middle of the result to the middle of the first pixel, in halves of a px
      const dx = 2 * left + 1 - output.width;
      const dy = 2 * top + 1 - output.height;
      const u = c * dx + s * dy;
      const v = c * dy - s * dx;
      const across = reach(u, c * 2 * (columns - 1), s * 2 * (rows - 1), picture.width);
      const down = reach(v, -s * 2 * (columns - 1), c * 2 * (rows - 1), picture.height);
      if (across === undefined || down === undefined) continue;
      copyWindow(wasm, memory, picture, across, down, rowAt, window);
      const stride = (across.to - across.from) * WIDE;
      const { width, height } = picture;
      wasm.rotateTile(tileAt, columns, rows, u, v, c, s, window, stride, across.from, down.from, width, height, opaque);
      for (let row = 0; row < rows; row++) {
        const from = tileAt + row * columns * RGBA;
        output.data.set(memory.subarray(from, from + columns * RGBA), ((top + row) * output.width + left) * RGBA);
      }
    }
  }
}

/** Source px along one axis that a tile needs; undefined where the picture covers none of it. */
function reach(start: number, alongRow: number, alongColumn: number, size: number): Range | undefined {
  const center = (size - 1) / 2;
  const unit = 2 * UNIT;
  const first = (start + Math.min(0, alongRow) + Math.min(0, alongColumn)) / unit + center;
  const last = (start + Math.max(0, alongRow) + Math.max(0, alongColumn)) / unit + center;
  if (last <= -1 || first >= size) return undefined;
  return { from: Math.max(Math.floor(first), -1) - 1, to: Math.min(Math.floor(last), size - 1) + 3 };
}

/** Brings a part of the source, whose edges are replicated, into the form that rotateTile takes. */
function copyWindow(
  wasm: EffectsExports,
  memory: Uint8Array,
  { data, width, height, alpha }: RgbaRaster,
  across: Range,
  down: Range,
  rowAt: number,
  window: number,
): void {
  const from = clamp(across.from, width - 1);
  const to = clamp(across.to - 1, width - 1) + 1;
  const stride = (across.to - across.from) * WIDE;
  for (let y = down.from; y < down.to; y++) {
    const start = clamp(y, height - 1) * width;
    memory.set(data.subarray((start + from) * RGBA, (start + to) * RGBA), rowAt);
    const at = window + (y - down.from) * stride;
    wasm.widen(at, rowAt, to - from, from - across.from, across.to - to, alpha ? 0 : 1);
  }
}

function clamp(value: number, largest: number): number {
  return Math.max(0, Math.min(value, largest));
}
