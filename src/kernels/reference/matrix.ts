/**
 * Scalar twin of wasm/kernels/matrix.ts: R, G and B of the first `count` pixels of `data` through the twelve coefficients of
 * a color matrix (src/core/step.ts), in place; A is kept.
 */
export function matrix(data: Uint8Array, count: number, coefficients: ArrayLike<number>): void {
  for (let i = 0; i < count * 4; i += 4) {
    const [r, g, b] = [data[i]!, data[i + 1]!, data[i + 2]!];
    for (let c = 0; c < 3; c++) {
      const row = c * 4;
      const sum = coefficients[row]! * r + coefficients[row + 1]! * g + coefficients[row + 2]! * b + coefficients[row + 3]!;
      data[i + c] = Math.max(0, Math.min(255, Math.floor((sum + 2048) / 4096)));
    }
  }
}
