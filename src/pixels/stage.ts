import type { Size } from "../core/geometry.ts";
import type { PipelineTools } from "../core/pipeline.ts";
import type { Layout, Raster, YcbcrRaster } from "../core/raster.ts";
import type { StepKind, StepOf } from "../core/step.ts";
import type { Kernels } from "../kernels/index.ts";
import type { PlaneKernels } from "../kernels/planes.ts";

/** What a primitive may use while it works on pixels. */
export interface StageTools extends PipelineTools {
  readonly kernels: () => Promise<Kernels>;
  readonly planes: () => Promise<PlaneKernels>;
}

/** What is known of planes before there are any. */
export type PlanesShape = Pick<YcbcrRaster, "width" | "height" | "subsampleX" | "subsampleY">;

/** A primitive on pixels. It owns its input and may return it changed. */
export interface Stage<K extends StepKind> {
  readonly kind: K;
  /** Layouts it takes as they are; others are converted to rgba8 before it runs. */
  readonly layouts: readonly Layout[];
  /** Whether it takes these planes too. */
  takesPlanes?(input: PlanesShape, step: StepOf<K>): boolean;
  /** Bytes held besides input and output. */
  scratchBytes(input: Size, step: StepOf<K>, alpha: boolean): number;
  apply(input: Raster, step: StepOf<K>, tools: StageTools): Raster | Promise<Raster>;
}
