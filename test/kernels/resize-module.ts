import { readFileSync } from "node:fs";
import type { Leased } from "../../src/core/lease.ts";
import {
  createScaler,
  type ScaleAxis,
  type ScaleOptions,
  type ScalePlane,
  type Scaler,
} from "../../src/kernels/resize/scaler.ts";

const compiled = (name: string) =>
  new WebAssembly.Module(readFileSync(new URL(`../../wasm/build/${name}.wasm`, import.meta.url)));
const MODULES = { simd: compiled("resize"), scalar: compiled("resize_scalar") };

/** A fresh instance and how much memory it holds. */
export function createInstance(build: keyof typeof MODULES): Leased<Scaler> {
  return createScaler(MODULES[build]) as Leased<Scaler>;
}

/** The instances that most tests share, so that a run that leaves something behind is found out. */
export const SHARED = { simd: createInstance("simd"), scalar: createInstance("scalar") };

export const PLAIN: ScaleOptions = { filter: "lanczos3", linear: false, alpha: false };

/** All of `source` samples to `output`. */
export function whole(source: number, output: number): ScaleAxis {
  return { source, output, start: 0, length: source, by: 1 };
}

/** Writes each plane in pieces of so many rows, by turns, and gives the results. */
export function scaleAll(
  { api }: Leased<Scaler>,
  planes: readonly (ScalePlane & { readonly data: Uint8Array })[],
  options: ScaleOptions,
  pieces: readonly number[] = [16],
): Uint8Array[] {
  const run = api.begin(planes, options);
  const done = planes.map(() => 0);
  for (let turn = 0; planes.some(({ y }, i) => done[i]! < y.source); turn++) {
    planes.forEach(({ data, channels, x, y }, i) => {
      const rowBytes = x.source * channels;
      const next = Math.min(done[i]! + pieces[turn % pieces.length]!, y.source);
      run.write(i, data.subarray(done[i]! * rowBytes, next * rowBytes));
      done[i] = next;
    });
  }
  return run.end();
}

export function scaleOne(
  instance: Leased<Scaler>,
  data: Uint8Array,
  plane: ScalePlane,
  options: ScaleOptions,
  pieces?: readonly number[],
): Uint8Array {
  return scaleAll(instance, [{ ...plane, data }], options, pieces)[0]!;
}
