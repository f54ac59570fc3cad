import type { FontFile } from "../core/fonts.ts";
import type { Leased } from "../core/lease.ts";
import { CUBIC, LINE, MOVE, type Outline, QUAD } from "./outline.ts";

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

type Exports = Readonly<Record<string, (...args: number[]) => number>>;
interface Linear {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
interface Functions {
  readonly length: number;
  grow(count: number): number;
  set(index: number, value: unknown): void;
}
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
      emscripten_resize_heap: (bytes: number) => growTo(bytes >>> 0),
    },
  });
  const hb = instance.exports as Exports;
  const memory = instance.exports["memory"] as Linear;
  const growTo = (bytes: number): number => {
    try {
      memory.grow(Math.ceil((bytes - memory.buffer.byteLength) / PAGE));
      return 1;
    } catch {
      return 0; // malloc gives 0, which `allocated` turns into an error
    }
  };
  call(hb, "__wasm_call_ctors");

  const fonts = new Map<FontFile, Opened>();
  const opened = (file: FontFile): Opened => {
    const font = fonts.get(file);
    if (font === undefined) throw new Error(`${file} was not added`);
    return font;
  };
  const words = (address: number, count: number): Int32Array => new Int32Array(memory.buffer, address, count);
  const buffer = call(hb, "hb_buffer_create");
  const slot = allocated(hb, 4);
  const pen = createPen(hb, instance.exports["__indirect_function_table"] as unknown as Functions);

  const api: Shaper = {
    has: (file) => fonts.has(file),
    add(file, bytes) {
      const address = allocated(hb, bytes.length);
      new Uint8Array(memory.buffer).set(bytes, address);
      const blob = call(hb, "hb_blob_create", address, bytes.length, MEMORY_MODE_WRITABLE, 0, 0);
      const face = call(hb, "hb_face_create", blob, 0);
      const font = call(hb, "hb_font_create", face); // its scale is the face's units
      fonts.set(file, { font, face, unitsPerEm: call(hb, "hb_face_get_upem", face) });
    },
    unitsPerEm: (file) => opened(file).unitsPerEm,
    shape(file, text, rightToLeft, script) {
      const { font } = opened(file);
      const address = allocated(hb, text.length * 2);
      const units = new Uint16Array(memory.buffer, address, text.length);
      for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
      call(hb, "hb_buffer_reset", buffer);
      call(hb, "hb_buffer_set_flags", buffer, REMOVE_DEFAULT_IGNORABLES | DO_NOT_INSERT_DOTTED_CIRCLE);
      call(hb, "hb_buffer_add_utf16", buffer, address, text.length, 0, text.length);
      call(hb, "free", address);
      call(hb, "hb_buffer_set_direction", buffer, rightToLeft ? DIRECTION_RTL : DIRECTION_LTR);
      call(hb, "hb_buffer_set_script", buffer, tag(script));
      call(hb, "hb_shape", font, buffer, 0, 0);
      const infos = call(hb, "hb_buffer_get_glyph_infos", buffer, slot) >>> 0;
      const positions = call(hb, "hb_buffer_get_glyph_positions", buffer, slot) >>> 0;
      const count = words(slot, 1)[0] as number;
      const glyphs: ShapedGlyph[] = [];
      for (let i = 0; i < count; i++) {
        const [id = 0] = words(infos + i * GLYPH_BYTES, 1);
        const [advance = 0, , offsetX = 0, offsetY = 0] = words(positions + i * GLYPH_BYTES, 4);
        glyphs.push({ id, advance, offsetX, offsetY });
      }
      return glyphs;
    },
    outline(file, id) {
      return pen.draw(opened(file).font, id);
    },
    layers(file, id) {
      const { face } = opened(file);
      const count = call(hb, "hb_ot_color_glyph_get_layers", face, id, 0, 0, 0);
      if (count === 0) return [];
      const address = allocated(hb, count * LAYER_BYTES);
      words(slot, 1)[0] = count;
      call(hb, "hb_ot_color_glyph_get_layers", face, id, 0, slot, address);
      const entries = words(address, count * 2).slice();
      call(hb, "free", address);
      const layers: Layer[] = [];
      for (let i = 0; i < count; i++) {
        const color = entries[i * 2 + 1] as number;
        const glyph = entries[i * 2] as number;
        layers.push(color === FOREGROUND ? { id: glyph } : { id: glyph, color: paletteColor(face, color) });
      }
      return layers;
    },
  };

  /** Entry of the first palette; hb_color_t holds B, G, R, A from the highest byte down. */
  function paletteColor(face: number, index: number): readonly [number, number, number, number] {
    const address = allocated(hb, 4);
    words(slot, 1)[0] = 1;
    call(hb, "hb_ot_color_palette_get_colors", face, 0, index, slot, address);
    const color = words(address, 1)[0] as number;
    call(hb, "free", address);
    return [(color >> 8) & 255, (color >> 16) & 255, (color >> 24) & 255, color & 255];
  }

  return { api, memoryBytes: () => memory.buffer.byteLength };
}

interface Pen {
  draw(font: number, glyph: number): Outline;
}

/** HarfBuzz draws through function pointers, which are indices into its function table. */
function createPen(hb: Exports, table: Functions): Pen {
  let path: number[] = [];
  const callbacks = asWasmFunctions({
    move: (_f, _d, _s, x, y) => path.push(MOVE, x, y),
    line: (_f, _d, _s, x, y) => path.push(LINE, x, y),
    quad: (_f, _d, _s, cx, cy, x, y) => path.push(QUAD, cx, cy, x, y),
    cubic: (_f, _d, _s, ax, ay, bx, by, x, y) => path.push(CUBIC, ax, ay, bx, by, x, y),
    close: () => undefined, // contours are taken as closed
  });
  const functions = call(hb, "hb_draw_funcs_create");
  const first = table.grow(5);
  const setters = ["move_to", "line_to", "quadratic_to", "cubic_to", "close_path"];
  callbacks.forEach((callback, i) => {
    table.set(first + i, callback);
    call(hb, `hb_draw_funcs_set_${setters[i]}_func`, functions, first + i, 0, 0);
  });
  return {
    draw(font, glyph) {
      path = [];
      call(hb, "hb_font_draw_glyph", font, glyph, functions, 0);
      return path;
    },
  };
}

type Callback = (...args: [number, number, number, number, number, number, number, number, number, number]) => unknown;

/**
 * A table takes only functions that came out of a module. This one, by hand after the WebAssembly core specification,
 * section 5, imports five and exports them again: (i32 i32 i32 f32^n i32) with n = 2, 2, 4, 6, 0.
 */
function asWasmFunctions(callbacks: Readonly<Record<"move" | "line" | "quad" | "cubic" | "close", Callback>>): unknown[] {
  const [I32, F32, FUNC] = [0x7f, 0x7d, 0x60];
  const type = (floats: number): number[] => {
    return [FUNC, 4 + floats, I32, I32, I32, ...new Array<number>(floats).fill(F32), I32, 0];
  };
  const names = ["a", "b", "c", "d", "e"];
  const letter = (i: number): number => 0x61 + i;
  const section = (id: number, count: number, body: number[]): number[] => [id, body.length + 1, count, ...body];
  const typeOf = [0, 0, 1, 2, 3];
  const bytes = new Uint8Array([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      4,
      [type(2), type(4), type(6), type(0)].reduce((all, one) => all.concat(one)),
    ),
    ...section(
      2,
      5,
      typeOf.map((index, i) => [0, 1, letter(i), 0, index]).reduce((all, one) => all.concat(one)),
    ),
    ...section(
      7,
      5,
      typeOf.map((_, i) => [1, letter(i), 0, i]).reduce((all, one) => all.concat(one)),
    ),
  ]);
  const { move, line, quad, cubic, close } = callbacks;
  const imports = { "": { a: move, b: line, c: quad, d: cubic, e: close } };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  return names.map((name) => exports[name]);
}

function tag(script: string): number {
  return [0, 1, 2, 3].reduce((value, i) => (value << 8) | script.charCodeAt(i), 0);
}

/** Memory inside the module; the leasing code knows a RangeError for a lack of it. */
function allocated(hb: Exports, bytes: number): number {
  const address = call(hb, "malloc", Math.max(1, bytes)) >>> 0;
  if (address === 0) throw new RangeError("out of memory");
  return address;
}

function call(hb: Exports, name: string, ...args: number[]): number {
  const callee = hb[name];
  if (callee === undefined) throw new Error(`the module does not export ${name}`);
  return callee(...args);
}

function stop(): never {
  throw new Error("the shaper gave up");
}
