import { CHANNELS, GRAY, GRAY_ALPHA, PALETTE, RGB, RGBA } from "./chunks.ts";
import type { PngEncoderExports } from "./exports.ts";

/** How a picture is stored; PNG 3rd edition section 11.2.1. */
export interface PngForm {
  readonly colorType: number;
  readonly bitDepth: number;
  /** Of color type 3: R, G, B of each entry, and A of those up to the last that is not opaque. */
  readonly palette?: Uint8Array;
  readonly transparency?: Uint8Array;
}

/** What the pixels of a picture have in common. */
interface Content {
  readonly opaque: boolean;
  readonly gray: boolean;
  /** Number of colors; more than 256 is 257. */
  readonly colors: number;
}

const MOST_COLORS = 256;
/** Of gray, more are no smaller in a palette than as they are. */
const MOST_GRAYS = 16;
/** Length, type and checksum of a chunk. */
const FRAME_BYTES = 12;

/** A picture whose rows are copied to wasm memory some at a time. */
export interface Source {
  readonly width: number;
  readonly height: number;
  /** Bytes a pixel: 4 of RGBA, 1 of gray. */
  readonly step: number;
  /** False promises that every A is 255. */
  readonly alpha: boolean;
  /** Rows that fit at a time. */
  readonly bandRows: number;
  /** Gives the address of `rows` rows from `y` on. */
  load(y: number, rows: number): number;
}

/** Forms that hold the picture without loss, the one that should be smallest first. */
export function pngForms(wasm: PngEncoderExports, source: Source): readonly PngForm[] {
  const content = contentOf(wasm, source);
  const plain = plainForm(content);
  if (content.colors > (content.gray && content.opaque ? MOST_GRAYS : MOST_COLORS)) return [plain];
  const form = paletteForm(wasm, content.colors);
  const { width, height } = source;
  const tables = FRAME_BYTES + form.palette.length + (form.transparency ? FRAME_BYTES + form.transparency.length : 0);
  const packed = tables + height * rowBytesOf(form, width);
  return packed < height * rowBytesOf(plain, width) ? [form, plain] : [plain];
}

export function channelsOf({ colorType }: PngForm): number {
  return CHANNELS[colorType] as number;
}

export function rowBytesOf(form: PngForm, width: number): number {
  return Math.ceil((width * channelsOf(form) * form.bitDepth) / 8);
}

/** Looks at the pixels until all is known: of a photograph, at the first rows. */
function contentOf(wasm: PngEncoderExports, { width, height, step, alpha, bandRows, load }: Source): Content {
  wasm.startColors();
  let gray = true;
  let opaque = true;
  let colors = 0;
  const packed = step === 4;
  const limit = packed ? MOST_COLORS : MOST_GRAYS;
  const open = () => colors <= limit || (packed && (gray || (alpha && opaque)));
  for (let y = 0; y < height && open(); y += bandRows) {
    const rows = Math.min(bandRows, height - y);
    const [at, count] = [load(y, rows), rows * width];
    if (alpha && opaque) opaque = wasm.isOpaque(at, count) !== 0;
    if (packed && gray) gray = wasm.isGray(at, count) !== 0;
    if (colors <= limit) colors = wasm.addColors(at, count, step);
  }
  return { opaque, gray, colors };
}

function plainForm({ opaque, gray }: Content): PngForm {
  return { colorType: gray ? (opaque ? GRAY : GRAY_ALPHA) : opaque ? RGB : RGBA, bitDepth: 8 };
}

/** The palette of the colors that were counted; those that are not opaque come first, so that tRNS ends with them. */
function paletteForm(wasm: PngEncoderExports, count: number): PngForm & { readonly palette: Uint8Array } {
  const colors = new Uint8Array(wasm.memory.buffer, wasm.colorsAt(), count * 4);
  const entries = new Uint8Array(wasm.memory.buffer, wasm.entriesAt(), count);
  const order = Array.from({ length: count }, (_, i) => i);
  const clear = order.filter((i) => colors[4 * i + 3]! < 255);
  const sorted = [...clear, ...order.filter((i) => colors[4 * i + 3] === 255)];
  const palette = new Uint8Array(count * 3);
  sorted.forEach((color, entry) => {
    entries[color] = entry;
    palette.set(colors.subarray(4 * color, 4 * color + 3), 3 * entry);
  });
  const bitDepth = count <= 2 ? 1 : count <= 4 ? 2 : count <= 16 ? 4 : 8;
  const transparency = Uint8Array.from(clear, (i) => colors[4 * i + 3]!);
  return { colorType: PALETTE, bitDepth, palette, ...(transparency.length > 0 ? { transparency } : {}) };
}
