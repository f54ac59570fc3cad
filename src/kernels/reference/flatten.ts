/**
 * Scalar twin of wasm/kernels/flatten.ts: the first `count` straight-alpha RGBA pixels laid over the opaque color
 * r, g, b (0..255 each), in place; A becomes 255. c' = round((c * A + color * (255 - A)) / 255).
 */
export function flatten(data: Uint8Array, count: number, r: number, g: number, b: number): void {
  for (let i = 0; i < count * 4; i += 4) {
    const a = data[i + 3]!;
    data[i] = mix(data[i]!, r, a);
    data[i + 1] = mix(data[i + 1]!, g, a);
    data[i + 2] = mix(data[i + 2]!, b, a);
    data[i + 3] = 255;
  }
}

function mix(above: number, below: number, a: number): number {
  const t = above * a + below * (255 - a) + 128;
  return (t + (t >> 8)) >> 8;
}
