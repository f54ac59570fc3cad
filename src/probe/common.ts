import { TransformError } from "../core/errors.ts";
import type { ColorMeaning, Probe } from "../core/probe.ts";

/** What holds for a picture whose header says nothing else. */
export const STILL = {
  orientation: 1,
  alpha: false,
  frames: 1,
  bitDepth: 8,
  colorSpace: "rgb",
  icc: "none",
  colorimetry: "srgb",
  exif: {},
} as const satisfies Partial<Probe>;

/** For formats where a profile is all that is said about color. */
export function colorOfProfile(icc: Probe["icc"]): Pick<Probe, "icc" | "colorimetry"> {
  return { icc, colorimetry: icc === "other" ? "other" : "srgb" };
}

export function iccColor(profile: Uint8Array | undefined): ColorMeaning | undefined {
  return profile === undefined ? undefined : { kind: "icc", profile };
}

/** CORRUPT_IMAGE; `what` completes "This image is damaged: …". */
export function corrupt(what: string): TransformError {
  return new TransformError("CORRUPT_IMAGE", `This image is damaged: ${what}.`);
}

/**
 * Runs `read` where damage means absence: metadata never makes a picture unreadable.
 * Only CORRUPT_IMAGE is taken for damage; anything else is a fault of ours and passes.
 */
export function optional<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof TransformError && thrown.code === "CORRUPT_IMAGE") return undefined;
    throw thrown;
  }
}

/** Throws CORRUPT_IMAGE unless both sides are positive; sizes over the limits are the business of core/limits.ts. */
export function checkSize(width: number, height: number): void {
  if (!(width > 0 && height > 0)) throw corrupt(`its header gives the size ${width}x${height}`);
}

/** Pixels per meter (PNG pHYs, BMP) as pixels per centimeter, the only metric unit EXIF knows; 0 says nothing. */
export function densityPerMeter(x: number, y: number): Probe["density"] {
  if (x <= 0 || y <= 0) return undefined;
  return { unit: 3, x: `${Math.round(x / 100)}/1`, y: `${Math.round(y / 100)}/1` };
}
