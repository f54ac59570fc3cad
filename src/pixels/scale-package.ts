import { asTransformError } from "../core/errors.ts";
import type { Filter, KernelFilter } from "../core/filters.ts";
import type { Size } from "../core/geometry.ts";
import type { LeaseWasm } from "../core/lease.ts";
import type { CmykRaster, RgbaRaster } from "../core/raster.ts";
import { createHqx, hqxBytes, hqxFactor } from "../kernels/hqx.ts";
import { createMagicKernel } from "../kernels/magic-kernel.ts";

/** Filters that are not our own: modules of @jsquash/resize, which take whole pictures. */
export type PackageFilter = Exclude<Filter, KernelFilter>;

/** Bytes that `resizeByPackage` holds besides its input. The magic kernel works in floating point: 58 MB were measured at 0.8 MP. */
export function packageScaleBytes(input: Size, output: Size, filter: PackageFilter): number {
  const pixels = input.width * input.height;
  if (filter === "magic-kernel") return (pixels + output.width * output.height + input.height * output.width) * 40 + 4_194_304;
  const factor = hqxFactor(input, output);
  return factor === undefined ? 0 : hqxBytes(input, factor);
}

/** The picture as the filter leaves it: at the output's size by magic-kernel, enlarged by a whole factor or not at all by hqx. */
export async function resizeByPackage<R extends RgbaRaster | CmykRaster>(
  input: R,
  output: Size,
  filter: PackageFilter,
  lease: LeaseWasm,
): Promise<R> {
  const { data, alpha } = input;
  const failure = { code: "INTERNAL", message: "resampling failed" } as const;
  if (filter === "magic-kernel") {
    const { width, height } = output;
    const resized = await lease("jsquash_magic_kernel_bg", createMagicKernel, failure, (kernel) =>
      kernel.resize(data, input, output, alpha),
    ).catch((thrown: unknown) => {
      throw lacksReferenceTypes()
        ? asTransformError(undefined, "NOT_SUPPORTED", "filter magic-kernel needs a newer runtime")
        : thrown;
    });
    return { ...input, width, height, data: resized };
  }
  const factor = hqxFactor(input, output);
  if (factor === undefined) return input;
  const enlarged = await lease("squooshhqx_bg", createHqx, failure, (hqx) => hqx.enlarge(data, input, factor, alpha));
  return { ...input, width: input.width * factor, height: input.height * factor, data: enlarged };
}

/** (module (func (result externref) ref.null extern)), by hand after the WebAssembly core specification 2.0, section 5. */
const PROBE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 111, 3, 2, 1, 0, 10, 6, 1, 4, 0, 208, 111, 11]);
function lacksReferenceTypes(): boolean {
  return !WebAssembly.validate(PROBE);
}
