import { rotatedSize } from "../core/angle.ts";
import { integer } from "../core/args.ts";
import { orientationOfAngle, oriented } from "../core/geometry.ts";
import { checkRotation } from "../core/limits.ts";
import { definePixels } from "../core/operation.ts";

/**
 * Turns clockwise by whole degrees (OSS IMG reference, section 5.6). Quarter turns are exact; others enlarge the canvas to
 * the smallest that holds the picture, with clear corners.
 */
export const rotate = definePixels({
  name: "rotate",
  summary: "turn clockwise by whole degrees",
  args: { value: integer({ min: 0, max: 360, unit: "degrees" }) },
  bare: "value",
  plan({ value = 0 }, input) {
    checkRotation(input, input.ossStrict);
    if (value % 90 !== 0) {
      return [{ kind: "rotate", params: { angleDeg: value }, output: rotatedSize(input, value) }];
    }
    const orientation = orientationOfAngle((value % 360) as 0 | 90 | 180 | 270);
    if (orientation === 1) return [];
    return [{ kind: "turn", params: { orientation }, output: oriented(input, orientation) }];
  },
});
