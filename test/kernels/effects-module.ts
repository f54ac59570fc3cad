import { readFileSync } from "node:fs";
import type { RgbaRaster } from "../../src/core/raster.ts";
import { createEffects, type Effects } from "../../src/kernels/effects/index.ts";
import { noise } from "../support/noise.ts";

const load = (name: string) => new WebAssembly.Module(readFileSync(new URL(`../../wasm/build/${name}.wasm`, import.meta.url)));
/** Both builds; each must give what the other gives. */
const MODULES = { effects: load("effects"), effects_scalar: load("effects_scalar") } as const;
export const BUILDS = ["effects", "effects_scalar"] as const;
export type Build = (typeof BUILDS)[number];

/** A fresh instance and how much memory it holds. */
export function createInstance(build: Build = "effects"): { readonly api: Effects; memoryBytes(): number } {
  return createEffects(MODULES[build]) as { readonly api: Effects; memoryBytes(): number };
}

/** The instances that most tests share, so that one that leaves something behind is found out. */
export const effects: { readonly [B in Build]: Effects } = {
  effects: createInstance().api,
  effects_scalar: createInstance("effects_scalar").api,
};

/** Reproducible pixels; a third of them clear and a third opaque where there is alpha. */
export function speckled(width: number, height: number, alpha: boolean, seed = 1): RgbaRaster {
  const data = noise(width * height * 4, seed);
  for (let i = 3; i < data.length; i += 4) data[i] = alpha ? ([0, 255, data[i]!][data[i]! % 3] as number) : 255;
  return { layout: "rgba8", width, height, data, alpha };
}

/** The same with nothing but 0 and 255, whose sums reach the ends of every range. */
export function extreme(width: number, height: number, alpha: boolean, seed = 1): RgbaRaster {
  const picture = speckled(width, height, alpha, seed);
  return { ...picture, data: picture.data.map((value, i) => (i % 4 === 3 && !alpha ? 255 : value < 128 ? 0 : 255)) };
}

export function copyOf(picture: RgbaRaster): RgbaRaster {
  return { ...picture, data: picture.data.slice() };
}
