import { anchor, colorWithAlpha, flag, integer, oneOf } from "../core/args.ts";
import { badArgument } from "../core/errors.ts";
import { FILTERS } from "../core/filters.ts";
import { place, type Size } from "../core/geometry.ts";
import { definePixels } from "../core/operation.ts";
import type { Step } from "../core/step.ts";
import { checkArea, inside, outside, sameSize } from "./resize.ts";

const edge = integer({ min: 1, max: 16384, unit: "px" });

/**
 * The plain grammar's cover, pad and fill where OSS's resize means something else: without `enlarge` the picture never
 * grows, yet cover still crops and pad still gives the whole canvas; and what is kept can be chosen by `g`.
 * An extension of OSS IMG; sharp and IPX behave so with withoutEnlargement.
 */
export const fit = definePixels({
  name: "fit",
  summary: "cover, pad or fill a box without growing the picture, held at a gravity or focal point",
  args: {
    m: oneOf(["cover", "pad", "fill"], "cover"),
    w: edge,
    h: edge,
    enlarge: flag(0),
    g: anchor("center"),
    /** Absent: transparent, so that the background of the result shows. */
    color: colorWithAlpha(),
    filter: oneOf(FILTERS, "lanczos3"),
    linear: flag(0),
  },
  check({ w, h }) {
    if (w === undefined || h === undefined) {
      throw badArgument({ operation: "fit", expected: "both w and h", kind: "missing" });
    }
  },
  plan({ m, w, h, enlarge, g, color, filter, linear }, input) {
    const box = { width: w ?? input.width, height: h ?? input.height };
    const scaled = scaledSize(m, box, input, enlarge === 1);
    checkArea(scaled, input);
    const steps: Step[] = [];
    if (!sameSize(scaled, input)) steps.push({ kind: "scale", params: { filter, linear: linear === 1 }, output: scaled });
    if (m === "cover") {
      const output = { width: Math.min(box.width, scaled.width), height: Math.min(box.height, scaled.height) };
      if (!sameSize(output, scaled)) {
        steps.push({ kind: "crop", params: { rect: { ...place(output, scaled, g), ...output } }, output });
      }
    } else if (m === "pad" && !sameSize(box, scaled)) {
      checkArea(box, input);
      const params = { ...place(scaled, box, g), ...(color === undefined ? {} : { color }) };
      steps.push({ kind: "extend", params, output: box });
    }
    return steps;
  },
});

function scaledSize(mode: "cover" | "pad" | "fill", box: Size, source: Size, enlarge: boolean): Size {
  if (mode === "fill") {
    return enlarge ? box : { width: Math.min(box.width, source.width), height: Math.min(box.height, source.height) };
  }
  const scaled = mode === "cover" ? outside(box, source) : inside(box, source);
  return !enlarge && (scaled.width > source.width || scaled.height > source.height)
    ? { width: source.width, height: source.height }
    : scaled;
}
