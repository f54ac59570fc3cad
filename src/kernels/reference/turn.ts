/** Definition of a turn, pixel by pixel of so many bytes: swap axes first, then mirror. src/kernels/turn.ts must give the same bytes. */
export function turn(
  source: Uint8Array,
  width: number,
  height: number,
  { swap, mirrorX, mirrorY }: { readonly swap: boolean; readonly mirrorX: boolean; readonly mirrorY: boolean },
  bytes = 4,
): Uint8Array {
  const output = new Uint8Array(width * height * bytes);
  const [outputWidth, outputHeight] = swap ? [height, width] : [width, height];
  for (let y = 0; y < outputHeight; y++) {
    for (let x = 0; x < outputWidth; x++) {
      const u = mirrorX ? outputWidth - 1 - x : x;
      const v = mirrorY ? outputHeight - 1 - y : y;
      const from = (swap ? u * width + v : v * width + u) * bytes;
      output.set(source.subarray(from, from + bytes), (y * outputWidth + x) * bytes);
    }
  }
  return output;
}
