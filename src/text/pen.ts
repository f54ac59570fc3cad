import { call, type Exports } from "./module.ts";
import { CUBIC, LINE, MOVE, type Outline, QUAD } from "./outline.ts";

/** The part of WebAssembly.Table that is used here. */
export interface Functions {
  readonly length: number;
  grow(count: number): number;
  set(index: number, value: unknown): void;
}
export interface Pen {
  /** The contours of one glyph. */
  draw(font: number, glyph: number): Outline;
}

/** HarfBuzz draws through function pointers, which are indices into its function table. */
export function createPen(hb: Exports, table: Functions): Pen {
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
