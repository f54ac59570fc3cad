import { reserveBytes } from "../memory.ts";
import { CHANNELS, GRAY, GRAY_ALPHA, PALETTE, type PngHeaders, RGB, RGBA } from "./chunks.ts";
import type { PngDecoderExports } from "./exports.ts";

/** How rows of one kind of PNG become rows of gray or RGBA. */
export interface PngFormat {
  readonly gray: boolean;
  /** Filters work on bytes this far apart. PNG 3rd edition section 9.2. */
  readonly step: number;
  /** Bits a pixel in the file. */
  readonly bits: number;
  /** Unfiltered rows are the result: RGB becomes RGBA on the way. */
  readonly direct: boolean;
  /** Direct: what is left to do in place. Else: makes the result of unfiltered rows. */
  finish(dst: number, src: number, width: number, rowBytes: number, rows: number): void;
}

const OPAQUE = 0xff000000;
/** Bytes that kernels may write behind a row. */
const SLACK = 16;

/** `alpha`: RGBA is wanted even where nothing is transparent. Reserves wasm memory for its tables. */
export function pngFormat(wasm: PngDecoderExports, headers: PngHeaders, alpha: boolean): PngFormat {
  const { bitDepth, colorType } = headers;
  const bits = (CHANNELS[colorType] as number) * bitDepth;
  const gray = colorType === GRAY && !alpha;
  const direct = bitDepth === 8 && (colorType === RGB || colorType === RGBA || gray);
  return { gray, bits, direct, step: Math.max(1, bits >> 3), finish: finishOf(wasm, headers, gray) };
}

function finishOf(wasm: PngDecoderExports, headers: PngHeaders, gray: boolean): PngFormat["finish"] {
  const { bitDepth, colorType, transparency } = headers;
  const wide = bitDepth === 16;
  const key = colorType === PALETTE || transparency === undefined ? undefined : samples(transparency, bitDepth);
  if (colorType === GRAY_ALPHA) return (dst, src, width, _, rows) => wasm.grayAlpha(dst, src, width * rows, bitDepth >> 3);
  if (colorType === RGBA) return (dst, src, width, _, rows) => (wide ? wasm.rgba16(dst, src, width * rows) : undefined);
  if (colorType === RGB) {
    const [r = -1, g = -1, b = -1] = key ?? [];
    if (wide) return (dst, src, width, _, rows) => wasm.rgb16(dst, src, width * rows, r, g, b);
    const pixel = r | (g << 8) | (b << 16);
    return (dst, _src, width, _, rows) => (key === undefined ? undefined : wasm.keyRgb(dst, width * rows, pixel));
  }
  if (gray) return grayOf(wasm, bitDepth);
  if (wide) return (dst, src, width, _, rows) => wasm.gray16Keyed(dst, src, width * rows, key?.[0] ?? -1);
  return byTable(wasm, headers, tableOf(headers, key?.[0]));
}

/** 16-bit values of which the low bits count, as libpng has it. */
function samples(transparency: Uint8Array, bitDepth: number): readonly number[] {
  const view = new DataView(transparency.buffer, transparency.byteOffset, transparency.length);
  const mask = bitDepth === 16 ? 0xffff : (1 << bitDepth) - 1;
  return Array.from({ length: transparency.length >> 1 }, (_, i) => view.getUint16(2 * i) & mask);
}

/** 255 / (2^bitDepth - 1): PNG 3rd edition section 13.12. */
function factorOf(bitDepth: number): number {
  return 255 / ((1 << bitDepth) - 1);
}

function grayOf(wasm: PngDecoderExports, bitDepth: number): PngFormat["finish"] {
  if (bitDepth === 16) return (dst, src, width, _, rows) => wasm.gray16(dst, src, width * rows);
  if (bitDepth === 8) return () => undefined;
  return (dst, src, width, rowBytes, rows) => wasm.unpack(dst, src, width, rowBytes, rows, bitDepth, factorOf(bitDepth));
}

/** Pixels by sample or palette index, R lowest. Beyond the palette is black, as in libpng and the png crate. */
function tableOf({ bitDepth, colorType, palette, transparency }: PngHeaders, key: number | undefined): Uint32Array {
  const table = new Uint32Array(256).fill(OPAQUE);
  if (colorType === GRAY) {
    const factor = factorOf(bitDepth);
    for (let i = 0; i < 1 << bitDepth; i++) table[i] = (i * factor * 0x010101) | (i === key ? 0 : OPAQUE);
    return table;
  }
  const colors = palette as Uint8Array;
  for (let i = 0; i < colors.length / 3; i++) {
    const color = colors[3 * i]! | (colors[3 * i + 1]! << 8) | (colors[3 * i + 2]! << 16);
    table[i] = color | ((transparency?.[i] ?? 255) << 24);
  }
  return table;
}

/** Samples of up to 8 bits through a table; smaller ones are first made bytes, a row at a time. */
function byTable(wasm: PngDecoderExports, { bitDepth, width }: PngHeaders, table: Uint32Array): PngFormat["finish"] {
  const at = reserveBytes(wasm, table.byteLength);
  const row = reserveBytes(wasm, width + SLACK);
  new Uint32Array(wasm.memory.buffer, at, table.length).set(table);
  if (bitDepth === 8) return (dst, src, count, _, rows) => wasm.lookup(dst, src, count * rows, at);
  return (dst, src, count, rowBytes, rows) => {
    for (let y = 0; y < rows; y++) {
      wasm.unpack(row, src + y * rowBytes, count, rowBytes, 1, bitDepth, 1);
      wasm.lookup(dst + y * count * 4, row, count, at);
    }
  };
}
