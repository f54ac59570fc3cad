import { cosine, sine } from "../../core/angle.ts";
import type { Size } from "../../core/geometry.ts";

/**
 * Scalar twin of wasm/kernels/rotate.ts: the `width`×`height` px of `data`, straight alpha, turned clockwise by whole
 * degrees into the middle of `output`. Formulas are stated there; here every pixel by itself. Single precision as there.
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
  const across = catmullRom(f32(fromX - x));
  const sums = [0, 0, 0, 0];
  for (const [j, weight] of catmullRom(f32(fromY - y)).entries()) {
    const row = clamp(y - 1 + j, height - 1) * width;
    for (let c = 0; c < 4; c++) {
      let sum = 0;
      for (const [i, part] of across.entries()) {
        const at = (row + clamp(x - 1 + i, width - 1)) * 4;
        const a = opaque ? 255 : data[at + 3]!;
        sum = f32(sum + f32(part * (c === 3 ? a : opaque ? data[at + c]! : data[at + c]! * a)));
      }
      sums[c] = f32(sums[c]! + f32(weight * sum));
    }
  }
  const [r, g, b, a] = sums as [number, number, number, number];
  if (!opaque && a < 0.5) return [0, 0, 0, 0];
  const alpha = Math.floor(f32(f32((opaque ? 255 : Math.min(a, 255)) * f32(cover)) + 0.5));
  if (alpha === 0) return [0, 0, 0, 0];
  const divisor = opaque ? 1 : a;
  return [...[r, g, b].map((value) => Math.floor(f32(clamp(f32(value / divisor), 255) + 0.5))), alpha];
}

/** Weights of four pixels for a point `t` behind the second (Keys 1981 with a = −1/2): third to zeroth power of t. */
const WEIGHTS = [
  [-0.5, 1, -0.5, 0],
  [1.5, -2.5, 0, 1],
  [-1.5, 2, 0.5, 0],
  [0.5, -0.5, 0, 0],
] as const;
function catmullRom(t: number): readonly number[] {
  return WEIGHTS.map((powers) => powers.slice(1).reduce<number>((sum, power) => f32(f32(sum * t) + power), powers[0]));
}

const f32 = Math.fround;
function clamp(value: number, largest: number): number {
  return Math.max(0, Math.min(value, largest));
}
