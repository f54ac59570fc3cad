/**
 * In place: samples become 255 - x, or with `centered` 256 - x up to 255, which is the same for chroma, whose middle is 128.
 * count: any number of bytes.
 */
export function invert(address: usize, count: i32, centered: i32): void {
  const end = address + count;
  const one = centered ? 1 : 0;
  if (ASC_FEATURE_SIMD) {
    const ones = i8x16.splat(-1);
    const more = i8x16.splat(<i8>one);
    for (; address + 16 <= end; address += 16) v128.store(address, i8x16.add_sat_u(v128.xor(v128.load(address), ones), more));
  }
  for (; address < end; address++) store<u8>(address, min(255 - <i32>load<u8>(address) + one, 255));
}
