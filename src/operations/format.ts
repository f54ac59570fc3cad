import type { Arg } from "../core/args.ts";
import { notSupported } from "../core/errors.ts";
import { defineSetting } from "../core/operation.ts";
import { hasOwn } from "../core/own.ts";
import type { OutputFormat } from "../core/plan.ts";

/** Written name to format. `jpg` is OSS's own spelling; the engine says `jpeg`. */
const NAMES: Readonly<Record<string, OutputFormat>> = {
  jpg: "jpeg",
  jpeg: "jpeg",
  png: "png",
  webp: "webp",
  avif: "avif",
  gif: "gif",
  bmp: "bmp",
  tiff: "tiff",
  heic: "heic",
};
/** Formats of the language without an encoder yet. `gif` is not among them: for other sources it means no change. */
const PLANNED: readonly OutputFormat[] = ["heic"];

const value: Arg<OutputFormat> = {
  domain: { kind: "words", words: ["jpg", "png", "webp", "avif", "tiff", "bmp"] },
  expected: `one of ${Object.keys(NAMES).join(", ")}`,
  parse: (text) => (hasOwn(NAMES, text) ? NAMES[text] : undefined),
  print: (format) => (format === "jpeg" ? "jpg" : format),
};

/** Output format (OSS IMG reference, section 7.2). `gif` keeps the format of a source that is no GIF, as OSS does. */
export const format = defineSetting({
  name: "format",
  summary: "output format: jpg, png, webp, avif, tiff or bmp; gif keeps a GIF one",
  args: { value },
  bare: "value",
  set({ value }, settings) {
    if (value === undefined) return settings;
    if (PLANNED.includes(value)) throw notSupported("format", undefined, value);
    return { ...settings, format: value };
  },
  get: ({ format }) => (format === undefined ? undefined : { value: value.print(format) }),
});

/** The format that a key's extension names, or undefined. */
export function formatOfExtension(extension: string): OutputFormat | undefined {
  const name = extension.toLowerCase();
  if (name === "tif") return "tiff";
  if (name === "heif") return "heic";
  return value.parse(name);
}
