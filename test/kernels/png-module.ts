import type { RowShape } from "../../src/core/rows.ts";
import type { WasmName } from "../../src/core/wasm.ts";
import type { PngDecoderExports, PngEncoderExports } from "../../src/kernels/png/exports.ts";
import { createPng, type PngKernels } from "../../src/kernels/png/index.ts";
import { loadWasm } from "../support/library.ts";

export const BUILDS = ["png", "png_scalar"] as const satisfies readonly WasmName[];
export type Build = (typeof BUILDS)[number];

export async function pngKernels(build: Build): Promise<PngKernels & { memoryBytes(): number }> {
  const leased = await createPng(await loadWasm(build));
  return { ...leased.api, memoryBytes: leased.memoryBytes };
}

/** What a module exports, without glue. */
export async function pngExports(build: Build): Promise<PngDecoderExports & PngEncoderExports> {
  const { exports } = new WebAssembly.Instance(await loadWasm(build), {});
  return exports as unknown as PngDecoderExports & PngEncoderExports;
}

/** Rows as a decoder gave them, joined. */
export interface Collected {
  readonly shape: RowShape;
  readonly data: Uint8Array;
  /** Largest number of bytes given at once. */
  readonly band: number;
}

/** Decodes and checks that as many rows came as the shape says. */
export function collect(kernels: PngKernels, bytes: Uint8Array, alpha: boolean): Collected {
  let shape: RowShape | undefined;
  const bands: Uint8Array[] = [];
  const begin = (begun: RowShape) => {
    shape = begun;
    return {
      write(plane: number, rows: Uint8Array) {
        if (plane !== 0) throw new Error(`plane ${plane}`);
        bands.push(rows.slice());
      },
    };
  };
  kernels.decode(bytes, alpha, begin, () => undefined);
  if (shape === undefined) throw new Error("nothing was begun");
  const { kind, planes } = shape;
  const { width, height } = planes[0]!;
  const data = new Uint8Array(width * height * (kind === "gray" ? 1 : 4));
  let at = 0;
  for (const band of bands) {
    data.set(band, at);
    at += band.length;
  }
  if (at !== data.length) throw new Error(`${at} bytes of ${data.length}`);
  return { shape, data, band: Math.max(...bands.map(({ length }) => length)) };
}

/** As RGBA, whatever was given. */
export function toRgba({ shape, data }: Collected): Uint8Array {
  if (shape.kind === "rgba") return data;
  return Uint8Array.from({ length: data.length * 4 }, (_, i) => (i % 4 === 3 ? 255 : data[i >> 2]!));
}
