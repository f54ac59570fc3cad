import { planCalls, type Surroundings } from "./chain.ts";
import type { Codec } from "./codec.ts";
import { type Leading, leadingOf, sizeAfter } from "./defer.ts";
import { badArgument, notSupported, TransformError } from "./errors.ts";
import type { Orientation, Size } from "./geometry.ts";
import { checkMemory, checkOutput, checkSource, checkTarget, type Limits } from "./limits.ts";
import { type EncodeBytes, estimateMemory } from "./memory.ts";
import type { OutputFormat, Plan } from "./plan.ts";
import type { Drawables, Planner, Replan } from "./planner.ts";
import type { Probe } from "./probe.ts";
import type { PlanInput, Step } from "./step.ts";
import { stepsOf, uprightOf } from "./upright.ts";

/** A plan resolved against one source: integers only, every size checked against the limits. */
export interface Resolved {
  readonly steps: readonly Step[];
  readonly leading: Leading;
  readonly source: Codec;
  readonly target: Codec;
  readonly size: Size;
  /** EXIF orientation that the result's pixels still need: other than 1 where they were to be left as stored. */
  readonly orientation: Orientation;
  /** Of the result, 1..100. */
  readonly quality: number;
  /** Upper bound of the bytes held at one time. */
  readonly memoryBytes: number;
  readonly replan?: Replan;
}

/**
 * Resolves a picture plan. SOURCE_TOO_LARGE and OUTPUT_TOO_LARGE before anything is allocated, UNSUPPORTED_FORMAT where
 * source or result has no codec, BAD_ARGUMENT where an operation misses the picture or the format cannot do what is asked.
 * Behind a step that depends on pixels (trim) sizes are upper bounds until `replan` is asked. Marks that have not been
 * read stay unread, so sizes are right and memory is that of the picture alone.
 */
export function resolve(
  plan: Plan,
  probe: Probe,
  byteLength: number,
  planner: Planner,
  limits: Limits,
  drawables: Drawables,
): Resolved {
  checkSource(probe, byteLength, limits);
  const source = sourceCodec(probe, planner);
  const target = targetCodec(plan.settings.format, probe, planner);
  checkLossless(plan, target);
  checkChroma(plan, target);
  const upright = uprightOf(probe, source, plan.settings.orient, limits);
  const input: PlanInput = { ...upright.size, keepsAlpha: target.supports.alpha, ossStrict: limits.ossStrict };
  const shape = { ...plan.settings, chroma: plan.settings.chroma ?? "420" };
  const encodeBytes: EncodeBytes = (size, alpha) => target.encodeBytes(size, alpha && target.supports.alpha, shape);
  const surroundings: Surroundings = { planner, limits, drawables, target, encodeBytes, sourceCodec };
  const { steps: asked, replan } = planCalls(plan.calls, input, surroundings);
  const steps = stepsOf(asked, probe, upright);
  const size = sizeAfter(steps, probe);
  checkOutput(size, limits); // a plan without operations makes a picture too
  checkTarget(size, target);
  const memoryBytes = estimateMemory(steps, probe, byteLength, planner, source, encodeBytes);
  checkMemory(memoryBytes, limits);
  const quality = planner.quality(plan.settings.quality, probe.quality, target.defaultQuality, target.supports.ijgQuality);
  const leading = leadingOf(steps, probe);
  const orientation = upright.turn === probe.orientation ? 1 : probe.orientation;
  const picture = { steps, leading, size, orientation, ...(replan === undefined ? {} : { replan }) };
  return { ...picture, source, target, quality, memoryBytes };
}

/** UNSUPPORTED_FORMAT where no codec reads this kind of picture. */
function sourceCodec(probe: Probe, { codecs }: Planner): Codec {
  const codec = codecs.get(probe.format);
  if (codec === undefined) {
    throw new TransformError("UNSUPPORTED_FORMAT", `reading ${probe.format.toUpperCase()} is not supported yet`);
  }
  codec.checkProbe(probe);
  return codec;
}

/** The asked format; `gif` counts only for a GIF source (OSS IMG reference, section 7.2). Silence keeps the source's format. */
function targetCodec(asked: OutputFormat | undefined, probe: Probe, { codecs }: Planner): Codec {
  const wanted = asked === undefined || (asked === "gif" && probe.format !== "gif") ? probe.format : asked;
  const codec = codecs.get(wanted);
  if (codec !== undefined) return codec;
  throw notSupported("format", undefined, wanted);
}

/** A format without loss has all of its chroma; WebP has never more than half. */
function checkChroma({ settings }: Plan, { supports, format }: Codec): void {
  if (settings.chroma === undefined || supports.chroma) return;
  const expected = settings.chroma === "444" ? "a format that can hold it, such as jpg or avif" : "jpg or avif";
  throw badArgument({ operation: "chroma", expected, value: format });
}

function checkLossless({ settings }: Plan, { supports, format }: Codec): void {
  if (!settings.lossless || !supports.quality || supports.lossless) return;
  throw badArgument({ operation: "lossless", expected: "a format that can be lossless, such as png or webp", value: format });
}
