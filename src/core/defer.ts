import type { DecodeNeeds } from "./codec.ts";
import { TransformError } from "./errors.ts";
import { isWhole, type Orientation, oriented, type Rect, type Size, swapsAxes, toStored } from "./geometry.ts";
import type { Probe } from "./probe.ts";
import type { Step } from "./step.ts";

/**
 * Puts the conversion to sRGB behind the crops, reductions and turns that come first, where there are fewest pixels;
 * resampling before it is what keeps the fast path the same for every profile.
 */
export function withConversion(
  steps: readonly Step[],
  start: Size,
  probe: Pick<Probe, "colorimetry" | "colorSpace">,
): readonly Step[] {
  if (probe.colorimetry === "srgb") return steps;
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

/** Leading crops make the region, a resampling behind them the size. */
export function needsOf(steps: readonly Step[], source: Size): DecodeNeeds {
  let region: Rect = { x: 0, y: 0, width: source.width, height: source.height };
  for (const step of steps) {
    if (step.kind === "crop") {
      const { x, y, width, height } = step.params.rect;
      region = { x: region.x + x, y: region.y + y, width, height };
    } else if (step.kind === "scale") return { region, size: step.output };
    else break;
  }
  return { region, size: { width: region.width, height: region.height } };
}

/**
 * Steps that are left when a decoder has delivered `covers` of the source at `raster` size: all for the whole picture,
 * none of the leading crops where it cut the region itself. A resampling takes whatever size it is given.
 */
export function stepsAfterDecode(
  steps: readonly Step[],
  needs: DecodeNeeds,
  source: Size,
  covers: Rect,
  raster: Size,
): readonly Step[] {
  const firstOther = steps.findIndex((step) => step.kind !== "crop");
  const leadingCrops = firstOther < 0 ? steps.length : firstOther;
  const cut = leadingCrops > 0 && sameRect(covers, needs.region);
  const left = cut ? steps.slice(leadingCrops) : steps;
  const scaled = raster.width !== covers.width || raster.height !== covers.height;
  const scalesFirst = left[0]?.kind === "scale";
  if (!cut && !isWhole(covers, source))
    throw new TransformError("INTERNAL", "a decoder delivered another region than was asked for");
  if (scaled && !scalesFirst) throw new TransformError("INTERNAL", "a decoder scaled where nothing resamples");
  return left;
}

function sameRect(a: Rect, b: Rect): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

export function sizeAfter(steps: readonly Step[], start: Size): Size {
  const { width, height } = steps[steps.length - 1]?.output ?? start;
  return { width, height };
}
