import { integer } from "../core/args.ts";
import { definePixels } from "../core/operation.ts";

/** Squares of `value` px, counted from the top left, each in its mean color. An extension: OSS has no such operation. */
export const pixelate = definePixels({
  name: "pixelate",
  summary: "squares of 2 to 256 px, each in its mean color",
  args: { value: integer({ min: 2, max: 256, unit: "px" }) },
  bare: "value",
  plan({ value }, { width, height }) {
    return value === undefined ? [] : [{ kind: "pixelate", params: { block: value }, output: { width, height } }];
  },
});
