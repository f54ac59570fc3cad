import { integer } from "../core/args.ts";
import { notSupported, TransformError } from "../core/errors.ts";
import { oriented, orientationOfAngle } from "../core/geometry.ts";
import { definePixels } from "../core/operation.ts";

/** OSS refuses to rotate sides over this (OSS IMG reference, section 2, EC 006). */
export const STRICT_ROTATION_SIDE = 4096;

/** Turns clockwise by whole degrees (OSS IMG reference, section 5.6); quarter turns are exact. */
export const rotate = definePixels({
  name: "rotate",
  summary: "turn clockwise by a multiple of 90°",
  args: { value: integer({ min: 0, max: 360 }) },
  bare: "value",
  check({ value = 0 }) {
    if (value % 90 !== 0) throw notSupported("rotate", "an angle that is no multiple of 90", String(value));
  },
  plan({ value = 0 }, input) {
    checkRotation(input.width, input.height, input.ossStrict);
    const orientation = orientationOfAngle((value % 360) as 0 | 90 | 180 | 270);
    if (orientation === 1) return [];
    return [{ kind: "turn", params: { orientation }, output: oriented(input, orientation) }];
  },
});

/** SOURCE_TOO_LARGE for sides that OSS refuses to rotate, when OSS's smaller limits are asked for. */
export function checkRotation(width: number, height: number, ossStrict: boolean): void {
  if (!ossStrict || (width <= STRICT_ROTATION_SIDE && height <= STRICT_ROTATION_SIDE)) return;
  throw new TransformError("SOURCE_TOO_LARGE", "Picture exceed the maximum allowable rotation range");
}
