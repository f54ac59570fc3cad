import { oneOf } from "../core/args.ts";
import { defineSetting } from "../core/operation.ts";
import { DEFAULT_SETTINGS, META_RULES } from "../core/plan.ts";

/** Which EXIF tags of the source the result carries. An extension; pixels are upright sRGB whatever is kept. */
export const meta = defineSetting({
  name: "meta",
  summary: "metadata of the result: none (strip, the default), author and rights (copyright) or EXIF tags (keep)",
  args: { value: oneOf(META_RULES, DEFAULT_SETTINGS.meta) },
  bare: "value",
  set: ({ value }, settings) => ({ ...settings, meta: value }),
  get: ({ meta }) => (meta === DEFAULT_SETTINGS.meta ? undefined : { value: meta }),
});
