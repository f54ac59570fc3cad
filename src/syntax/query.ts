import {
  type Arg,
  type ArgSpecs,
  type ArgsOf,
  type ArgValue,
  anchor,
  color,
  flag,
  integer,
  oneOf,
  parseArg,
} from "../core/args.ts";
import { badArgument, notSupported } from "../core/errors.ts";
import { GRAVITIES } from "../core/geometry.ts";
import type { PixelOperation } from "../core/operation.ts";
import { hasOwn } from "../core/own.ts";
import type { Plan, Settings } from "../core/plan.ts";
import { formatOfExtension } from "../operations/format.ts";
import { OPERATIONS } from "../operations/index.ts";
import { addCall, emptyPlan } from "./oss-process.ts";

const side = integer({ min: 1, max: 16384 });
const inset = integer({ min: 0, max: 4096 });

/** `x,y,w,h` px; `:` separates as well, because a comma ends an argument inside a key. */
const rectangle: Arg<string> = {
  expected: "x,y,w,h in px, w and h from 1 to 16384",
  parse(text) {
    const parts = text.split(/[,:]/);
    const numbers = parts.map((part) => (/^\d{1,5}$/.test(part) ? Number(part) : -1));
    const [x = -1, y = -1, w = 0, h = 0] = numbers;
    const fits = parts.length === 4 && x >= 0 && y >= 0 && w >= 1 && h >= 1 && numbers.every((n) => n <= 16384);
    return fits ? numbers.join(",") : undefined;
  },
  print: (value) => value,
};
const key: Arg<string> = {
  expected: "an object key of at most 1023 bytes",
  parse: (text) => (text !== "" && new TextEncoder().encode(text).length <= 1023 ? text : undefined),
  print: (value) => value,
};
const formatName: Arg<string> = {
  expected: "one of jpg, jpeg, png, webp, avif",
  parse: (text) => (text === "auto" || text === "jxl" ? text : formatOfExtension(text)),
  print: (value) => value,
};

/** Every name of the plain grammar that is built, with its values (surface: "Plain query, name by name"). */
export const QUERY_ARGS = {
  w: side,
  h: side,
  fit: oneOf(["inside", "outside", "cover", "pad", "fill"], "inside"),
  enlarge: flag(0),
  g: anchor("center"),
  crop: rectangle,
  rotate: integer({ min: 0, max: 360 }),
  bg: color(),
  wm: key,
  wm_g: oneOf(GRAVITIES),
  wm_x: inset,
  wm_y: inset,
  wm_t: integer({ min: 0, max: 100 }),
  wm_w: integer({ min: 1, max: 100 }),
  format: formatName,
  q: integer({ min: 1, max: 100 }),
  info: flag(0),
} satisfies ArgSpecs;
type QueryArgs = ArgsOf<typeof QUERY_ARGS>;

/** What each name means, for the README's table. */
export const QUERY_MEANINGS: Readonly<Record<keyof typeof QUERY_ARGS, string>> = {
  w: "width of the box in px; alone it keeps the ratio",
  h: "height of the box in px; alone it keeps the ratio",
  fit: "lies within the box, covers it, covers and crops, lies within plus background, stretches",
  enlarge: "1: may grow beyond the source",
  g: "what cover and crop keep, where pad puts the picture",
  crop: "rectangle of the upright source, cut before resizing",
  rotate: "degrees clockwise, a multiple of 90 for now",
  bg: "color behind pad and behind transparency in JPEG",
  wm: "key of a picture of the bucket to draw on the result",
  wm_g: "where it is drawn (default se)",
  wm_x: "its distance from the left or right edge (default 10)",
  wm_y: "its distance from the top or bottom edge (default 10)",
  wm_t: "its opacity in percent (default 100)",
  wm_w: "its width in percent of the picture's",
  format: "output format (alias f)",
  q: "quality of a lossy result",
  info: "1: a JSON description of the source",
};

const ALIASES: Readonly<Record<string, string>> = { f: "format" };

/** Names that are ours but arrive with a later capability: a 400, never silence. */
export const PLANNED_QUERY_ARGS: readonly string[] = [
  "dpr",
  "trim",
  "flip",
  "blur",
  "sharpen",
  "gray",
  "bright",
  "contrast",
  "saturate",
  "pixelate",
  "radius",
  "wm_text",
  "wm_size",
  "wm_color",
  "wm_font",
  "wm_rotate",
  "wm_fill",
  "frame",
  "t",
  "lossless",
  "progressive",
  "maxbytes",
  "meta",
];

/** True for a name that this grammar reads, now or later. */
export function isQueryName(name: string): boolean {
  return hasOwn(ALIASES, name) || hasOwn(QUERY_ARGS, name) || PLANNED_QUERY_ARGS.includes(name);
}

/**
 * Plan of plain arguments by name, or undefined where none of them is ours. The order of operations is fixed:
 * orient, crop, resize, rotate, watermark, encode. `strict` refuses unknown names.
 */
export function parseQuery(texts: ReadonlyMap<string, string>, strict = false): Plan | undefined {
  const values: Record<string, ArgValue> = {};
  let found = false;
  for (const [written, text] of texts) {
    const name = ALIASES[written] ?? written;
    if (PLANNED_QUERY_ARGS.includes(name)) throw notSupported("query", name);
    if (name === "bg" && /^[0-9a-fA-F]{8}$/.test(text)) throw notSupported("query", name, text);
    if (name === "g" && text === "smart") throw notSupported("query", name, text);
    const arg: Arg<ArgValue> | undefined = hasOwn(QUERY_ARGS, name) ? QUERY_ARGS[name as keyof typeof QUERY_ARGS] : undefined;
    if (arg === undefined) {
      if (strict) throw badArgument({ operation: "query", parameter: written, value: text, expected: "a known name" });
      continue;
    }
    values[name] = parseArg("query", written, arg, text);
    found = true;
  }
  if (!found) return undefined;
  for (const [name, arg] of Object.entries<Arg<ArgValue>>(QUERY_ARGS)) {
    if (values[name] === undefined && arg.initial !== undefined) values[name] = arg.initial;
  }
  if (values["info"] === 1) return infoPlan(texts);
  return toPlan(values as QueryArgs);
}

/** Like OSS's own info, it describes the source and cannot be combined. */
function infoPlan(texts: ReadonlyMap<string, string>): Plan {
  const other = [...texts.keys()].find((name) => name !== "info" && isQueryName(name));
  if (other !== undefined)
    throw badArgument({ operation: "query", parameter: "info", value: "1", expected: `to stand without ${other}` });
  return { ...emptyPlan(), answer: "info" };
}

function toPlan(args: QueryArgs): Plan {
  const stages = [cropStage, resizeStage, rotateStage, watermarkStage];
  const plan = stages.reduce((plan, stage) => stage(plan, args), emptyPlan());
  return { ...plan, settings: settingsOf(args, plan.settings) };
}

function cropStage(plan: Plan, { crop, g }: QueryArgs): Plan {
  if (crop === undefined) return plan;
  const [x = "", y = "", w = "", h = ""] = crop.split(",");
  const anchored = g === "center" ? {} : { g: QUERY_ARGS.g.print(g) };
  return addCall(plan, pixelOperation("crop"), { x, y, w, h, ...anchored });
}

/** OSS's own resize wherever it means the same for every source; else the named extension `fit`. */
function resizeStage(plan: Plan, args: QueryArgs): Plan {
  const { w, h, fit, enlarge, g, bg } = args;
  if (w === undefined && h === undefined) return plan;
  const box = { ...(w === undefined ? {} : { w: String(w) }), ...(h === undefined ? {} : { h: String(h) }) };
  const limit = enlarge === 1 ? "0" : "1";
  if (w === undefined || h === undefined || fit === "inside") {
    return addCall(plan, pixelOperation("resize"), { ...box, limit });
  }
  if (fit === "outside") return addCall(plan, pixelOperation("resize"), { ...box, m: "mfit", limit });
  if (enlarge === 1 && fit === "fill") return addCall(plan, pixelOperation("resize"), { ...box, m: "fixed", limit });
  if (enlarge === 1 && fit === "cover" && g === "center") {
    return addCall(plan, pixelOperation("resize"), { ...box, m: "fill", limit });
  }
  return addCall(plan, pixelOperation("fit"), {
    ...box,
    m: fit,
    enlarge: String(enlarge),
    g: QUERY_ARGS.g.print(g),
    ...(bg === undefined || fit !== "pad" ? {} : { color: bg }),
  });
}

function rotateStage(plan: Plan, { rotate }: QueryArgs): Plan {
  return rotate === undefined ? plan : addCall(plan, pixelOperation("rotate"), { value: String(rotate) });
}

function watermarkStage(plan: Plan, args: QueryArgs): Plan {
  if (args.wm === undefined) return plan;
  const texts: Record<string, string> = {};
  if (args.wm_g !== undefined) texts["g"] = args.wm_g;
  if (args.wm_x !== undefined) texts["x"] = String(args.wm_x);
  if (args.wm_y !== undefined) texts["y"] = String(args.wm_y);
  if (args.wm_t !== undefined) texts["t"] = String(args.wm_t);
  texts["image"] = args.wm_w === undefined ? args.wm : `${args.wm}?x-oss-process=image/resize,pw_${args.wm_w}`;
  return addCall(plan, pixelOperation("watermark"), texts);
}

function settingsOf(args: QueryArgs, settings: Settings): Settings {
  const { q, bg, format } = args;
  if (format === "auto" || format === "jxl" || format === "gif" || format === "bmp" || format === "tiff" || format === "heic") {
    throw notSupported("query", "format", format);
  }
  return {
    ...settings,
    quality: q === undefined ? { rule: "auto" } : { rule: "absolute", value: q },
    ...(bg === undefined ? {} : { background: bg }),
    ...(format === undefined ? {} : { format: format as NonNullable<Settings["format"]> }),
  };
}

function pixelOperation(name: string): PixelOperation {
  const operation = OPERATIONS.get(name);
  if (operation?.kind !== "pixels") throw new Error(`no pixel operation ${name}`);
  return operation;
}
