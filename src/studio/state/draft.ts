/** Plans for a smaller copy of a picture, which look as the plan itself does. */
import type { Arg, ArgSpecs, ArgsOf, ArgValue, ArgValues, Domain } from "../../core/args.ts";
import { parseArgs } from "../../core/args.ts";
import { parseColor } from "../../core/color.ts";
import { sizeAfter } from "../../core/defer.ts";
import type { Rect, Size } from "../../core/geometry.ts";
import type { Call, Mark, Plan, Settings } from "../../core/plan.ts";
import { DEFAULT_SETTINGS } from "../../core/plan.ts";
import type { Step } from "../../core/step.ts";
import { emptyPlan } from "../../syntax/oss-process.ts";
import { pixelOperation } from "./document.ts";

/** What a draft is made from and of. */
export interface DraftOf {
  /** Size of the picture that the plan is for, turned as its calls meet it. */
  readonly source: Size;
  /** Longer side of the smaller copy, at most that of `source`. */
  readonly proxySide: number;
  /** Longest side of the draft. */
  readonly side: number;
  /** The result's format can be transparent. */
  readonly keepsAlpha: boolean;
}
export interface Draft {
  readonly plan: Plan;
  /** px of the draft per px of the result. Where the result is cut by its pixels (trim), as far as that is known before. */
  readonly factor: number;
}

/**
 * The plan for a copy of `proxySide`. Lengths are scaled with the copy; a call that resamples may leave more than that, up to
 * the true size or `side`, so that a thumbnail of a large photograph is not drafted smaller than it will be.
 */
export function draftPlan(plan: Plan, { source, proxySide, side, keepsAlpha }: DraftOf): Draft {
  const factor = proxySide / Math.max(source.width, source.height);
  let at: At = { factor, size: plan.calls.some(({ name }) => name === "trim") ? undefined : source };
  const calls: Call[] = [];
  for (const call of plan.calls) {
    const next = draftCall(call, at, side);
    calls.push(...next.calls);
    at = next.at;
  }
  const isSmall = at.size !== undefined && Math.max(at.size.width, at.size.height) * at.factor <= side;
  if (!isSmall && plan.calls.length > 0) calls.push(made("resize", { l: side }));
  // At 1440×960 BMP is written in 12 ms and PNG in 91, and Chromium reads them in 38 and 49 (best of six)
  const settings = { ...DEFAULT_SETTINGS, format: "bmp" as const, ...groundOf(plan.settings, keepsAlpha) };
  return { plan: { answer: "picture", calls, settings }, factor: at.factor };
}

/** The plan of the original beside the result: moved and cut alike, on the same ground, and nothing else. */
export function geometryPlan({ calls, settings: { orient, format, background } }: Plan): Plan {
  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    orient,
    ...(format === undefined ? {} : { format }),
    ...(background === undefined ? {} : { background }),
  };
  return { answer: "picture", calls: calls.filter(({ name }) => GEOMETRY.has(name)), settings };
}
const GEOMETRY: ReadonlySet<string> = new Set(["resize", "fit", "crop", "indexcrop", "trim", "rotate", "flip", "circle"]);

/** BMP can be transparent, so what a format without alpha puts behind a picture has to be asked for: opaque, on white. */
function groundOf({ background }: Settings, keepsAlpha: boolean): Pick<Settings, "background"> {
  if (keepsAlpha) return background === undefined ? {} : { background };
  const [r, g, b, opacity] = parseColor(background ?? "FFFFFF");
  const digits = [r, g, b].map((value) => Math.round((value * opacity + 255 * (255 - opacity)) / 255).toString(16));
  return {
    background: digits
      .map((pair) => pair.padStart(2, "0"))
      .join("")
      .toUpperCase(),
  };
}

/** How far a plan has come. */
interface At {
  /** px of the draft per px of the result. */
  readonly factor: number;
  /** Of the result so far; undefined where only its pixels tell. */
  readonly size: Size | undefined;
}

function draftCall(call: Call, at: At, side: number): { readonly calls: readonly Call[]; readonly at: At } {
  const { factor, size } = at;
  const steps = size === undefined ? undefined : stepsOf(call, size);
  if (size === undefined || steps === undefined) return { calls: [scaled(call, factor)], at: { factor, size: undefined } };
  const output = sizeAfter(steps, size);
  const [first] = steps;
  if (first === undefined && !draws(call)) return { calls: [], at };
  if (first?.kind === "crop" && steps.length === 1) {
    return { calls: [made("crop", scaledRect(first.params.rect, factor))], at: { factor, size: output } };
  }
  if (first?.kind === "scale") {
    const free = Math.min(1, side / Math.max(output.width, output.height));
    return { calls: [resampled(call, steps, output, free)], at: { factor: free, size: output } };
  }
  return { calls: [scaled(call, factor)], at: { factor, size: output } };
}

/** What a call amounts to, but for what it draws; undefined where it does not fit. */
function stepsOf(call: Call, size: Size): readonly Step[] | undefined {
  try {
    const input = { ...size, keepsAlpha: true, ossStrict: false };
    return pixelOperation(call.name).plan(call.args as ArgsOf<ArgSpecs>, input, {});
  } catch {
    return undefined;
  }
}
function draws({ name }: Call): boolean {
  return pixelOperation(name).text !== undefined;
}

/** A resampling call that leaves `factor` of its output, whatever it is given: the true one has decided that it resamples. */
function resampled({ name, args }: Call, steps: readonly Step[], output: Size, factor: number): Call {
  const box = { w: atLeastOne(output.width * factor), h: atLeastOne(output.height * factor) };
  if (name === "fit") return made(name, { ...args, ...box, enlarge: 1 });
  const { l: _l, s: _s, p: _p, ...rest } = args;
  return made(name, { ...rest, ...box, limit: 0, ...(steps.length === 1 ? { m: "fixed" } : {}) });
}

/** A call with its initial values filled in. */
function made(name: string, args: ArgValues): Call {
  const { args: specs } = pixelOperation(name);
  const texts = Object.entries(args).map(([arg, value]) => [arg, (specs[arg] as Arg<ArgValue>).print(value)]);
  return { name, args: parseArgs<ArgSpecs>(name, specs, Object.fromEntries(texts)) as ArgValues };
}

function scaledRect({ x, y, width, height }: Rect, factor: number): ArgValues {
  const [left, top] = [half(x * factor), half(y * factor)];
  return { x: left, y: top, w: atLeastOne((x + width) * factor - left), h: atLeastOne((y + height) * factor - top) };
}

/** The same call with every length scaled. */
function scaled({ name, args, mark }: Call, factor: number): Call {
  const { args: specs } = pixelOperation(name);
  const values = Object.entries(args).map(([arg, value]) => {
    const spec: Arg<ArgValue> | undefined = specs[arg];
    return [arg, spec === undefined ? value : scaledValue(value, spec.domain, factor)];
  });
  const call: Call = { name, args: Object.fromEntries(values) };
  return mark === undefined ? call : { ...call, mark: scaledMark(mark, factor) };
}

/** 0 says "none" or "to the edge", whatever the size. */
function scaledValue(value: ArgValue, domain: Domain, factor: number): ArgValue {
  if (typeof value !== "number" || !("unit" in domain) || domain.unit !== "px" || value === 0) return value;
  const ones = domain.kind === "decimal" ? 10 ** domain.digits : 1;
  return Math.min(domain.max, Math.max(domain.min, half(value * factor * ones) / ones));
}

/**
 * The picture of a watermark is as large as ever, so it is made smaller first; but not where its plan takes its size from the
 * picture that it is drawn on, which is smaller already.
 */
function scaledMark(mark: Mark, factor: number): Mark {
  if (factor === 1) return mark;
  const { key, plan = emptyPlan() } = mark;
  const relative = plan.calls.findIndex(({ args }) => args["P"] !== undefined || args["pw"] !== undefined);
  const shrunk = made("resize", { p: Math.max(1, half(factor * 100)) });
  const calls =
    relative < 0
      ? [shrunk, ...plan.calls.map((call) => scaled(call, factor))]
      : plan.calls.map((call, index) => (index < relative ? call : scaled(call, factor)));
  return { key, plan: { ...plan, calls } };
}

/** Halves are rounded up. */
function half(value: number): number {
  return Math.floor(value + 0.5);
}
function atLeastOne(value: number): number {
  return Math.max(1, half(value));
}
