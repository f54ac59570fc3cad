/** Writing and reading of byte arrays, as the mutators need them. */
import { crc32 as zlibCrc } from "node:zlib";

/** Numbers (bytes), texts (Latin-1), byte arrays and lists of them, one after another. */
export function join(...parts) {
  return new Uint8Array(Buffer.concat(parts.map(toBuffer)));
}
function toBuffer(part) {
  if (typeof part === "number") return Buffer.from([part & 255]);
  if (typeof part === "string") return Buffer.from(part, "latin1");
  return Array.isArray(part) ? Buffer.concat(part.map(toBuffer)) : Buffer.from(part.buffer, part.byteOffset, part.length);
}
export const be16 = (value) => [(value >> 8) & 255, value & 255];
export const be32 = (value) => [...be16(value >>> 16), ...be16(value)];
export const le16 = (value) => [value & 255, (value >> 8) & 255];
export const le32 = (value) => [...le16(value), ...le16(value >>> 16)];
/** Writes `content` into `bytes` at `at`, as much as fits. */
export function put(bytes, at, content) {
  bytes.set(content.slice(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length));
}
export const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const TABLE = Int32Array.from({ length: 256 }, (_, n) => {
  let crc = n;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});
/** PNG (third edition), annex D. */
export const crc32 = zlibCrc ?? crcByTable;
function crcByTable(bytes) {
  let crc = -1;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}
