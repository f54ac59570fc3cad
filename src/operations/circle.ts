import { integer } from "../core/args.ts";
import { badArgument } from "../core/errors.ts";
import { isWhole, place } from "../core/geometry.ts";
import { definePixels } from "../core/operation.ts";
import type { Step } from "../core/step.ts";

const r = integer({ min: 1, max: 4096, unit: "px" });

/**
 * Keeps the disc of radius r px around the center, in its square of 2r + 1 px (OSS IMG reference, section 5.4). A radius that
 * does not fit is (shorter side − 1) / 2, floored: 267×267 of 400×267, and 99×99 of a side of 100, which is not documented.
 */
export const circle = definePixels({
  name: "circle",
  summary: "keep a disc of radius r around the center",
  args: { r },
  check(args) {
    if (args.r === undefined) throw badArgument({ operation: "circle", expected: `r, ${r.expected}`, kind: "missing" });
  },
  plan(args, input) {
    if (args.r === undefined) return [];
    const largest = Math.floor((Math.min(input.width, input.height) - 1) / 2);
    const diameter = 2 * Math.min(args.r, largest) + 1;
    const square = { width: diameter, height: diameter };
    const rect = { ...place(square, input, "center"), ...square };
    const mask: Step = { kind: "mask", params: { diameter }, output: square };
    return isWhole(rect, input) ? [mask] : [{ kind: "crop", params: { rect }, output: square }, mask];
  },
});
