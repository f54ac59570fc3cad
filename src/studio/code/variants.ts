import type { ArgValues } from "../../core/args.ts";
import { type Size, scaleEdge } from "../../core/geometry.ts";
import type { Call, Plan } from "../../core/plan.ts";
import type { Probe } from "../../core/probe.ts";
import type { Explanation } from "../../engine.ts";
import { addCall, emptyPlan } from "../../syntax/oss-process.ts";
import { pixelOperation } from "../state/document.ts";

/** What planning says about the size of a result. */
export interface Frame extends Size {
  /** How wide it could be made without enlarging the picture; Infinity where the plan enlarges. */
  readonly widest: number;
  /** The last resize decided the size; false where it left a picture alone that is smaller. */
  readonly scaled: boolean;
}

export const DEFAULT_WIDTHS: readonly number[] = [480, 800, 1200, 1600, 2400];
const MAX_SIDE = 16384;
/** Behind these a result's size is no longer in proportion to the box of the resize. */
const SIZED_IN_PX: readonly string[] = ["crop", "indexcrop", "circle", "trim"];

/** The plan of nothing asked. */
export const NOTHING_ASKED: Plan = emptyPlan();

export function frameOf(plan: Plan, explained: Explanation, source: Size): Frame {
  const { width, height, steps } = explained;
  const resize = plan.calls[lastResize(plan)];
  if (resize?.args["limit"] === 0 || resize?.args["enlarge"] === 1) {
    return { width, height, widest: Number.POSITIVE_INFINITY, scaled: true };
  }
  const scales = steps.filter(({ kind }) => kind === "scale").length;
  const at = steps.map(({ kind }) => kind).lastIndexOf("scale");
  const output = steps[at];
  const scaled = output !== undefined && scales === plan.calls.filter(isResize).length;
  if (!scaled || !isProportional(plan)) return { width, height, widest: width, scaled };
  const input = steps[at - 1] ?? source;
  const widest = Math.floor(width * growth(input, output));
  return { width, height, widest, scaled };
}

/** How often `output` goes into `input`. The shorter edge says it less exactly, but alone where the picture is stretched. */
function growth(input: Size, output: Size): number {
  const [across, down] = [input.width / output.width, input.height / output.height];
  const longer = input.width >= input.height ? across : down;
  return Math.min(across, down) > longer * 0.99 ? longer : Math.min(across, down);
}

/** The widths that a picture has: of those wanted, with the picture's own in place of what would enlarge it. */
export function widthsFor(wanted: readonly number[], frame: Frame | undefined): readonly number[] {
  const sorted = [...new Set(wanted)].sort((a, b) => a - b);
  if (frame === undefined) return sorted;
  const fitting = sorted.filter((width) => width <= frame.widest);
  const largest = fitting[fitting.length - 1] ?? 0;
  // One that is hardly wider than the last would be made and stored for nothing
  const addsOwn = fitting.length < sorted.length && frame.widest > largest * 1.1;
  return addsOwn ? [...fitting, frame.widest] : fitting;
}

/** `480, 800 1200`, as typed; what is no width from 1 to 16384 is left out. */
export function readWidths(typed: string): readonly number[] {
  const widths = typed.split(/[\s,;，；]+/).flatMap((text) => (/^\d{1,5}$/.test(text) ? [Number(text)] : []));
  return widths.filter((width) => width >= 1 && width <= MAX_SIDE);
}

/**
 * The plan whose result is `width` px wide: the box of the last resize in the same ratio, or another resize behind all pixel
 * steps where there is none, where it does not decide the size, or where what follows it has a size of its own. `frame` is that
 * of the plan's own result.
 */
export function withWidth(plan: Plan, width: number, frame: Frame | undefined): Plan {
  const index = lastResize(plan);
  const call = plan.calls[index];
  if (call === undefined || frame?.scaled === false || !isProportional(plan))
    return addCall(plan, pixelOperation("resize"), { w: String(width) });
  const turned = quarterTurns(plan.calls.slice(index + 1)) % 2 === 1;
  const args = resized(call.args, width, frame, turned);
  return { ...plan, calls: plan.calls.map((other, at) => (at === index ? { ...call, args } : other)) };
}

function resized(args: ArgValues, width: number, frame: Frame | undefined, turned: boolean): ArgValues {
  const { w, h, l, s, p: _percent, ...rest } = args;
  const edges = Object.entries({ w, h, l, s }).flatMap(([name, edge]) => (typeof edge === "number" ? [{ name, edge }] : []));
  const isBox = edges.length > 1 || (args["m"] !== "lfit" && args["m"] !== "mfit");
  if (edges.length === 0 || !isBox) return { ...rest, [turned ? "h" : "w"]: width };
  const own = turned ? h : w;
  const now = frame?.width ?? (typeof own === "number" ? own : edges[0]?.edge) ?? width;
  const scaled = edges.map(({ name, edge }) => [name, Math.min(MAX_SIDE, scaleEdge(edge, width, now))] as const);
  return { ...rest, ...Object.fromEntries(scaled) };
}

function lastResize(plan: Plan): number {
  return plan.calls.map(isResize).lastIndexOf(true);
}
function isResize({ name }: Call): boolean {
  return name === "resize" || name === "fit";
}
/** True where the result grows and shrinks with the box of the last resize. */
function isProportional(plan: Plan): boolean {
  const after = plan.calls.slice(lastResize(plan) + 1);
  return after.every(
    ({ name, args }) => !SIZED_IN_PX.includes(name) && (name !== "rotate" || Number(args["value"]) % 90 === 0),
  );
}
function quarterTurns(calls: readonly Call[]): number {
  return calls.reduce((turns, { name, args }) => turns + (name === "rotate" ? Number(args["value"]) / 90 : 0), 0);
}

/** What the formats of snippets can do; equal to the codecs', which the page does not load for this. */
export const TARGETS = {
  avif: { mimeType: "image/avif", lossless: true, chroma: true, quality: true },
  webp: { mimeType: "image/webp", lossless: true, chroma: false, quality: true },
  jpeg: { mimeType: "image/jpeg", lossless: false, chroma: true, quality: true },
  png: { mimeType: "image/png", lossless: true, chroma: false, quality: false },
} as const;
export type Target = keyof typeof TARGETS;

/**
 * The plan in another format. A quality that was chosen is one of `made`, the format the plan makes now: numbers mean something
 * else elsewhere, so other formats get their default. Settings that a format does not have are left out.
 */
export function inFormat(plan: Plan, format: Target, made: string | undefined): Plan {
  const { chroma, maxBytes, ...settings } = plan.settings;
  const supports = TARGETS[format];
  const keepsQuality = format === made || settings.quality.rule === "source";
  return {
    ...plan,
    settings: {
      ...settings,
      format,
      quality: keepsQuality ? settings.quality : { rule: "auto" },
      lossless: settings.lossless && supports.lossless,
      ...(chroma !== undefined && supports.chroma ? { chroma } : {}),
      ...(maxBytes !== undefined && supports.quality ? { maxBytes } : {}),
    },
  };
}

/** Whether a result can show what is behind it, so that a JPEG would not do. */
export function hasAlpha({ calls, settings }: Plan, source: Pick<Probe, "alpha"> | undefined): boolean {
  if (settings.background !== undefined) return settings.background.length > 6;
  return source?.alpha === true || calls.some(makesAlpha);
}
function makesAlpha({ name, args }: Call): boolean {
  if (name === "rotate") return Number(args["value"]) % 90 !== 0;
  if (name === "fit") return args["m"] === "pad" && args["color"] === undefined;
  return name === "circle" || name === "rounded-corners";
}
