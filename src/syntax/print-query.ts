import { type Arg, type ArgValue, isInitial } from "../core/args.ts";
import { TransformError } from "../core/errors.ts";
import { type Call, DEFAULT_SETTINGS, type Plan, type QualityRule } from "../core/plan.ts";
import { OPERATIONS } from "../operations/index.ts";
import { printPlan } from "./print.ts";
import { QUERY_ARGS } from "./query-args.ts";
import { WATERMARK_ARGS } from "./query-plan.ts";
import { parseText } from "./request.ts";

type Texts = Readonly<Record<string, string>>;
type QueryName = keyof typeof QUERY_ARGS;

/** What the plain grammar calls an argument of an operation. What is missing here cannot be said, unless it is at its initial value. */
const NAMES: Readonly<Record<string, Readonly<Record<string, QueryName>>>> = {
  resize: { w: "w", h: "h", filter: "filter", linear: "linear" },
  fit: { w: "w", h: "h", enlarge: "enlarge", g: "g", filter: "filter", linear: "linear" },
  crop: { g: "g" },
  trim: { value: "trim" },
  rotate: { value: "rotate" },
  flip: { value: "flip" },
  bright: { value: "bright" },
  contrast: { value: "contrast" },
  saturate: { value: "saturate" },
  gray: { value: "gray" },
  blur: { sigma: "blur" },
  sharpen: { sigma: "sharpen" },
  pixelate: { value: "pixelate" },
  "rounded-corners": { r: "radius" },
  watermark: WATERMARK_ARGS,
  background: { value: "bg" },
  format: { value: "format" },
  quality: { a: "q" },
  lossless: { value: "lossless" },
  chroma: { value: "chroma" },
  effort: { value: "effort" },
  interlace: { value: "progressive" },
  maxbytes: { value: "maxbytes" },
  meta: { value: "meta" },
};
/** OSS's modes of resize by the plain grammar's word; `pad` is missing because OSS's needs no bg and keeps its own color. */
const FITS: Readonly<Record<string, string>> = { mfit: "outside", fill: "cover", fixed: "fill" };
/** A plain query with nothing in it asks for nothing, so what only encodes anew says a default aloud. */
const ENCODE_ONLY = `meta=${DEFAULT_SETTINGS.meta}`;

/**
 * The plain query that parses to the same plan, names in the order of the README's table, or undefined where the plain grammar
 * cannot say it: another order of operations, an operation or argument of OSS's alone, OSS's rules of quality.
 */
export function printQuery(plan: Plan): string | undefined {
  const texts = plan.answer === "info" ? { info: "1" } : pictureTexts(plan);
  const pairs = Object.keys(QUERY_ARGS).flatMap((name) => {
    const text = texts[name];
    return text === undefined ? [] : [`${name}=${encodeValue(text)}`];
  });
  const query = pairs.join("&") || ENCODE_ONLY;
  // What cannot be said has been left out above, so the text is only right if it means the plan
  return means(query, plan) ? query : undefined;
}

/**
 * The plain query of a plan; where only the rule of quality stands in the way, the nearest one with `exact` false: OSS's
 * default becomes the format's default, a ceiling or a relative quality that very value.
 */
export function plainQuery(plan: Plan): { readonly text: string; readonly exact: boolean } | undefined {
  const exact = printQuery(plan);
  if (exact !== undefined) return { text: exact, exact: true };
  const { quality } = plan.settings;
  const nearest: QualityRule = "value" in quality ? { rule: "absolute", value: quality.value } : { rule: "auto" };
  const text = printQuery({ ...plan, settings: { ...plan.settings, quality: nearest } });
  return text === undefined ? undefined : { text, exact: false };
}

/** Texts by plain name. Of two that differ the last stays, which the check for the same meaning finds. */
function pictureTexts(plan: Plan): Texts {
  const texts: Record<string, string> = {};
  for (const call of plan.calls) Object.assign(texts, callTexts(call));
  for (const operation of OPERATIONS.values()) {
    if (operation.kind === "setting") Object.assign(texts, renamed(operation.name, operation.get(plan.settings) ?? {}));
  }
  return texts;
}

function callTexts(call: Call): Texts {
  const { args, mark } = call;
  const texts = renamed(call.name, argTexts(call));
  switch (call.name) {
    case "crop":
      return { ...texts, crop: `${args["x"]},${args["y"]},${args["w"]},${args["h"]}` };
    case "resize": {
      const fit = FITS[String(args["m"])];
      return { ...texts, ...(fit === undefined ? {} : { fit }), ...(args["limit"] === 0 ? { enlarge: "1" } : {}) };
    }
    case "fit":
      return { ...texts, fit: String(args["m"]) };
    case "watermark": {
      if (mark === undefined) return texts;
      const percent = mark.plan?.calls[0]?.args["pw"];
      return { ...texts, wm: mark.key, ...(percent === undefined ? {} : { wm_w: String(percent) }) };
    }
    default:
      return texts;
  }
}

/** Argument texts of a call, without those that silence says too. */
function argTexts(call: Call): Texts {
  const texts: Record<string, string> = {};
  for (const [name, arg] of Object.entries<Arg<ArgValue>>(OPERATIONS.get(call.name)?.args ?? {})) {
    const value = call.args[name];
    // gray,0 says something else than no gray at all, but the plain grammar has no word for it
    if (value !== undefined && !isInitial(arg, value)) texts[name] = arg.print(value);
  }
  return texts;
}

function renamed(operation: string, texts: Texts): Texts {
  const names = NAMES[operation] ?? {};
  return Object.fromEntries(
    Object.entries(texts).flatMap(([argument, text]) => {
      const name = names[argument];
      return name === undefined ? [] : [[name, text] as const];
    }),
  );
}

/** Percent-encoded as far as a query needs it. Half a surrogate pair, which has no UTF-8, becomes what a picture shows of it. */
function encodeValue(text: string): string {
  const wellFormed = new TextDecoder().decode(new TextEncoder().encode(text));
  return encodeURIComponent(wellFormed).replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%2F/g, "/");
}

function means(query: string, plan: Plan): boolean {
  try {
    return printPlan(parseText(query)) === printPlan(plan);
  } catch (thrown) {
    if (thrown instanceof TransformError) return false;
    throw thrown;
  }
}
