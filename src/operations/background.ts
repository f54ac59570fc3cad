import { colorWithAlpha } from "../core/args.ts";
import { defineSetting } from "../core/operation.ts";

/** Color behind all transparency of the result. An extension: OSS always flattens on white (section 8). */
export const background = defineSetting({
  name: "background",
  summary: "color behind transparency (absent: white where the result has no alpha)",
  args: { value: colorWithAlpha() },
  bare: "value",
  set: ({ value }, settings) => (value === undefined ? settings : { ...settings, background: value }),
  get: ({ background }) => (background === undefined ? undefined : { value: background }),
});
