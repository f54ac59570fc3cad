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
import type { Stage, StageTools } from "./stage.ts";
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
export function applyStep(input: Raster, step: Step, tools: StageTools): Raster | Promise<Raster> {
  const stage = STAGES[step.kind] as Stage<StepKind>;
  return stage.apply(toLayout(input, stage.layouts), step, tools);
}

/** Bytes a step holds besides its input and output. */
export function stepScratchBytes(step: Step, input: Size, alpha: boolean): number {
  return (STAGES[step.kind] as Stage<StepKind>).scratchBytes(input, step, alpha);
}
