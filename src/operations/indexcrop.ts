import { integer } from "../core/args.ts";
import { badArgument } from "../core/errors.ts";
import { intersect, isWhole } from "../core/geometry.ts";
import { definePixels } from "../core/operation.ts";

/** No picture that OSS processes has a longer side (OSS IMG reference, section 2). */
const side = integer({ min: 1, max: 30_000, unit: "px" });

/**
 * Cuts the picture into slices x px wide or y px high and keeps number i, from 0 (OSS IMG reference, section 5.3). y wins over
 * x. The last slice may be narrower; beyond it the whole picture is the result, as OSS documents.
 */
export const indexcrop = definePixels({
  name: "indexcrop",
  summary: "cut into slices x px wide or y px high and keep number i",
  args: { x: side, y: side, i: integer({ min: 0, max: 999_999_999, initial: 0 }) },
  check({ x, y }) {
    if (x === undefined && y === undefined) {
      throw badArgument({ operation: "indexcrop", expected: `x or y, ${side.expected}`, kind: "missing" });
    }
  },
  plan({ x, y, i }, input) {
    const { width, height } = input;
    const slice =
      y === undefined ? { x: i * (x ?? width), y: 0, width: x ?? width, height } : { x: 0, y: i * y, width, height: y };
    const rect = intersect(slice, input);
    return rect === undefined || isWhole(rect, input) ? [] : [{ kind: "crop", params: { rect }, output: rect }];
  },
});
