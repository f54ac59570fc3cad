import type { FontFile } from "../core/fonts.ts";
import type { Leased } from "../core/lease.ts";
import { allocated, call, type Exports } from "./module.ts";
import type { Outline } from "./outline.ts";
import { createPen, type Functions } from "./pen.ts";

/** A glyph where HarfBuzz puts it: distances in font units, y up; glyphs come in the order they are drawn in, left to right. */
export interface ShapedGlyph {
  /** 0 is the glyph for characters that the font lacks. */
  readonly id: number;
  readonly advance: number;
  readonly offsetX: number;
  readonly offsetY: number;
}

/** One layer of a color glyph (OpenType 1.9, COLR version 0), the lowest first. Without a color it takes the text's. */
export interface Layer {
  readonly id: number;
  /** R, G, B, A, 0..255, not premultiplied. */
  readonly color?: readonly [number, number, number, number];
}

/** HarfBuzz with the fonts it was given; one instance, used by one piece of work at a time. */
export interface Shaper {
  has(file: FontFile): boolean;
  /** Copies the font in; it stays for the life of the instance. */
  add(file: FontFile, bytes: Uint8Array): void;
  unitsPerEm(file: FontFile): number;
  /** `script`: ISO 15924. Characters that are invisible by definition give no glyph. */
  shape(file: FontFile, text: string, rightToLeft: boolean, script: string): readonly ShapedGlyph[];
  outline(file: FontFile, id: number): Outline;
  /** Empty for a glyph of one color. */
  layers(file: FontFile, id: number): readonly Layer[];
}

/** WebAssembly.Memory that can grow. */
interface Linear {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
/** A font in an instance: addresses of its hb_font_t and hb_face_t. */
interface Opened {
  readonly font: number;
  readonly face: number;
  readonly unitsPerEm: number;
}

// Enumerators of hb-common.h, hb-blob.h and hb-buffer.h
const DIRECTION_LTR = 4;
const DIRECTION_RTL = 5;
const MEMORY_MODE_WRITABLE = 2;
const REMOVE_DEFAULT_IGNORABLES = 8;
const DO_NOT_INSERT_DOTTED_CIRCLE = 16;
/** Bytes of hb_glyph_info_t, hb_glyph_position_t (20 each) and hb_ot_color_layer_t (8). */
const GLYPH_BYTES = 20;
const LAYER_BYTES = 8;
const FOREGROUND = 0xffff;
const PAGE = 65536;

/** The module of the package harfbuzzjs without its glue, which keeps one instance for good and needs a TextDecoder for UTF-16. */
export function createShaper(module: WebAssembly.Module): Leased<Shaper> {
  const instance = new WebAssembly.Instance(module, {
    wasi_snapshot_preview1: { proc_exit: stop },
    env: {
      _abort_js: stop,
      _emscripten_runtime_keepalive_clear: () => undefined,
      _setitimer_js: () => 0,
      emscripten_resize_heap: (bytes: number) => growTo(memory, bytes >>> 0),
    },
  });
  const exports = instance.exports as Exports;
  const memory = instance.exports["memory"] as Linear;
  call(exports, "__wasm_call_ctors");
  const hb: Library = { exports, memory, buffer: call(exports, "hb_buffer_create"), slot: allocated(exports, 4) };
  const pen = createPen(exports, instance.exports["__indirect_function_table"] as unknown as Functions);

  const fonts = new Map<FontFile, Opened>();
  const opened = (file: FontFile): Opened => {
    const font = fonts.get(file);
    if (font === undefined) throw new Error(`${file} was not added`);
    return font;
  };
  const api: Shaper = {
    has: (file) => fonts.has(file),
    add: (file, bytes) => void fonts.set(file, openFont(hb, bytes)),
    unitsPerEm: (file) => opened(file).unitsPerEm,
    shape: (file, text, rightToLeft, script) => shape(hb, opened(file), text, rightToLeft, script),
    outline: (file, id) => pen.draw(opened(file).font, id),
    layers: (file, id) => layersOf(hb, opened(file), id),
  };
  return { api, memoryBytes: () => memory.buffer.byteLength };
}

/** HarfBuzz in one instance, with what all calls share. */
interface Library {
  readonly exports: Exports;
  readonly memory: Linear;
  /** An hb_buffer_t, and room for one integer that a function writes. */
  readonly buffer: number;
  readonly slot: number;
}

function growTo(memory: Linear, bytes: number): 0 | 1 {
  try {
    memory.grow(Math.ceil((bytes - memory.buffer.byteLength) / PAGE));
    return 1;
  } catch {
    return 0; // malloc gives 0, which `allocated` turns into an error
  }
}

/** Integers in memory; a view that any call may detach. */
function words({ memory }: Library, address: number, count: number): Int32Array {
  return new Int32Array(memory.buffer, address, count);
}

function openFont({ exports, memory }: Library, bytes: Uint8Array): Opened {
  const address = allocated(exports, bytes.length);
  new Uint8Array(memory.buffer).set(bytes, address);
  const blob = call(exports, "hb_blob_create", address, bytes.length, MEMORY_MODE_WRITABLE, 0, 0);
  const face = call(exports, "hb_face_create", blob, 0);
  const font = call(exports, "hb_font_create", face); // its scale is the face's units
  return { font, face, unitsPerEm: call(exports, "hb_face_get_upem", face) };
}

function shape(hb: Library, { font }: Opened, text: string, rightToLeft: boolean, script: string): ShapedGlyph[] {
  const { exports, memory, buffer, slot } = hb;
  const address = allocated(exports, text.length * 2);
  const units = new Uint16Array(memory.buffer, address, text.length);
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
  call(exports, "hb_buffer_reset", buffer);
  call(exports, "hb_buffer_set_flags", buffer, REMOVE_DEFAULT_IGNORABLES | DO_NOT_INSERT_DOTTED_CIRCLE);
  call(exports, "hb_buffer_add_utf16", buffer, address, text.length, 0, text.length);
  call(exports, "free", address);
  call(exports, "hb_buffer_set_direction", buffer, rightToLeft ? DIRECTION_RTL : DIRECTION_LTR);
  call(exports, "hb_buffer_set_script", buffer, tag(script));
  call(exports, "hb_shape", font, buffer, 0, 0);
  const infos = call(exports, "hb_buffer_get_glyph_infos", buffer, slot) >>> 0;
  const positions = call(exports, "hb_buffer_get_glyph_positions", buffer, slot) >>> 0;
  const count = words(hb, slot, 1)[0] as number;
  return Array.from({ length: count }, (_, i) => {
    const [id = 0] = words(hb, infos + i * GLYPH_BYTES, 1);
    const [advance = 0, , offsetX = 0, offsetY = 0] = words(hb, positions + i * GLYPH_BYTES, 4);
    return { id, advance, offsetX, offsetY };
  });
}

function layersOf(hb: Library, { face }: Opened, id: number): Layer[] {
  const { exports, slot } = hb;
  const count = call(exports, "hb_ot_color_glyph_get_layers", face, id, 0, 0, 0);
  if (count === 0) return [];
  const address = allocated(exports, count * LAYER_BYTES);
  words(hb, slot, 1)[0] = count;
  call(exports, "hb_ot_color_glyph_get_layers", face, id, 0, slot, address);
  const entries = words(hb, address, count * 2).slice();
  call(exports, "free", address);
  return Array.from({ length: count }, (_, i) => {
    const [glyph = 0, color = FOREGROUND] = entries.subarray(i * 2, i * 2 + 2);
    return color === FOREGROUND ? { id: glyph } : { id: glyph, color: paletteColor(hb, face, color) };
  });
}

/** Entry of the first palette, clear where it has none; hb_color_t holds B, G, R, A from the highest byte down. */
function paletteColor(hb: Library, face: number, index: number): NonNullable<Layer["color"]> {
  const { exports, slot } = hb;
  const address = allocated(exports, 4);
  words(hb, slot, 1)[0] = 1;
  words(hb, address, 1)[0] = 0;
  call(exports, "hb_ot_color_palette_get_colors", face, 0, index, slot, address);
  const color = words(hb, address, 1)[0] as number;
  call(exports, "free", address);
  return [(color >> 8) & 255, (color >> 16) & 255, (color >> 24) & 255, color & 255];
}

function tag(script: string): number {
  return [0, 1, 2, 3].reduce((value, i) => (value << 8) | script.charCodeAt(i), 0);
}

function stop(): never {
  throw new Error("the shaper gave up");
}
