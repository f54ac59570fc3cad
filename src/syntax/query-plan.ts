import { badArgument, notSupported } from "../core/errors.ts";
import { scaleEdge } from "../core/geometry.ts";
import type { PixelOperation } from "../core/operation.ts";
import type { Plan, Settings } from "../core/plan.ts";
import { OPERATIONS } from "../operations/index.ts";
import { addCall, emptyPlan } from "./oss-process.ts";
import { MAX_SIDE, QUERY_ARGS, type QueryArgs } from "./query-args.ts";

/** Plan of plain arguments, in the one order that there is. */
export function planOf(args: QueryArgs): Plan {
  const stages = [cropStage, trimStage, resizeStage, turnStage, effectStage, watermarkStage];
  const plan = stages.reduce((plan, stage) => stage(plan, args), emptyPlan());
  return { ...plan, settings: settingsOf(args, plan.settings) };
}

/** A gravity belongs to cover or pad where there is one: x and y then count from the top left. */
function cropStage(plan: Plan, args: QueryArgs): Plan {
  if (args.crop === undefined) return plan;
  const [x = "", y = "", w = "", h = ""] = args.crop.split(",");
  const held = (args.fit === "cover" || args.fit === "pad") && args.w !== undefined && args.h !== undefined;
  const anchored = args.g === undefined || held ? {} : { g: QUERY_ARGS.g.print(args.g) };
  return addCall(plan, pixelOperation("crop"), { x, y, w, h, ...anchored });
}

function trimStage(plan: Plan, { trim }: QueryArgs): Plan {
  return bare(plan, "trim", trim);
}

/** OSS's own resize wherever it means the same for every source; else the named extension `fit`. */
function resizeStage(plan: Plan, args: QueryArgs): Plan {
  const { fit, enlarge, g = "center" } = args;
  const w = timesDpr("w", args);
  const h = timesDpr("h", args);
  if (w === undefined && h === undefined) return plan;
  const sampling = { filter: args.filter, linear: String(args.linear) };
  const box = { ...(w === undefined ? {} : { w }), ...(h === undefined ? {} : { h }), ...sampling };
  const limit = enlarge === 1 ? "0" : "1";
  if (w === undefined || h === undefined || fit === "inside") {
    return addCall(plan, pixelOperation("resize"), { ...box, limit });
  }
  if (fit === "outside") return addCall(plan, pixelOperation("resize"), { ...box, m: "mfit", limit });
  if (enlarge === 1 && fit === "fill") return addCall(plan, pixelOperation("resize"), { ...box, m: "fixed", limit });
  if (enlarge === 1 && fit === "cover" && g === "center") {
    return addCall(plan, pixelOperation("resize"), { ...box, m: "fill", limit });
  }
  return addCall(plan, pixelOperation("fit"), { ...box, m: fit, enlarge: String(enlarge), g: QUERY_ARGS.g.print(g) });
}

function timesDpr(name: "w" | "h", args: QueryArgs): string | undefined {
  const edge = args[name];
  if (edge === undefined || args.dpr === undefined) return edge === undefined ? undefined : String(edge);
  const scaled = scaleEdge(edge, Math.round(args.dpr * 100), 100);
  if (scaled <= MAX_SIDE) return String(scaled);
  const expected = `${name} times dpr to be at most ${MAX_SIDE}`;
  throw badArgument({ operation: "query", parameter: "dpr", value: String(args.dpr), expected });
}

function turnStage(plan: Plan, { rotate, flip }: QueryArgs): Plan {
  return bare(bare(plan, "rotate", rotate), "flip", flip);
}

function effectStage(plan: Plan, args: QueryArgs): Plan {
  const { bright, contrast, saturate, gray, blur, sharpen, pixelate, radius } = args;
  let result = bare(plan, "bright", bright);
  result = bare(result, "contrast", contrast);
  result = bare(result, "saturate", saturate);
  result = bare(result, "gray", gray === 1 ? 1 : undefined);
  if (blur !== undefined) result = addCall(result, pixelOperation("blur"), { sigma: String(blur) });
  if (sharpen !== undefined) result = addCall(result, pixelOperation("sharpen"), { sigma: String(sharpen) });
  result = bare(result, "pixelate", pixelate);
  return radius === undefined ? result : addCall(result, pixelOperation("rounded-corners"), { r: String(radius) });
}

/** Adds an operation with one bare value, where there is one. */
function bare(plan: Plan, name: string, value: string | number | undefined): Plan {
  const operation = pixelOperation(name);
  return value === undefined ? plan : addCall(plan, operation, { [operation.bare ?? "value"]: String(value) });
}

/** Names of the plain grammar by the argument of `watermark` they stand for. */
export const WATERMARK_ARGS = {
  t: "wm_t",
  g: "wm_g",
  x: "wm_x",
  y: "wm_y",
  fill: "wm_fill",
  padx: "wm_padx",
  pady: "wm_pady",
  text: "wm_text",
  type: "wm_font",
  color: "wm_color",
  size: "wm_size",
  shadow: "wm_shadow",
  rotate: "wm_rotate",
} as const;

function watermarkStage(plan: Plan, args: QueryArgs): Plan {
  const { wm, wm_w, wm_text } = args;
  if (wm === undefined && wm_text === undefined) return plan;
  const texts: Record<string, string> = {};
  for (const [argument, name] of Object.entries(WATERMARK_ARGS)) {
    const value = args[name];
    if (value !== undefined) texts[argument] = String(value);
  }
  if (wm !== undefined) texts["image"] = wm_w === undefined ? wm : `${wm}?x-oss-process=image/resize,pw_${wm_w}`;
  return addCall(plan, pixelOperation("watermark"), texts);
}

function settingsOf(args: QueryArgs, settings: Settings): Settings {
  const { q, bg, format, lossless, progressive, maxbytes, meta, chroma, effort } = args;
  if (format === "auto" || format === "jxl" || format === "gif" || format === "heic") {
    throw notSupported("query", "format", format);
  }
  return {
    ...settings,
    quality: q === undefined ? { rule: "auto" } : { rule: "absolute", value: q },
    lossless: lossless === 1,
    effort,
    ...(chroma === undefined ? {} : { chroma }),
    progressive: progressive === 1,
    meta: meta ?? settings.meta,
    ...(bg === undefined ? {} : { background: bg }),
    ...(maxbytes === undefined ? {} : { maxBytes: maxbytes }),
    ...(format === undefined ? {} : { format: format as NonNullable<Settings["format"]> }),
  };
}

function pixelOperation(name: string): PixelOperation {
  const operation = OPERATIONS.get(name);
  if (operation?.kind !== "pixels") throw new Error(`no pixel operation ${name}`);
  return operation;
}
