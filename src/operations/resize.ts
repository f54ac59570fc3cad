import { color, flag, integer, oneOf } from "../core/args.ts";
import { badArgument, TransformError } from "../core/errors.ts";
import { FILTERS } from "../core/filters.ts";
import { place, type Size, scaleEdge } from "../core/geometry.ts";
import { definePixels } from "../core/operation.ts";
import type { PlanInput, Step } from "../core/step.ts";

const MAX_SIDE = 16384;
/** Side and area of a resized result (OSS IMG reference, section 2, EC 007). */
const MAX_AREA = 16_777_216;

const edge = integer({ min: 1, max: MAX_SIDE, unit: "px" });
const args = {
  w: edge,
  h: edge,
  l: edge,
  s: edge,
  p: integer({ min: 1, max: 1000, unit: "percent" }),
  m: oneOf(["lfit", "mfit", "fill", "pad", "fixed"], "lfit"),
  limit: flag(1),
  color: color("FFFFFF"),
  /** Extensions of OSS IMG: the resampling function, and whether light is added up as light (1) or as stored (0). */
  filter: oneOf(FILTERS, "lanczos3"),
  linear: flag(0),
  /** Percent of the main picture's box (section 10.2). */
  P: integer({ min: 1, max: 100, unit: "percent" }),
  /** Percent of the main picture's width: the plain grammar's wm_w. */
  pw: integer({ min: 1, max: 100, unit: "percent" }),
};
type Mode = "lfit" | "mfit" | "fill" | "pad" | "fixed";

interface Fitted {
  /** Size after resampling. */
  readonly scaled: Size;
  /** Size of the result: smaller than `scaled` where it is cropped, larger where it is padded. */
  readonly output: Size;
}

/**
 * Resizes in OSS's five modes (OSS IMG reference, section 5.1).
 * Precedence: w/h over l/s over p. With limit 1 a target that exceeds the source on either edge leaves the source's size.
 */
export const resize = definePixels({
  name: "resize",
  summary: "resize by box (w, h), long or short edge (l, s) or percent (p) in OSS's five modes",
  args,
  markOnly: ["P", "pw"],
  check(args) {
    const { w, h, l, s, p, P, pw } = args;
    if ([w, h, l, s, p, P, pw].every((value) => value === undefined)) {
      throw badArgument({ operation: "resize", expected: "at least one of w, h, l, s, p", kind: "missing" });
    }
  },
  plan(args, input) {
    const fitted = fitTo(args, input, input.main);
    if (fitted === undefined) return [];
    const { scaled, output } = fitted;
    if (sameSize(scaled, input) && sameSize(output, input)) return [];
    for (const size of [scaled, output]) checkArea(size, input);
    const steps: Step[] = [];
    if (!sameSize(scaled, input))
      steps.push({ kind: "scale", params: { filter: args.filter, linear: args.linear === 1 }, output: scaled });
    const at = place(output, scaled, "center");
    if (output.width < scaled.width || output.height < scaled.height) {
      steps.push({ kind: "crop", params: { rect: { ...at, ...output } }, output });
    } else if (!sameSize(output, scaled)) {
      const { x, y } = place(scaled, output, "center");
      steps.push({ kind: "extend", params: { x, y, color: args.color }, output });
    }
    return steps;
  },
});

type Args = Parameters<typeof resize.plan>[0];

/** undefined: the picture keeps its size because of the limit. */
function fitTo(args: Args, source: Size, main: Size | undefined): Fitted | undefined {
  if (args.w === undefined && args.h === undefined && args.l === undefined && args.s === undefined) {
    return byPercent(args, source, main);
  }
  const fitted = fitBox(args.m, boxOf(args, source), source);
  const widest = Math.max(fitted.scaled.width, fitted.output.width);
  const tallest = Math.max(fitted.scaled.height, fitted.output.height);
  const exceeds = widest > source.width || tallest > source.height;
  return args.limit === 1 && exceeds ? undefined : fitted;
}

/** p of the source, or P / pw of the main picture; these may enlarge. */
function byPercent(args: Args, source: Size, main: Size | undefined): Fitted {
  if (main !== undefined && args.P !== undefined) {
    const box = { width: scaleEdge(main.width, args.P, 100), height: scaleEdge(main.height, args.P, 100) };
    return whole(inside(box, source));
  }
  if (main !== undefined && args.pw !== undefined) {
    const width = scaleEdge(main.width, args.pw, 100);
    return whole({ width, height: scaleEdge(source.height, width, source.width) });
  }
  const percent = args.p ?? 100;
  return whole({ width: scaleEdge(source.width, percent, 100), height: scaleEdge(source.height, percent, 100) });
}

/** The asked box; an edge of 0 follows from the ratio. Modes that need both edges take the given one twice. */
function boxOf({ w, h, l, s, m }: Args, source: Size): Size {
  if (w !== undefined || h !== undefined) return completeBox(w ?? 0, h ?? 0, m);
  const landscape = source.width >= source.height;
  return landscape ? completeBox(l ?? 0, s ?? 0, m) : completeBox(s ?? 0, l ?? 0, m);
}
function completeBox(width: number, height: number, mode: Mode): Size {
  if (mode === "lfit" || mode === "mfit" || (width > 0 && height > 0)) return { width, height };
  const edge = Math.max(width, height);
  return { width: edge, height: edge };
}

function fitBox(mode: Mode, box: Size, source: Size): Fitted {
  if (box.width === 0) return whole({ width: scaleEdge(source.width, box.height, source.height), height: box.height });
  if (box.height === 0) return whole({ width: box.width, height: scaleEdge(source.height, box.width, source.width) });
  if (mode === "fixed") return whole(box);
  if (mode === "lfit") return whole(inside(box, source));
  if (mode === "mfit") return whole(outside(box, source));
  return { scaled: mode === "fill" ? outside(box, source) : inside(box, source), output: box };
}

/** Largest size of the source's ratio within the box; the edge that decides equals the box's exactly. */
export function inside(box: Size, source: Size): Size {
  return box.width * source.height <= box.height * source.width ? byWidth(box, source) : byHeight(box, source);
}
/** Smallest size of the source's ratio that covers the box. */
export function outside(box: Size, source: Size): Size {
  return box.width * source.height >= box.height * source.width ? byWidth(box, source) : byHeight(box, source);
}
function byWidth({ width }: Size, source: Size): Size {
  return { width, height: scaleEdge(source.height, width, source.width) };
}
function byHeight({ height }: Size, source: Size): Size {
  return { width: scaleEdge(source.width, height, source.height), height };
}

function whole(size: Size): Fitted {
  return { scaled: size, output: size };
}
export function sameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}

/**
 * OUTPUT_TOO_LARGE beyond OSS's published side of a resized picture, and beyond its area where that enlarges
 * (OSS refuses the area in any case; a 22 MP photograph shrunk to 20 MP is refused by us only when strict).
 */
export function checkArea({ width, height }: Size, input: PlanInput): void {
  const refusesArea = input.ossStrict || width * height > input.width * input.height;
  if (width <= MAX_SIDE && height <= MAX_SIDE && (width * height <= MAX_AREA || !refusesArea)) return;
  throw new TransformError(
    "OUTPUT_TOO_LARGE",
    `this would make ${width}x${height}; at most ${MAX_SIDE} px a side and ${MAX_AREA} px are made`,
  );
}
