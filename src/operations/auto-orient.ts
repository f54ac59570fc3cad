import { flag } from "../core/args.ts";
import { defineSetting } from "../core/operation.ts";

/** 1 (also where the operation is absent): turn upright as EXIF says before anything else (OSS IMG reference, section 5.7). */
export const autoOrient = defineSetting({
  name: "auto-orient",
  summary: "apply the EXIF orientation first (1, the default) or leave pixels as stored (0)",
  args: { value: flag(1) },
  bare: "value",
  set: ({ value }, settings) => ({ ...settings, orient: value === 1 }),
  get: ({ orient }) => (orient ? undefined : { value: "0" }),
});
