import { color, encodedText, flag, integer, oneOf } from "../core/args.ts";
import { badArgument, notSupported } from "../core/errors.ts";
import { GRAVITIES, type Gravity, place, type Size } from "../core/geometry.ts";
import { definePixels } from "../core/operation.ts";

const inset = integer({ min: 0, max: 4096, initial: 10 });
const gap = integer({ min: 0, max: 4096, initial: 0 });

/**
 * Draws a picture of the same bucket over the input (OSS IMG reference, section 10).
 * x and y are insets from the chosen edges, unlike crop's; voffset moves the middle row, positive is down.
 * A mark that sticks out is clipped.
 */
export const watermark = definePixels({
  name: "watermark",
  summary: "draw a picture of the bucket at one of nine positions, with opacity (text, fill and animation: not supported yet)",
  args: {
    t: integer({ min: 0, max: 100, initial: 100 }),
    g: oneOf(GRAVITIES, "se"),
    x: inset,
    y: inset,
    voffset: integer({ min: -1000, max: 1000, initial: 0 }),
    fill: flag(0),
    padx: gap,
    pady: gap,
    image: encodedText(2048),
    text: encodedText(64),
    type: encodedText(64),
    color: color(),
    size: integer({ min: 1, max: 1000 }),
    shadow: integer({ min: 0, max: 100 }),
    rotate: integer({ min: 0, max: 360 }),
    order: flag(0),
    align: integer({ min: 0, max: 2, initial: 2 }),
    interval: integer({ min: 0, max: 1000, initial: 0 }),
    animation: flag(0),
  },
  check({ text, fill, animation }, { mark }) {
    if (text === undefined && mark === undefined) {
      throw badArgument({ operation: "watermark", expected: "text or image", kind: "missing" });
    }
    if (text !== undefined) throw notSupported("watermark", "text");
    if (fill === 1) throw notSupported("watermark", "fill", "1");
    if (animation === 1) throw notSupported("watermark", "animation", "1");
  },
  plan({ t, g, x, y, voffset }, input, resolveMark) {
    const mark = resolveMark(input);
    const opacity = Math.floor((t * 255 * 2 + 100) / 200);
    if (opacity === 0) return [];
    const at = markPosition(mark.size, input, g, { x, y, voffset });
    return [{ kind: "composite", params: { mark, ...at, opacity }, output: { width: input.width, height: input.height } }];
  },
});

/** Top left of a mark (section 10.1). Insets count from the edges that `g` names, voffset only in the middle row. */
export function markPosition(
  mark: Size,
  picture: Size,
  g: Gravity,
  inset: { readonly x: number; readonly y: number; readonly voffset: number },
): { readonly x: number; readonly y: number } {
  const corner = place(mark, picture, g);
  const column = GRAVITIES.indexOf(g) % 3;
  const row = Math.floor(GRAVITIES.indexOf(g) / 3);
  return {
    x: corner.x + (1 - column) * inset.x,
    y: corner.y + (row === 1 ? inset.voffset : (1 - row) * inset.y),
  };
}
