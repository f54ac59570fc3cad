/** Scalar twin of wasm/kernels/pack.ts: planes of equal length to 4 bytes a sample; of three planes, the fourth byte is 255. */
export function pack(planes: readonly Uint8Array[]): Uint8Array {
  const output = new Uint8Array((planes[0]?.length ?? 0) * 4).fill(255);
  planes.forEach((plane, channel) => {
    plane.forEach((value, i) => {
      output[i * 4 + channel] = value;
    });
  });
  return output;
}
