import { flag } from "../core/args.ts";
import { defineSetting } from "../core/operation.ts";

/** 1: an encoder that loses nothing, where the result's format has one. An extension: OSS has no such switch. */
export const lossless = defineSetting({
  name: "lossless",
  summary: "encode without loss (1: WebP, AVIF, PNG) or by quality (0, the default)",
  args: { value: flag(0) },
  bare: "value",
  set: ({ value }, settings) => ({ ...settings, lossless: value === 1 }),
  get: ({ lossless }) => (lossless ? { value: "1" } : undefined),
});
