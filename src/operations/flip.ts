import { oneOf } from "../core/args.ts";
import type { Orientation } from "../core/geometry.ts";
import { definePixels } from "../core/operation.ts";

const DIRECTIONS = ["h", "v", "hv"] as const;
/** As EXIF orientations that need that very move to be upright (EXIF 2.32 section 4.6.4, tag 0x0112). */
const ORIENTATIONS: Readonly<Record<(typeof DIRECTIONS)[number], Orientation>> = { h: 2, v: 4, hv: 3 };

/** Mirrors left to right (h), top to bottom (v) or both (hv). An extension: OSS has no such operation. */
export const flip = definePixels({
  name: "flip",
  summary: "mirror left to right (h), top to bottom (v) or both (hv)",
  args: { value: oneOf(DIRECTIONS) },
  bare: "value",
  plan({ value }, { width, height }) {
    if (value === undefined) return [];
    return [{ kind: "turn", params: { orientation: ORIENTATIONS[value] }, output: { width, height } }];
  },
});
