import type { Rows } from "../core/codec.ts";
import { TransformError } from "../core/errors.ts";
import { isKernelFilter, type KernelFilter } from "../core/filters.ts";
import type { Rect, Size } from "../core/geometry.ts";
import type { PipelineTools, SinkRequest } from "../core/pipeline.ts";
import type { Chroma } from "../core/plan.ts";
import { allocate, type Raster } from "../core/raster.ts";
import type { Decoded, PlaneShape, Ratio, RowShape, RowSink, RowWriter } from "../core/rows.ts";
import type { StepOf } from "../core/step.ts";
import { kernelModule } from "../core/wasm.ts";
import type { PlaneKernels } from "../kernels/planes.ts";
import {
  createScaler,
  type ScaleAxis,
  type ScaleOptions,
  type ScalePlane,
  type Scaler,
  scaleBytes,
} from "../kernels/resize/scaler.ts";

/** What the sink needs besides a scaler. */
export interface SinkTools extends PipelineTools {
  readonly planes: () => Promise<PlaneKernels>;
  readonly now: () => number;
}

/**
 * Opens a sink for the rows of a decoder while `work` runs. Where a resampling of our own kernels comes first, rows go
 * through it as they come, so that no raster of the source's size is ever held; else they are collected.
 */
export async function receive(
  { leading, rows, planes: wanted }: SinkRequest,
  tools: SinkTools,
  work: (rows: RowSink) => Promise<Decoded>,
): Promise<Decoded> {
  const whole: RowSink["whole"] = (raster, covers) => ({ raster, covers });
  const noRows = () => {
    throw new TransformError("INTERNAL", "a decoder left rows unannounced");
  };
  if (!rows) return work({ whole, begin: noRows });
  const planeKernels = await tools.planes();
  const failure = { code: "INTERNAL", message: "resampling failed" } as const;
  return tools.lease(kernelModule("resize"), createScaler, failure, (scaler) => {
    const parts: WriterParts = { scaler, planeKernels, tools };
    const { needs, scale, cut } = leading;
    const filter = scale === undefined ? undefined : streamedFilter(scale);
    return work({
      whole,
      begin(shape) {
        if (scale === undefined || filter === undefined) return collecting(shape, parts);
        const part = cut?.params.rect ?? { x: 0, y: 0, ...scale.output };
        return resampling(shape, { region: needs.region, scaled: scale.output, part, filter, chroma: wanted }, parts);
      },
    });
  });
}

interface WriterParts {
  readonly scaler: Scaler;
  readonly planeKernels: PlaneKernels;
  readonly tools: SinkTools;
}

/** The filter where rows can be resampled as they come: light is not linear in planes of Y, Cb and Cr, so they are packed first. */
export function streamedFilter({ params: { filter, linear } }: StepOf<"scale">): KernelFilter | undefined {
  return isKernelFilter(filter) && !linear ? filter : undefined;
}

/** What is made of the rows. */
interface Target {
  /** Of the source: nothing beyond it is read. */
  readonly region: Rect;
  /** Size of the region in the result, of which `part` is made. */
  readonly scaled: Size;
  readonly part: Rect;
  readonly filter: KernelFilter;
  /** Of planes that stay planes. */
  readonly chroma: Chroma | undefined;
}

function resampling(shape: RowShape, target: Target, parts: WriterParts): RowWriter {
  const { scaler, planeKernels, tools } = parts;
  const { region, part, filter, chroma } = target;
  const output: Size = { width: part.width, height: part.height };
  const halved = shape.kind === "ycbcr" && chroma === "420";
  const planes = shape.planes.map((plane, i) => scaledPlane(shape, plane, target, halved && i > 0 ? 2 : 1));
  let spent = -tools.now();
  const run = scaler.begin(planes, { filter, linear: false, alpha: shape.alpha });
  spent += tools.now();
  return {
    write(plane, rows) {
      tools.checkpoint();
      // From the first plane of a band to its last: asking the clock for each would cost a fresh process 2 ms
      if (plane === 0) spent -= tools.now();
      run.write(plane, rows);
      if (plane === planes.length - 1) spent += tools.now();
    },
    async end(damage) {
      spent -= tools.now();
      const made = run.end();
      const stays = shape.kind === "ycbcr" && chroma !== undefined;
      const raster = stays
        ? planesRaster(made, output, halved ? 2 : 1, halved ? 2 : 1)
        : assemble(shape, made, output, planeKernels);
      tools.onResampled?.(spent + tools.now());
      return { raster, covers: region, resampled: true, ...(damage === undefined ? {} : { damage }) };
    },
  };
}

/** A plane of which a sample stands for `pitch` px of the result; the last may reach beyond it. */
function scaledPlane(
  { kind, covers }: RowShape,
  { width, height, spanX, spanY }: PlaneShape,
  { region, scaled, part }: Pick<Target, "region" | "scaled" | "part">,
  pitch: 1 | 2,
): ScalePlane {
  const x: AlongAxis = { start: region.x - covers.x, length: region.width, scaled: scaled.width, from: part.x, px: part.width };
  const y: AlongAxis = {
    start: region.y - covers.y,
    length: region.height,
    scaled: scaled.height,
    from: part.y,
    px: part.height,
  };
  return { channels: kind === "rgba" ? 4 : 1, x: scaledAxis(width, spanX, x, pitch), y: scaledAxis(height, spanY, y, pitch) };
}
/** One side of a region in source px, its length in the result, and the part of that which is made. */
interface AlongAxis {
  readonly start: number;
  readonly length: number;
  readonly scaled: number;
  readonly from: number;
  readonly px: number;
}
/** Source px are start + (result px) · length / scaled; samples of the plane are source px · by / of. */
function scaledAxis(
  source: number,
  { of, by }: Ratio,
  { start, length, scaled, from, px }: AlongAxis,
  pitch: 1 | 2,
): ScaleAxis {
  const output = Math.ceil(px / pitch);
  return {
    source,
    output,
    start: (start * scaled + from * length) * by,
    length: output * pitch * length * by,
    by: of * scaled,
    from: Math.floor((start * by) / of),
    to: Math.ceil(((start + length) * by) / of),
  };
}

/** Rows as they come, in rasters of the size that is covered. */
function collecting(shape: RowShape, { scaler, planeKernels, tools }: WriterParts): RowWriter {
  const bytes = shape.kind === "rgba" ? 4 : 1;
  const planes = shape.planes.map(({ width, height }) => allocate(width * height * bytes));
  const filled = planes.map(() => 0);
  return {
    write(index, rows) {
      tools.checkpoint();
      const plane = planes[index];
      const at = filled[index];
      if (plane === undefined || at === undefined || at + rows.length > plane.length) {
        throw new TransformError("INTERNAL", "a decoder wrote more than its picture");
      }
      plane.set(rows, at);
      filled[index] = at + rows.length;
    },
    async end(damage) {
      if (planes.some((plane, i) => (filled[i] as number) < plane.length)) {
        throw new TransformError("CORRUPT_IMAGE", "the picture ends early");
      }
      const { covers } = shape;
      return { raster: collected(shape, planes, scaler, planeKernels), covers, ...(damage === undefined ? {} : { damage }) };
    },
  };
}

function collected(shape: RowShape, planes: Uint8Array[], scaler: Scaler, kernels: PlaneKernels): Raster {
  const { kind, covers } = shape;
  const spans = shape.planes.map(({ spanX, spanY }) => [spanX.of / spanX.by, spanY.of / spanY.by] as const);
  const [luma, blue, red] = spans;
  const full = (span: readonly [number, number] | undefined) => span?.[0] === 1 && span[1] === 1;
  if (kind === "ycbcr" && full(luma) && blue !== undefined && red?.[0] === blue[0] && red[1] === blue[1]) {
    if (isSubsampling(blue[0]) && isSubsampling(blue[1])) return planesRaster(planes, covers, blue[0], blue[1]);
  }
  const whole = spans.every(full) ? planes : enlarged(shape, planes, scaler);
  if (kind === "ycbcr") return planesRaster(whole, covers, 1, 1);
  return assemble(shape, whole, covers, kernels);
}

function isSubsampling(factor: number): factor is 1 | 2 | 4 {
  return factor === 1 || factor === 2 || factor === 4;
}

/** Planes of unusual sampling, all at the size of what they cover. */
function enlarged(shape: RowShape, planes: readonly Uint8Array[], scaler: Scaler): Uint8Array[] {
  const { covers } = shape;
  const target = { region: covers, scaled: covers, part: { ...covers, x: 0, y: 0 } };
  const run = scaler.begin(
    shape.planes.map((plane) => scaledPlane(shape, plane, target, 1)),
    { filter: "triangle", linear: false, alpha: false },
  );
  planes.forEach((plane, index) => {
    run.write(index, plane);
  });
  return run.end();
}

function planesRaster(planes: readonly Uint8Array[], size: Size, subsampleX: 1 | 2 | 4, subsampleY: 1 | 2 | 4): Raster {
  const { width, height } = size;
  const chroma = { width: Math.ceil(width / subsampleX), height: Math.ceil(height / subsampleY) };
  const [luma, blue, red] = planes as [Uint8Array, Uint8Array, Uint8Array];
  return {
    layout: "ycbcr8",
    width,
    height,
    subsampleX,
    subsampleY,
    planes: [
      { width, height, data: luma },
      { ...chroma, data: blue },
      { ...chroma, data: red },
    ],
    alpha: false,
  };
}

/** One raster of planes of equal size. */
function assemble({ kind, alpha }: RowShape, planes: Uint8Array[], { width, height }: Size, kernels: PlaneKernels): Raster {
  const [first] = planes as [Uint8Array];
  switch (kind) {
    case "rgba":
      return { layout: "rgba8", width, height, data: first, alpha };
    case "gray":
      return { layout: "gray8", width, height, data: first, alpha: false };
    case "rgb":
      return { layout: "rgba8", width, height, data: kernels.pack(planes), alpha: false };
    case "cmyk":
    case "ycck": {
      const data = kernels.pack(planes);
      if (kind === "ycck") kernels.ycckToCmyk(data);
      return { layout: "cmyk8", width, height, data, alpha: false };
    }
    case "ycbcr": {
      const raster = planesRaster(planes, { width, height }, 1, 1);
      return raster.layout === "ycbcr8" ? kernels.ycbcrToRgba(raster) : raster;
    }
  }
}

/**
 * Upper bound of the bytes that a sink holds for such rows, what it makes of them included: the planes, and beside them the
 * pixels they are packed into, which those of Y, Cb and Cr that are only collected are not.
 */
export function sinkBytes({ width, height, bytes }: Rows, scale: StepOf<"scale"> | undefined, alpha: boolean): number {
  if (scale === undefined) return width * height * (bytes === 4 ? 8 : bytes);
  const { output } = scale;
  const axis = (source: number, size: number): ScaleAxis => ({ source, output: size, start: 0, length: source, by: 1 });
  const x = axis(width, output.width);
  const y = axis(height, output.height);
  const options: ScaleOptions = { filter: streamedFilter(scale) ?? "lanczos3", linear: false, alpha };
  const planes: readonly ScalePlane[] =
    bytes === 4 ? [{ channels: 4, x, y }] : Array.from({ length: bytes }, () => ({ channels: 1, x, y }));
  return scaleBytes(planes, options) + output.width * output.height * 4;
}
