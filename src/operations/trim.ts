import { integer } from "../core/args.ts";
import { definePixels } from "../core/operation.ts";

/**
 * Cuts borders of one color, whose channels may differ from the top left pixel's by up to `value` levels. The planned size is
 * the size before: what is left depends on the pixels. An extension: OSS has no such operation.
 */
export const trim = definePixels({
  name: "trim",
  summary: "cut borders of one color, within a tolerance of 0 to 255 levels",
  args: { value: integer({ min: 0, max: 255, unit: "levels" }) },
  bare: "value",
  plan({ value }, { width, height }) {
    return value === undefined ? [] : [{ kind: "trim", params: { tolerance: value }, output: { width, height } }];
  },
});
