/**
 * Scalar twin of wasm/kernels/composite.ts: the first `count` pixels of `mark` drawn over those of `target`, in place,
 * both straight-alpha RGBA. Formula and rounding are stated there; here without its shortcuts.
 */
export function composite(target: Uint8Array, mark: Uint8Array, count: number, opacity: number): void {
  for (let i = 0; i < count * 4; i += 4) {
    const t = mark[i + 3]! * opacity + 128;
    const s = (t + (t >> 8)) >> 8;
    const weightAbove = 255 * s;
    const weightBelow = target[i + 3]! * (255 - s);
    const n = weightAbove + weightBelow;
    if (n === 0) continue;
    for (let c = i; c < i + 3; c++) {
      // Below 2^25, so the quotient of doubles never rounds up to the next integer
      target[c] = Math.floor((mark[c]! * weightAbove + target[c]! * weightBelow + (n >> 1)) / n);
    }
    target[i + 3] = Math.floor((n + 127) / 255);
  }
}
