import type { KernelMemory } from "../memory.ts";

/** What wasm/build/png.wasm exports for decoding; addresses, counts in px or bytes. The kernels say what each argument is. */
export interface PngDecoderExports extends KernelMemory {
  adler32(sum: number, at: number, count: number): number;
  inflateStart(output: number): void;
  inflateFeed(from: number, to: number, ends: number): void;
  inflateNext(): number;
  inflateOut(): number;
  inflateMoved(by: number, kept: number): void;
  inflateRun(limit: number): number;
  /** 0 at a filter that does not exist. */
  unfilter(dst: number, src: number, rowBytes: number, rows: number, step: number): number;
  unfilterRgb(dst: number, src: number, width: number, rows: number): number;
  unpack(dst: number, src: number, width: number, rowBytes: number, rows: number, depth: number, factor: number): void;
  lookup(dst: number, src: number, count: number, table: number): void;
  keyRgb(dst: number, count: number, key: number): void;
  gray16(dst: number, src: number, count: number): void;
  gray16Keyed(dst: number, src: number, count: number, key: number): void;
  grayAlpha(dst: number, src: number, count: number, bytes: number): void;
  rgb16(dst: number, src: number, count: number, red: number, green: number, blue: number): void;
  rgba16(dst: number, src: number, count: number): void;
}

/** The same for encoding. */
export interface PngEncoderExports extends KernelMemory {
  crc32(sum: number, at: number, count: number): number;
  deflateBytes(): number;
  deflateStart(tables: number, buffer: number, output: number, effort: number): void;
  deflateEnd(): number;
  deflateNeeded(): number;
  deflateMoved(by: number): void;
  deflateOut(): number;
  deflateTaken(output: number): void;
  deflateRun(count: number, last: number): void;
  filterNone(dst: number, row: number, count: number): void;
  filterRow(dst: number, row: number, above: number, count: number, step: number): void;
  isOpaque(src: number, count: number): number;
  isGray(src: number, count: number): number;
  countRepeats(src: number, count: number, step: number): number;
  startColors(): void;
  addColors(src: number, count: number, step: number): number;
  colorsAt(): number;
  entriesAt(): number;
  packIndices(dst: number, src: number, count: number, step: number, depth: number): void;
  packGray(dst: number, src: number, count: number): void;
  packGrayAlpha(dst: number, src: number, count: number): void;
  packRgb(dst: number, src: number, count: number): void;
}
