import {
  type Arg,
  type ArgSpecs,
  type ArgsOf,
  anchor,
  color,
  colorWithAlpha,
  decimal,
  encodedText,
  flag,
  gravity,
  integer,
  integerOr,
  oneOf,
} from "../core/args.ts";
import { FILTERS } from "../core/filters.ts";
import { CHROMAS, EFFORTS, META_RULES } from "../core/plan.ts";
import { FONT_NAMES } from "../core/text.ts";
import { formatOfExtension } from "../operations/format.ts";

/** Longest edge that may be asked for, with dpr as well. */
export const MAX_SIDE = 16384;
const side = integer({ min: 1, max: MAX_SIDE });
const inset = integer({ min: 0, max: 4096 });
const level = integer({ min: -100, max: 100 });
const percent = integer({ min: 0, max: 100 });

/** `x,y,w,h` px; `:` separates as well, because a comma ends an argument inside a key. */
const rectangle: Arg<string> = {
  domain: { kind: "text", maxBytes: 23 },
  expected: "x,y,w,h in px, w and h from 1 to 16384",
  parse(text) {
    const parts = text.split(/[,:]/);
    const numbers = parts.map((part) => (/^\d{1,5}$/.test(part) ? Number(part) : -1));
    const [x = -1, y = -1, w = 0, h = 0] = numbers;
    const fits = parts.length === 4 && x >= 0 && y >= 0 && w >= 1 && h >= 1 && numbers.every((n) => n <= MAX_SIDE);
    return fits ? numbers.join(",") : undefined;
  },
  print: (value) => value,
};
const key: Arg<string> = {
  domain: { kind: "text", maxBytes: 1023 },
  expected: "an object key of at most 1023 bytes",
  parse: (text) => (text !== "" && new TextEncoder().encode(text).length <= 1023 ? text : undefined),
  print: (value) => value,
};
const line: Arg<string> = { ...encodedText(64), expected: "a text of at most 64 bytes of UTF-8" };
const formatName: Arg<string> = {
  domain: { kind: "words", words: ["jpg", "png", "webp", "avif", "bmp", "tiff"] },
  expected: "one of jpg, jpeg, png, webp, avif, bmp, tiff",
  parse: (text) => (text === "auto" || text === "jxl" ? text : formatOfExtension(text)),
  print: (value) => value,
};

/** Every name of the plain grammar that is built, with its values (surface: "Plain query, name by name"). */
export const QUERY_ARGS = {
  w: side,
  h: side,
  fit: oneOf(["inside", "outside", "cover", "pad", "fill"], "inside"),
  enlarge: flag(0),
  filter: oneOf(FILTERS, "lanczos3"),
  linear: flag(0),
  dpr: decimal({ min: 0.5, max: 4, digits: 2 }),
  g: anchor(),
  crop: rectangle,
  trim: integer({ min: 0, max: 255 }),
  rotate: integer({ min: 0, max: 360 }),
  flip: oneOf(["h", "v", "hv"]),
  bright: level,
  contrast: level,
  saturate: level,
  gray: flag(0),
  blur: decimal({ min: 0.3, max: 250, digits: 3 }),
  sharpen: decimal({ min: 0.3, max: 10, digits: 3 }),
  pixelate: integer({ min: 2, max: 256 }),
  radius: integerOr({ min: 1, max: 4096 }, "max"),
  bg: colorWithAlpha(),
  wm: key,
  wm_w: integer({ min: 1, max: 100 }),
  wm_text: line,
  wm_size: integer({ min: 1, max: 1000 }),
  wm_color: color(),
  wm_font: oneOf(FONT_NAMES),
  wm_shadow: percent,
  wm_rotate: integer({ min: 0, max: 360 }),
  wm_g: gravity(),
  wm_x: inset,
  wm_y: inset,
  wm_t: percent,
  wm_fill: flag(0),
  wm_padx: inset,
  wm_pady: inset,
  format: formatName,
  q: integer({ min: 1, max: 100 }),
  lossless: flag(0),
  progressive: flag(0),
  chroma: oneOf(CHROMAS),
  effort: oneOf(EFFORTS, "fast"),
  maxbytes: integer({ min: 1, max: 67_108_864 }),
  meta: oneOf(META_RULES),
  info: flag(0),
} satisfies ArgSpecs;
export type QueryArgs = ArgsOf<typeof QUERY_ARGS>;

/** What each name means, for the README's table. */
export const QUERY_MEANINGS: Readonly<Record<keyof typeof QUERY_ARGS, string>> = {
  w: "width of the box in px; alone it keeps the ratio",
  h: "height of the box in px; alone it keeps the ratio",
  fit: "lies within the box, covers it, covers and crops, lies within plus background, stretches",
  enlarge: "1: may grow beyond the source",
  filter: "resampling function; lanczos3 is the sharpest, nearest keeps hard pixels",
  linear: "1: resample in linear light",
  dpr: "multiplies w and h",
  g: "what cover keeps, where pad puts the picture (default center); else where `crop` counts from (default nw)",
  crop: "rectangle of the upright source, cut before resizing",
  trim: "cut uniform borders; a border pixel differs from the top left one by at most this in every channel",
  rotate: "degrees clockwise; the canvas grows, its corners show `bg`",
  flip: "mirror left to right, top to bottom, or both",
  bright: "levels of 255 added",
  contrast: "percent more or less contrast around the middle",
  saturate: "percent more or less saturation",
  gray: "1: shades of gray",
  blur: "standard deviation of a Gaussian blur in px",
  sharpen: "standard deviation of an unsharp mask in px",
  pixelate: "side of the squares in px",
  radius: "rounded corners in px; `max` is a circle or capsule",
  bg: "color behind all transparency: of the source, of pad, rotate and radius (default: white where the result has no alpha)",
  wm: "key of a picture of the bucket to draw on the result",
  wm_w: "its width in percent of the picture's",
  wm_text: "a line of text to draw on the result; with `wm`, beside that picture",
  wm_size: "its size in px (default 40)",
  wm_color: "its color (default 000000)",
  wm_font: "its font, by OSS's name (default wqy-zenhei)",
  wm_shadow: "opacity of its shadow in percent (default 0)",
  wm_rotate: "degrees clockwise (default 0)",
  wm_g: "where the watermark is drawn (default se)",
  wm_x: "its distance from the left or right edge (default 10)",
  wm_y: "its distance from the top or bottom edge (default 10)",
  wm_t: "its opacity in percent (default 100)",
  wm_fill: "1: repeat it over the whole picture",
  wm_padx: "gap between the repetitions in px (default 0)",
  wm_pady: "likewise, from top to bottom",
  format: "output format (alias f)",
  q: "quality of a lossy result",
  lossless: "1: no loss in the encoder (png, webp, avif, tiff, bmp)",
  progressive: "1: a JPEG that shows a coarse picture first",
  chroma: "color of a JPEG or AVIF at half (420, the default) or full resolution (444)",
  effort: "encoder: the fastest, or the one with the fewest bytes",
  maxbytes: "size the result must not exceed; the quality is lowered until it fits",
  meta: "metadata of the result: none, copyright and artist, or all EXIF",
  info: "1: a JSON description of the source",
};

/** Names that are ours but arrive with a later capability: a 400, never silence. */
export const PLANNED_QUERY_ARGS: readonly string[] = ["frame", "t"];
