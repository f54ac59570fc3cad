import { flag } from "../core/args.ts";
import { definePixels } from "../core/operation.ts";
import type { ColorMatrix } from "../core/step.ts";

/** 0.2126 R + 0.7152 G + 0.0722 B (Filter Effects Module Level 1, `grayscale`; the shares are those of BT.709), in 1/4096. */
const LUMA = [871, 2929, 296, 0] as const;
const MATRIX: ColorMatrix = [...LUMA, ...LUMA, ...LUMA];

/** 1: shades of gray, as CSS's grayscale(1). 0 leaves the colors. An extension: OSS has no such operation. */
export const gray = definePixels({
  name: "gray",
  summary: "shades of gray (1) or the colors as they are (0)",
  args: { value: flag(0) },
  bare: "value",
  plan({ value }, { width, height }) {
    return value === 0 ? [] : [{ kind: "matrix", params: { matrix: MATRIX }, output: { width, height } }];
  },
});
