/** `count` pixels of four u16 in 1/256 of a level to RGBA bytes, rounded; where A becomes 0 the color is 0. Reference: src/kernels/reference/blur.ts. */
export function narrow(dst: usize, src: usize, count: i32): void {
  const end = dst + (<usize>count << 2);
  for (; dst < end; dst += 4, src += 8) {
    const r = (<u32>load<u16>(src) + 128) >> 8;
    const g = (<u32>load<u16>(src, 2) + 128) >> 8;
    const b = (<u32>load<u16>(src, 4) + 128) >> 8;
    const a = (<u32>load<u16>(src, 6) + 128) >> 8;
    store<u32>(dst, a == 0 ? 0 : r | (g << 8) | (b << 16) | (a << 24));
  }
}

/**
 * Unsharp mask in place on `count` RGBA pixels at `dst`: c + amountMilli / 1000 · (c − blurred c), rounded and clamped.
 * A stays, and clear pixels stay as they are. blurred: as `narrow` takes it. amountMilli: 0..7000, so that the numerator
 * stays below 2^31.
 * Reference: src/kernels/reference/unsharp.ts (must agree bit for bit).
 */
export function unsharp(dst: usize, blurred: usize, count: i32, amountMilli: i32): void {
  const end = dst + (<usize>count << 2);
  for (; dst < end; dst += 4, blurred += 8) {
    const pixel = load<u32>(dst);
    if (pixel >> 24 == 0 || load<u16>(blurred, 6) == 0) continue;
    const r = away(pixel & 255, load<u16>(blurred), amountMilli);
    const g = away((pixel >> 8) & 255, load<u16>(blurred, 2), amountMilli);
    const b = away((pixel >> 16) & 255, load<u16>(blurred, 4), amountMilli);
    store<u32>(dst, r | (g << 8) | (b << 16) | (pixel & 0xff000000));
  }
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function away(c: u32, blurred: u32, amountMilli: i32): u32 {
  const value = <i32>(c << 8) * (1000 + amountMilli) - <i32>blurred * amountMilli + 128000;
  if (value < 0) return 0;
  const level = <u32>value / 256000;
  return level < 255 ? level : 255;
}
