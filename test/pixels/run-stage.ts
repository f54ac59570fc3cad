import type { Size } from "../../src/core/geometry.ts";
import { createLessor } from "../../src/core/lease.ts";
import type { RgbaRaster } from "../../src/core/raster.ts";
import type { StepKind, StepOf, StepParams } from "../../src/core/step.ts";
import { createKernels } from "../../src/kernels/index.ts";
import { createPlaneKernels } from "../../src/kernels/planes.ts";
import type { Stage, StageTools } from "../../src/pixels/stage.ts";
import { loadWasm } from "../support/library.ts";
import type { Pixels } from "../support/pictures.ts";

const lease = createLessor(loadWasm, () => undefined);
/** What a stage asks of its surroundings; marks are not among them unless they are given. */
export function stageTools(given: Partial<StageTools> = {}): StageTools {
  return {
    lease,
    kernels: () => loadWasm("pixels").then(createKernels),
    planes: () => loadWasm("pixels").then(createPlaneKernels),
    mark: () => Promise.reject(new Error("no mark")),
    colorMeaning: () => undefined,
    checkpoint: () => undefined,
    ...given,
  };
}

/**
 * One stage on a copy of a picture that lies `offset` bytes into a larger buffer; what is around it must stay as it is.
 * `output` is the picture's own size unless it is given.
 */
export async function runStage<K extends StepKind>(
  stage: Stage<K>,
  picture: Pixels,
  params: StepParams[K],
  {
    alpha = true,
    output = picture,
    offset = 0,
    tools = stageTools(),
  }: { alpha?: boolean; output?: Size; offset?: number; tools?: StageTools } = {},
): Promise<RgbaRaster> {
  const buffer = new Uint8Array(picture.data.length + offset * 2).fill(0xa5);
  buffer.set(picture.data, offset);
  const data = buffer.subarray(offset, offset + picture.data.length);
  const { width, height } = picture;
  const step = { kind: stage.kind, params, output: { width: output.width, height: output.height } } as unknown as StepOf<K>;
  const result = await stage.apply({ layout: "rgba8", width, height, data, alpha }, step, tools);
  const around = [...buffer.subarray(0, offset), ...buffer.subarray(offset + data.length)];
  if (around.some((byte) => byte !== 0xa5)) throw new Error("the stage wrote beside its raster");
  if (result.layout !== "rgba8") throw new Error(`expected rgba8, got ${result.layout}`);
  if (result.data.length !== result.width * result.height * 4) throw new Error("the raster is not packed");
  return result;
}
