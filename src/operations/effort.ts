import { oneOf } from "../core/args.ts";
import { defineSetting } from "../core/operation.ts";
import { EFFORTS } from "../core/plan.ts";

/**
 * How hard the encoder works at one quality: `fast` writes JPEG with our own encoder, `small` with mozjpeg's trellis, and
 * likewise for the other formats (docs/benchmarks.md has the bytes and times). An extension of OSS IMG.
 */
export const effort = defineSetting({
  name: "effort",
  summary: "fast encoding (fast, the default) or fewest bytes (small)",
  args: { value: oneOf(EFFORTS, "fast") },
  bare: "value",
  set: ({ value }, settings) => ({ ...settings, effort: value }),
  get: ({ effort }) => (effort === "fast" ? undefined : { value: effort }),
});
