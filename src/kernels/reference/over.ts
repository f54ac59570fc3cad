import { composite } from "./composite.ts";

/**
 * Scalar twin of wasm/kernels/over.ts: the first `count` straight-alpha RGBA pixels of `data` laid over the color r, g, b of
 * alpha a (0..255 each), in place. By its definition: composed over pixels of that color.
 */
export function over(data: Uint8Array, count: number, r: number, g: number, b: number, a: number): void {
  const below = new Uint8Array(count * 4);
  for (let i = 0; i < below.length; i += 4) below.set([r, g, b, a], i);
  composite(below, data, count, 255);
  data.set(below);
}
