import { oneOf } from "../core/args.ts";
import { defineSetting } from "../core/operation.ts";
import { CHROMAS } from "../core/plan.ts";

/**
 * Resolution of color in a lossy result: 420 halves it in both directions, as cameras do; 444 keeps all of it, which thin
 * red or blue lines and text need. BAD_ARGUMENT where the format has no choice. An extension of OSS IMG.
 */
export const chroma = defineSetting({
  name: "chroma",
  summary: "color of a JPEG or AVIF at half resolution (420, the default) or full (444)",
  args: { value: oneOf(CHROMAS) },
  bare: "value",
  set: ({ value }, settings) => (value === undefined ? settings : { ...settings, chroma: value }),
  get: ({ chroma }) => (chroma === undefined ? undefined : { value: chroma }),
});
