import { cosine, sine } from "../../core/angle.ts";
import type { Size } from "../../core/geometry.ts";

/**
 * Scalar twin of wasm/kernels/rotate.ts: the `width`×`height` px of `data`, straight alpha, turned clockwise by whole
 * degrees into the middle of `output`. Formulas are stated there; here every pixel by itself.
 */
export function rotate(data: Uint8Array, { width, height }: Size, opaque: boolean, angleDeg: number, output: Size): Uint8Array {
  const c = cosine(angleDeg);
  const s = sine(angleDeg);
  const result = new Uint8Array(output.width * output.height * 4);
  for (let y = 0; y < output.height; y++) {
    for (let x = 0; x < output.width; x++) {
      const dx = x + 0.5 - output.width / 2;
      const dy = y + 0.5 - output.height / 2;
      const fromX = c * dx + s * dy + (width - 1) / 2;
      const fromY = c * dy - s * dx + (height - 1) / 2;
      const cover = covered(fromX, width) * covered(fromY, height);
      if (cover > 0) result.set(pixel(data, { width, height }, opaque, fromX, fromY, cover), (y * output.width + x) * 4);
    }
  }
  return result;
}

/** 1 inside the picture, 0 from half a pixel beyond its edge on. */
function covered(at: number, size: number): number {
  return Math.max(0, Math.min(at + 1, size - at, 1));
}

function pixel(
  data: Uint8Array,
  { width, height }: Size,
  opaque: boolean,
  fromX: number,
  fromY: number,
  cover: number,
): readonly number[] {
  const [x, y] = [Math.floor(fromX), Math.floor(fromY)];
  const across = catmullRom(fromX - x);
  const sums = [0, 0, 0, 0];
  for (const [j, weight] of catmullRom(fromY - y).entries()) {
    const row = clamp(y - 1 + j, height - 1) * width;
    for (let c = 0; c < 4; c++) {
      let sum = 0;
      for (const [i, part] of across.entries()) {
        const at = (row + clamp(x - 1 + i, width - 1)) * 4;
        const a = opaque ? 255 : data[at + 3]!;
        sum += part * (c === 3 ? a : opaque ? data[at + c]! : data[at + c]! * a);
      }
      sums[c] = sums[c]! + weight * sum;
    }
  }
  const [r, g, b, a] = sums as [number, number, number, number];
  if (!opaque && a < 0.5) return [0, 0, 0, 0];
  const alpha = Math.floor((opaque ? 255 : Math.min(a, 255)) * cover + 0.5);
  if (alpha === 0) return [0, 0, 0, 0];
  const divisor = opaque ? 1 : a;
  return [...[r, g, b].map((value) => Math.floor(clamp(value / divisor, 255) + 0.5)), alpha];
}

/** Weights of four pixels for a point `t` behind the second (Keys 1981 with a = −1/2). */
function catmullRom(t: number): readonly number[] {
  return [((2 - t) * t - 1) * t * 0.5, ((3 * t - 5) * t * t + 2) * 0.5, ((4 - 3 * t) * t + 1) * t * 0.5, (t - 1) * t * t * 0.5];
}

function clamp(value: number, largest: number): number {
  return Math.max(0, Math.min(value, largest));
}
