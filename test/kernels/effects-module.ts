import { readFileSync } from "node:fs";
import type { RgbaRaster } from "../../src/core/raster.ts";
import { createEffects, type Effects } from "../../src/kernels/effects.ts";
import { noise } from "../support/noise.ts";

const EFFECTS = new WebAssembly.Module(readFileSync(new URL("../../wasm/build/effects.wasm", import.meta.url)));

/** A fresh instance and how much memory it holds. */
export function createInstance(): { readonly api: Effects; memoryBytes(): number } {
  return createEffects(EFFECTS) as { readonly api: Effects; memoryBytes(): number };
}

/** The instance that most tests share, so that one that leaves something behind is found out. */
export const effects = createInstance().api;

/** Reproducible pixels; a third of them clear and a third opaque where there is alpha. */
export function speckled(width: number, height: number, alpha: boolean, seed = 1): RgbaRaster {
  const data = noise(width * height * 4, seed);
  for (let i = 3; i < data.length; i += 4) data[i] = alpha ? ([0, 255, data[i]!][data[i]! % 3] as number) : 255;
  return { layout: "rgba8", width, height, data, alpha };
}

export function copyOf(picture: RgbaRaster): RgbaRaster {
  return { ...picture, data: picture.data.slice() };
}
