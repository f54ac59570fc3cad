import { corrupt } from "./common.ts";

/**
 * Integers and text at absolute offsets of a view. Every read is checked against the view's own end and throws
 * CORRUPT_IMAGE past it, so no length found in a file is ever trusted. Never copies and never writes.
 */
export class Reader {
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly littleEndian: boolean;
  private readonly view: DataView;

  constructor(bytes: Uint8Array, littleEndian = false) {
    this.bytes = bytes;
    this.length = bytes.length;
    this.littleEndian = littleEndian;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** True where `count` bytes from `at` lie inside the view. */
  has(at: number, count: number): boolean {
    return at >= 0 && count >= 0 && at + count <= this.length;
  }

  u8(at: number): number {
    return this.view.getUint8(this.checked(at, 1));
  }
  u16(at: number): number {
    return this.view.getUint16(this.checked(at, 2), this.littleEndian);
  }
  u24(at: number): number {
    const low = this.littleEndian ? this.u16(at) : this.u16(at + 1);
    return this.u8(this.littleEndian ? at + 2 : at) * 65536 + low;
  }
  u32(at: number): number {
    return this.view.getUint32(this.checked(at, 4), this.littleEndian);
  }
  i32(at: number): number {
    return this.view.getInt32(this.checked(at, 4), this.littleEndian);
  }
  /** Exact below 2^53; above it the value is off by little and far beyond any offset that can be inside a view. */
  u64(at: number): number {
    const first = this.u32(at);
    const second = this.u32(at + 4);
    return this.littleEndian ? second * 4294967296 + first : first * 4294967296 + second;
  }

  /** One character per byte; for signatures and four-character codes, not for text shown to people. */
  ascii(at: number, count: number): string {
    this.checked(at, count);
    let text = "";
    for (let i = 0; i < count; i++) text += String.fromCharCode(this.view.getUint8(at + i));
    return text;
  }

  /** True where the bytes at `at` spell `text`; false past the end. */
  spells(at: number, text: string): boolean {
    return this.has(at, text.length) && this.ascii(at, text.length) === text;
  }

  /** A view of `count` bytes, not a copy. */
  slice(at: number, count: number): Uint8Array {
    this.checked(at, count);
    return this.bytes.subarray(at, at + count);
  }

  private checked(at: number, count: number): number {
    if (!this.has(at, count)) throw corrupt("it ends before its header does");
    return at;
  }
}
