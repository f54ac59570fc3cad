import { flag } from "../core/args.ts";
import { defineSetting } from "../core/operation.ts";

/** 1: a progressive result where its format can be one, which is JPEG; elsewhere without effect (OSS IMG reference, section 7.3). */
export const interlace = defineSetting({
  name: "interlace",
  summary: "progressive JPEG (1) or baseline (0, the default)",
  args: { value: flag(0) },
  bare: "value",
  set: ({ value }, settings) => ({ ...settings, progressive: value === 1 }),
  get: ({ progressive }) => (progressive ? { value: "1" } : undefined),
});
