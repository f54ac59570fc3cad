/** SHORT, LONG or UNDEFINED, which is bytes (TIFF 6.0 section 2), and values. */
export type Value = readonly [type: 3 | 4 | 7, ...values: number[]];
const BYTES = { 3: 2, 4: 4, 7: 1 } as const;
/** A TIFF file spelled out: tags by number, strips or tiles at the end. Strips and their tags are added. */
export function spelled(tags: Readonly<Record<number, Value>>, parts: readonly Uint8Array[], littleEndian = true): Uint8Array {
  const tiled = 322 in tags;
  const all: Record<number, Value> = {
    ...tags,
    [tiled ? 324 : 273]: [4, ...parts.map(() => 0)],
    [tiled ? 325 : 279]: [4, ...parts.map((part) => part.length)],
  };
  const fields = Object.entries(all).map(([tag, [type, ...values]]) => ({ tag: Number(tag), type, values }));
  const bytesOf = ({ type, values }: (typeof fields)[number]) => values.length * BYTES[type];
  let at = 8 + 2 + fields.length * 12 + 4;
  let partAt = fields.reduce((sum, field) => sum + (bytesOf(field) > 4 ? bytesOf(field) : 0), at);
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, partAt));
  const offsets = parts.map((part) => {
    file.set(part, partAt);
    partAt += part.length;
    return partAt - part.length;
  });
  const view = new DataView(file.buffer);
  file.set(littleEndian ? [0x49, 0x49] : [0x4d, 0x4d]);
  view.setUint16(2, 42, littleEndian);
  view.setUint32(4, 8, littleEndian);
  view.setUint16(8, fields.length, littleEndian);
  fields.forEach((field, i) => {
    const values = field.tag === 273 || field.tag === 324 ? offsets : field.values;
    view.setUint16(10 + i * 12, field.tag, littleEndian);
    view.setUint16(12 + i * 12, field.type, littleEndian);
    view.setUint32(14 + i * 12, values.length, littleEndian);
    const inside = bytesOf(field) <= 4;
    if (!inside) view.setUint32(18 + i * 12, at, littleEndian);
    values.forEach((value, k) => {
      const to = (inside ? 18 + i * 12 : at) + k * BYTES[field.type];
      if (field.type === 3) view.setUint16(to, value, littleEndian);
      else if (field.type === 4) view.setUint32(to, value, littleEndian);
      else file[to] = value;
    });
    if (!inside) at += bytesOf(field);
  });
  return file;
}
export const size = (width: number, height: number) => ({ 256: [4, width], 257: [4, height] }) as const;
export const samplesOf = (count: number, bits: number) =>
  ({ 258: [3, ...Array<number>(count).fill(bits)], 277: [3, count] }) as const;
