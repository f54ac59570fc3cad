import { TransformError } from "../core/errors.ts";
import { isKernelFilter, type KernelFilter } from "../core/filters.ts";
import type { Size } from "../core/geometry.ts";
import type { LeaseWasm } from "../core/lease.ts";
import type { Plane, Raster } from "../core/raster.ts";
import type { StepOf } from "../core/step.ts";
import { kernelModule } from "../core/wasm.ts";
import { createScaler, type ScaleOptions, type ScalePlane, scaleBytes } from "../kernels/resize/scaler.ts";
import { packageScaleBytes, resizeByPackage } from "./scale-package.ts";
import type { Stage } from "./stage.ts";

/** hqx enlarges by whole factors; this brings it to the size, as in @jsquash/resize. */
const BEHIND_HQX = "cubic";
/** Rows that go in at a time: few calls, and a deadline is never far. */
const BAND_ROWS = 64;

/**
 * Resamples the whole raster to the step's size: in gamma space as OSS, libvips and browsers do, or in linear light where
 * that was asked for. Color counts by its alpha.
 */
export const scale: Stage<"scale"> = {
  kind: "scale",
  layouts: ["rgba8", "gray8", "cmyk8"],
  takesPlanes: (_input, { params: { filter, linear } }) => isKernelFilter(filter) && !linear,
  scratchBytes(input, step, alpha) {
    const { filter, linear } = step.params;
    const own = scaleBytes([planeOf(4, input, step.output)], {
      filter: isKernelFilter(filter) ? filter : BEHIND_HQX,
      linear,
      alpha,
    });
    return isKernelFilter(filter) ? own : own + packageScaleBytes(input, step.output, filter);
  },
  async apply(input, step, { lease, planes, checkpoint }) {
    const { filter, linear } = step.params;
    if (isKernelFilter(filter)) return resizeByKernel(input, step, { filter, linear, alpha: input.alpha }, lease, checkpoint);
    const packed = input.layout === "gray8" ? (await planes()).grayToRgba(input) : input;
    if (packed.layout === "ycbcr8") throw new TransformError("INTERNAL", "planes where packed pixels were expected");
    const made = await resizeByPackage(packed, step.output, filter, lease);
    if (filter === "magic-kernel") return made;
    return resizeByKernel(made, step, { filter: BEHIND_HQX, linear, alpha: input.alpha }, lease, checkpoint);
  },
};

function planeOf(channels: 1 | 4, from: Size, to: Size): ScalePlane {
  const axis = (source: number, output: number) => ({ source, output, start: 0, length: source, by: 1 });
  return { channels, x: axis(from.width, to.width), y: axis(from.height, to.height) };
}

interface Options extends ScaleOptions {
  readonly filter: KernelFilter;
}

function resizeByKernel(
  input: Raster,
  { output: { width, height } }: StepOf<"scale">,
  options: Options,
  lease: LeaseWasm,
  checkpoint: () => void,
): Promise<Raster> {
  const failure = { code: "INTERNAL", message: "resampling failed" } as const;
  return lease(kernelModule("resize"), createScaler, failure, (scaler): Raster => {
    const resampled = (planes: readonly (Plane & { readonly channels: 1 | 4; readonly to: Size })[]) => {
      const run = scaler.begin(
        planes.map(({ channels, to, ...from }) => planeOf(channels, from, to)),
        options,
      );
      planes.forEach(({ data, width, channels }, index) => {
        const band = BAND_ROWS * width * channels;
        for (let start = 0; start < data.length; start += band) {
          checkpoint();
          run.write(index, data.subarray(start, start + band));
        }
      });
      return run.end();
    };
    const to = { width, height };
    if (input.layout !== "ycbcr8") {
      const channels = input.layout === "gray8" ? 1 : 4;
      const [data] = resampled([{ ...input, channels, to }]) as [Uint8Array];
      return { ...input, width, height, data };
    }
    // Chroma comes out at half size whatever it was, reaching half a sample beyond an odd side as it does in a JPEG
    const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
    const planes = input.planes.map((plane, i) => ({ ...plane, channels: 1 as const, to: i === 0 ? to : half }));
    const [luma, blue, red] = resampled(planes) as [Uint8Array, Uint8Array, Uint8Array];
    return {
      ...input,
      ...to,
      subsampleX: 2,
      subsampleY: 2,
      planes: [
        { ...to, data: luma },
        { ...half, data: blue },
        { ...half, data: red },
      ],
    };
  });
}
