/**
 * Scalar twin of wasm/kernels/mask.ts: A' = round(A * coverage / 255) of the first `count` straight-alpha RGBA pixels of
 * `data`, in place, one byte of coverage each. What is covered at all keeps its color; what becomes clear becomes 0, 0, 0, 0.
 */
export function mask(data: Uint8Array, coverage: Uint8Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const at = i * 4;
    const covered = coverage[i]!;
    if (covered === 255) continue;
    data[at + 3] = Math.floor((2 * data[at + 3]! * covered + 255) / 510);
    if (data[at + 3] === 0) data.fill(0, at, at + 3);
  }
}
