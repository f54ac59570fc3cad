import type { Size } from "../core/geometry.ts";
import type { Raster } from "../core/raster.ts";
import type { Step, StepKind } from "../core/step.ts";
import { blur } from "./blur.ts";
import { composite } from "./composite.ts";
import { convert } from "./convert.ts";
import { crop } from "./crop.ts";
import { extend } from "./extend.ts";
import { toLayout } from "./layout.ts";
import { mask } from "./mask.ts";
import { matrix } from "./matrix.ts";
import { pixelate } from "./pixelate.ts";
import { rotate } from "./rotate.ts";
import { scale } from "./scale.ts";
import { sharpen } from "./sharpen.ts";
import type { PlanesShape, Stage, StageTools } from "./stage.ts";
import { trim } from "./trim.ts";
import { turn } from "./turn.ts";

const STAGES: { readonly [K in StepKind]: Stage<K> } = {
  convert,
  scale,
  crop,
  turn,
  rotate,
  extend,
  blur,
  sharpen,
  matrix,
  pixelate,
  mask,
  trim,
  composite,
};

/** Runs one step, converting the layout only where the step does not take it. */
export async function applyStep(input: Raster, step: Step, tools: StageTools): Promise<Raster> {
  const stage = STAGES[step.kind] as Stage<StepKind>;
  const taken = input.layout === "ycbcr8" && takesPlanes(input, step);
  return stage.apply(taken ? input : await toLayout(input, stage.layouts, tools.planes), step, tools);
}

function takesPlanes(input: PlanesShape, step: Step): boolean {
  return (STAGES[step.kind] as Stage<StepKind>).takesPlanes?.(input, step) === true;
}

/** Whether all steps work on planes, chroma at half size. */
export function takePlanes(steps: readonly Step[], input: Size): boolean {
  let { width, height } = input;
  return steps.every((step) => {
    const taken = takesPlanes({ width, height, subsampleX: 2, subsampleY: 2 }, step);
    ({ width, height } = step.output);
    return taken;
  });
}

/** Bytes a step holds besides its input and output. */
export function stepScratchBytes(step: Step, input: Size, alpha: boolean): number {
  return (STAGES[step.kind] as Stage<StepKind>).scratchBytes(input, step, alpha);
}
