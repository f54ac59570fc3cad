/** Red, green, blue and opacity of RRGGBB or RRGGBBAA, each 0..255. */
export function parseColor(color: string): readonly [number, number, number, number] {
  const value = Number.parseInt(color.slice(0, 6), 16);
  const opacity = color.length === 8 ? Number.parseInt(color.slice(6), 16) : 255;
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255, opacity];
}
