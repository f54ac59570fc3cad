import { integer } from "../core/args.ts";
import { notSupported } from "../core/errors.ts";
import { orientationOfAngle, oriented } from "../core/geometry.ts";
import { checkRotation } from "../core/limits.ts";
import { definePixels } from "../core/operation.ts";

/** Turns clockwise by whole degrees (OSS IMG reference, section 5.6); quarter turns are exact. */
export const rotate = definePixels({
  name: "rotate",
  summary: "turn clockwise by a multiple of 90°",
  args: { value: integer({ min: 0, max: 360 }) },
  bare: "value",
  check({ value = 0 }) {
    if (value % 90 !== 0) throw notSupported("rotate", undefined, String(value));
  },
  plan({ value = 0 }, input) {
    checkRotation(input, input.ossStrict);
    const orientation = orientationOfAngle((value % 360) as 0 | 90 | 180 | 270);
    if (orientation === 1) return [];
    return [{ kind: "turn", params: { orientation }, output: oriented(input, orientation) }];
  },
});
