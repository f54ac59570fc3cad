import { integer } from "../core/args.ts";
import { defineSetting } from "../core/operation.ts";

const MAX_BYTES = 64 * 1024 * 1024; // as sources by default (core/limits.ts); no picture of the web is larger

/** Largest result in bytes; the quality is lowered as far as that takes. An extension: OSS has no such switch. */
export const maxbytes = defineSetting({
  name: "maxbytes",
  summary: "lower the quality until the result has at most this many bytes",
  args: { value: integer({ min: 1, max: MAX_BYTES, unit: "bytes" }) },
  bare: "value",
  set: ({ value }, settings) => (value === undefined ? settings : { ...settings, maxBytes: value }),
  get: ({ maxBytes }) => (maxBytes === undefined ? undefined : { value: String(maxBytes) }),
});
