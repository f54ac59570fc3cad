/** One entry of a directory to be written. `value` holds `count` values in the byte order of the whole stream. */
export interface Field {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly value: Uint8Array;
}

const SHORT = 3;
const LONG = 4;

export function shortField(tag: number, value: number, littleEndian: boolean): Field {
  return numberField(tag, SHORT, 2, value, littleEndian);
}
export function longField(tag: number, value: number, littleEndian: boolean): Field {
  return numberField(tag, LONG, 4, value, littleEndian);
}
function numberField(tag: number, type: number, size: number, value: number, littleEndian: boolean): Field {
  const bytes = Uint8Array.from({ length: size }, (_, i) => (value >>> (8 * (littleEndian ? i : size - 1 - i))) & 0xff);
  return { tag, type, count: 1, value: bytes };
}

/** Bytes of a directory and its values: count, entries, no next directory, values of over 4 bytes at even offsets. */
export function directoryBytes(fields: readonly Field[]): number {
  return fields.reduce((total, { value }) => total + 12 + outsideBytes(value), 2 + 4);
}
function outsideBytes({ length }: Uint8Array): number {
  return length > 4 ? length + (length % 2) : 0;
}

/** A TIFF stream (TIFF 6.0 section 2) of directories that lie one behind the other from offset 8; the first is IFD0. */
export function writeStream(directories: readonly (readonly Field[])[], littleEndian: boolean): Uint8Array {
  const stream = new Uint8Array(directories.reduce((total, fields) => total + directoryBytes(fields), 8));
  const view = new DataView(stream.buffer);
  view.setUint16(0, littleEndian ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, littleEndian);
  view.setUint32(4, 8, littleEndian);
  let at = 8;
  for (const fields of directories) {
    writeDirectory(stream, at, fields, littleEndian);
    at += directoryBytes(fields);
  }
  return stream;
}

/** Entries in ascending order of their tags, as TIFF 6.0 demands. */
function writeDirectory(stream: Uint8Array, start: number, fields: readonly Field[], littleEndian: boolean): void {
  const view = new DataView(stream.buffer);
  view.setUint16(start, fields.length, littleEndian);
  let entry = start + 2;
  let outside = entry + fields.length * 12 + 4;
  for (const { tag, type, count, value } of [...fields].sort((a, b) => a.tag - b.tag)) {
    view.setUint16(entry, tag, littleEndian);
    view.setUint16(entry + 2, type, littleEndian);
    view.setUint32(entry + 4, count, littleEndian);
    if (value.length > 4) view.setUint32(entry + 8, outside, littleEndian);
    stream.set(value, value.length > 4 ? outside : entry + 8);
    outside += outsideBytes(value);
    entry += 12;
  }
}
