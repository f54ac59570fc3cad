import { color } from "../core/args.ts";
import { defineSetting } from "../core/operation.ts";
import { DEFAULT_SETTINGS } from "../core/plan.ts";

/** Color behind transparency where the result cannot hold it. An extension: OSS always flattens on white (section 8). */
export const background = defineSetting({
  name: "background",
  summary: "color behind transparency in a result without alpha",
  args: { value: color(DEFAULT_SETTINGS.background) },
  bare: "value",
  set: ({ value }, settings) => ({ ...settings, background: value }),
  get: ({ background }) => (background === DEFAULT_SETTINGS.background ? undefined : { value: background }),
});
