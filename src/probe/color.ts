import type { ColorMeaning, Probe, SourceFormat } from "../core/probe.ts";
import { bmpColor } from "./bmp.ts";
import { optional } from "./common.ts";
import { isobmffColor } from "./isobmff.ts";
import { jpegColor } from "./jpeg.ts";
import { pngColor } from "./png.ts";
import { tiffColor } from "./tiff.ts";
import { webpColor } from "./webp.ts";

/**
 * Bytes of the largest profile that is used. CMYK profiles of printing presses have 0.5 to 2.7 MB, RGB profiles with
 * tables up to 1.3 MB; the color engine's memory and time grow with it. A picture with a larger one is taken for sRGB.
 */
export const MAX_PROFILE_BYTES = 4 * 1024 * 1024;

/** `maxBytes` bounds what is inflated; a profile may come out cut there. */
type ColorReader = (bytes: Uint8Array, maxBytes: number) => ColorMeaning | undefined;
const READERS: Readonly<Record<SourceFormat, ColorReader>> = {
  jpeg: jpegColor,
  png: pngColor,
  webp: webpColor,
  avif: isobmffColor,
  heic: isobmffColor,
  gif: () => undefined,
  bmp: bmpColor,
  tiff: tiffColor,
};

/**
 * What the pixels of a picture mean, read anew from its bytes: a probe is kept small and a profile is not. Undefined
 * where they are sRGB. The profile is exactly as long as its header says (ICC.1:2022 section 7.2.2), perhaps a view
 * into `bytes`. Never throws for damage: a picture without a usable profile is shown as sRGB.
 */
export function readColor(bytes: Uint8Array, probe: Probe): ColorMeaning | undefined {
  if (probe.colorimetry === "srgb") return undefined;
  const meaning = optional(() => READERS[probe.format](bytes, MAX_PROFILE_BYTES));
  if (meaning?.kind !== "icc") return meaning;
  const { profile } = meaning;
  if (profile.length < 128) return undefined;
  const size = new DataView(profile.buffer, profile.byteOffset).getUint32(0);
  return size <= Math.min(profile.length, MAX_PROFILE_BYTES) ? { kind: "icc", profile: profile.subarray(0, size) } : undefined;
}
