/** Red, green and blue of RRGGBB, each 0..255. */
export function parseColor(color: string): readonly [number, number, number] {
  const value = Number.parseInt(color, 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
