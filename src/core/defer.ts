import type { DecodeNeeds } from "./codec.ts";
import { TransformError } from "./errors.ts";
import { isKernelFilter } from "./filters.ts";
import { type Orientation, oriented, type Rect, type Size, swapsAxes, toStored } from "./geometry.ts";
import type { Probe } from "./probe.ts";
import type { Decoded } from "./rows.ts";
import type { Step, StepOf } from "./step.ts";

/**
 * Puts the conversion to sRGB behind the crops, reductions and turns that come first, where there are fewest pixels;
 * resampling before it is what keeps the fast path the same for every profile.
 */
export function withConversion(
  steps: readonly Step[],
  start: Size,
  probe: Pick<Probe, "colorimetry" | "colorSpace">,
): readonly Step[] {
  const inks = probe.colorSpace === "cmyk" || probe.colorSpace === "ycck";
  if (probe.colorimetry === "srgb" && !inks) return steps;
  let size: Size = start;
  let at = 0;
  for (const step of steps) {
    const { width, height } = step.output;
    const grows = width * height > size.width * size.height;
    if ((step.kind !== "crop" && step.kind !== "scale" && step.kind !== "turn") || grows) break;
    size = { width, height };
    at++;
  }
  const convert: Step = { kind: "convert", params: { from: probe.colorSpace }, output: size };
  return [...steps.slice(0, at), convert, ...steps.slice(at)];
}

/**
 * Moves the turn to upright behind the crops and resamplings that come first, so that it moves the few pixels of the
 * result and not those of the source, and so that a decoder can be told in stored coordinates what is needed.
 */
export function deferTurn(steps: readonly Step[], stored: Size, orientation: Orientation): readonly Step[] {
  if (orientation === 1) return steps;
  const moved: Step[] = [];
  let size = stored;
  let next = 0;
  for (; next < steps.length; next++) {
    const step = steps[next] as Step;
    if (step.kind !== "crop" && step.kind !== "scale") break;
    const output = swapsAxes(orientation) ? { width: step.output.height, height: step.output.width } : step.output;
    if (step.kind === "crop") {
      const rect = toStored(step.params.rect, size, orientation);
      moved.push({ kind: "crop", params: { rect }, output: rect });
    } else moved.push({ ...step, output: { width: output.width, height: output.height } });
    size = output;
  }
  return [...moved, { kind: "turn", params: { orientation }, output: oriented(size, orientation) }, ...steps.slice(next)];
}

/** What a decoder and its sink can take upon them: leading crops make the region, a resampling behind them the size, a crop behind that the part. */
export interface Leading {
  readonly needs: DecodeNeeds;
  /** The resampling behind the crops. */
  readonly scale?: StepOf<"scale">;
  /** The crop right behind the resampling: only this much of it has to be made. */
  readonly cut?: StepOf<"crop">;
  /** Steps behind all these. */
  readonly rest: readonly Step[];
}

export function leadingOf(steps: readonly Step[], source: Size): Leading {
  let region: Rect = { x: 0, y: 0, width: source.width, height: source.height };
  let at = 0;
  for (let step = steps[at]; step?.kind === "crop"; step = steps[++at]) {
    const { x, y, width, height } = step.params.rect;
    region = { x: region.x + x, y: region.y + y, width, height };
  }
  const whole = { width: region.width, height: region.height };
  const scale = steps[at];
  if (scale?.kind !== "scale") return { needs: { region, size: whole }, rest: steps.slice(at) };
  const { width, height } = scale.output;
  const size = takesReduced(scale) ? { width, height } : whole;
  const cut = steps[at + 1];
  const leading = { needs: { region, size }, scale };
  return cut?.kind === "crop" ? { ...leading, cut, rest: steps.slice(at + 2) } : { ...leading, rest: steps.slice(at + 1) };
}

/** Whether a picture that was reduced while it was decoded may go in: not where every pixel counts, and light is not linear there. */
function takesReduced({ params: { filter, linear } }: StepOf<"scale">): boolean {
  return isKernelFilter(filter) && filter !== "nearest" && !linear;
}

/**
 * Steps that are left when a decoder has delivered `covers` of the source as `raster`: those behind the resampling and its
 * crop where rows were resampled as they came; else all, the leading crops as one, counted from what is covered. A resampling takes
 * whatever size it is given.
 */
export function stepsAfterDecode(
  { needs, scale, cut: behind, rest }: Leading,
  { raster, covers, resampled }: Decoded,
): readonly Step[] {
  if (resampled === true) return rest;
  const { region } = needs;
  const left = [...(scale === undefined ? [] : [scale]), ...(behind === undefined ? [] : [behind]), ...rest];
  const reduced = raster.width !== covers.width || raster.height !== covers.height;
  const x = region.x - covers.x;
  const y = region.y - covers.y;
  if (x < 0 || y < 0 || x + region.width > covers.width || y + region.height > covers.height) {
    throw new TransformError("INTERNAL", "a decoder delivered another region than was asked for");
  }
  const cut = sameRect(covers, region);
  if (reduced && (scale === undefined || !cut))
    throw new TransformError("INTERNAL", "a decoder scaled where nothing resamples");
  if (cut) return left;
  const { width, height } = region;
  return [{ kind: "crop", params: { rect: { x, y, width, height } }, output: { width, height } }, ...left];
}

function sameRect(a: Rect, b: Rect): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

export function sizeAfter(steps: readonly Step[], start: Size): Size {
  const { width, height } = steps[steps.length - 1]?.output ?? start;
  return { width, height };
}
