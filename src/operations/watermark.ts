import { color, encodedText, encodedWord, flag, gravity, integer } from "../core/args.ts";
import { badArgument, notSupported } from "../core/errors.ts";
import { GRAVITIES, type Gravity, place, type Size } from "../core/geometry.ts";
import { definePixels } from "../core/operation.ts";
import type { ResolvedMark, Step, StepParams } from "../core/step.ts";
import { FONT_NAMES, type TextSpec } from "../core/text.ts";

const inset = integer({ min: 0, max: 4096, unit: "px", initial: 10 });
const gap = integer({ min: 0, max: 4096, unit: "px", initial: 0 });
/** Of UTF-8 (OSS IMG reference, section 10.3). */
const MAX_TEXT_BYTES = 64;

/**
 * Draws a picture of the same bucket, a line of text, or both side by side, over the input (OSS IMG reference, section 10).
 * x and y are insets from the chosen edges, unlike crop's; voffset moves the middle row, positive is down.
 * With fill the mark is repeated from the top left on, padx and pady px apart, and g, x, y have no effect.
 * A mark that sticks out is clipped.
 */
export const watermark = definePixels({
  name: "watermark",
  summary: "draw a picture of the bucket, a text, or both, at one of nine positions or tiled, with opacity",
  args: {
    t: integer({ min: 0, max: 100, unit: "percent", initial: 100 }),
    g: gravity("se"),
    x: inset,
    y: inset,
    voffset: integer({ min: -1000, max: 1000, unit: "px", initial: 0 }),
    fill: flag(0),
    padx: gap,
    pady: gap,
    image: encodedText(2048),
    text: encodedText(MAX_TEXT_BYTES),
    type: encodedWord(FONT_NAMES, "wqy-zenhei"),
    color: color("000000"),
    size: integer({ min: 1, max: 1000, unit: "px", initial: 40 }),
    shadow: integer({ min: 0, max: 100, unit: "percent", initial: 0 }),
    rotate: integer({ min: 0, max: 360, unit: "degrees", initial: 0 }),
    order: flag(0),
    align: integer({ min: 0, max: 2, initial: 2 }),
    interval: integer({ min: 0, max: 1000, unit: "px", initial: 0 }),
    animation: flag(0),
  },
  check({ text, animation }, { mark }) {
    if (text === undefined && mark === undefined) {
      throw badArgument({ operation: "watermark", expected: "text or image", kind: "missing" });
    }
    if (animation === 1) throw notSupported("watermark", "animation", "1");
  },
  text({ text, type, color, size, shadow, rotate }): TextSpec | undefined {
    return text === undefined ? undefined : { text, font: type, size, color, shadow, rotateDeg: rotate % 360 };
  },
  plan(args, input, draws) {
    const opacity = Math.floor((args.t * 255 * 2 + 100) / 200);
    if (opacity === 0) return [];
    const picture = draws.picture?.(input);
    const parts = [picture, draws.text].filter((mark): mark is ResolvedMark => mark !== undefined);
    const block = layOut(args.order === 0 ? parts : [...parts].reverse(), args);
    const at = args.fill === 1 ? { x: 0, y: 0 } : markPosition(block.size, input, args.g, args);
    const tile =
      args.fill === 1 ? { periodX: block.size.width + args.padx, periodY: block.size.height + args.pady } : undefined;
    return block.parts.map(({ mark, x, y }): Step => {
      const params: StepParams["composite"] = { mark, x: at.x + x, y: at.y + y, opacity };
      const output = { width: input.width, height: input.height };
      return { kind: "composite", params: tile === undefined ? params : { ...params, tile }, output };
    });
  },
});

interface Block {
  readonly size: Size;
  /** Marks with their top left inside the block. */
  readonly parts: readonly { readonly mark: ResolvedMark; readonly x: number; readonly y: number }[];
}

/** One mark, or two from left to right `interval` px apart and aligned at top, middle or bottom (section 10.4). */
function layOut(marks: readonly ResolvedMark[], { interval, align }: { interval: number; align: number }): Block {
  const height = Math.max(...marks.map(({ size }) => size.height));
  let right = 0;
  const parts = marks.map((mark, index) => {
    const x = right + (index === 0 ? 0 : interval);
    right = x + mark.size.width;
    return { mark, x, y: Math.floor(((height - mark.size.height) * align) / 2) };
  });
  return { size: { width: right, height }, parts };
}

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
