import type { Orientation, Rect } from "./geometry.ts";

/** Formats the prober recognizes by content; which of them can be decoded is the codec table's business. */
export type SourceFormat = "jpeg" | "png" | "webp" | "avif" | "heic" | "gif" | "bmp" | "tiff";

/** What headers alone say about a picture. No pixel has been decoded and no length in the file has been believed unchecked. */
export interface Probe {
  readonly format: SourceFormat;
  /** Stored size in px, before orientation. AVIF and HEIC: the size of the primary item before irot, imir and clap. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation; for AVIF and HEIC what irot and imir amount to (their EXIF tag is informative only, MIAF 7.3.6). */
  readonly orientation: Orientation;
  /** AVIF, HEIC: the clean aperture in stored px, where it is whole pixels inside the picture and cuts something off. */
  readonly cleanAperture?: Rect;
  readonly alpha: boolean;
  /** Frames of an animation where the header tells or a bounded walk finds them; 1 for a still. */
  readonly frames: number;
  /** Bits per sample of the color planes. */
  readonly bitDepth: number;
  readonly colorSpace: "gray" | "rgb" | "cmyk" | "ycck";
  /** Whether an ICC profile is embedded and whether it means sRGB (or, for gray, the sRGB curve). */
  readonly icc: "none" | "srgb" | "other";
  /** What the numbers mean: sRGB (also where nothing is said), or what a profile or code points of the container say. */
  readonly colorimetry: "srgb" | "other";
  /** JPEG: estimated IJG quality 1..100 of the luminance table. */
  readonly quality?: number;
  /** JPEG: how the entropy-coded data is written. Decides which decoder can read it. */
  readonly coding?: "baseline" | "extended" | "progressive" | "lossless" | "arithmetic";
  /** JPEG: the first scan holds every component, so that a sequential picture can be decoded as it comes. */
  readonly interleaved?: boolean;
  /** WebP, stills: coded as VP8, else as VP8L. Decides which decoder reads it. */
  readonly lossy?: boolean;
  /** PNG: seven passes (Adam7), of which each shows the whole picture more finely. */
  readonly interlaced?: boolean;
  /** JPEG: subsampling as in "4:2:0"; absent when it has no common name. */
  readonly chroma?: string;
  /** Pixel density where the container states it. unit: 1 none, 2 inch, 3 cm (EXIF ResolutionUnit); values as "n/d". */
  readonly density?: { readonly unit: 1 | 2 | 3; readonly x: string; readonly y: string };
  /** EXIF tags by their EXIF name with printed values (bounded in number and length); empty without EXIF. */
  readonly exif: Readonly<Record<string, string>>;
}

/** What the pixels of a picture mean where that is not sRGB: an ICC profile, or code points of ITU-T H.273 (nclx, cICP). */
export type ColorMeaning =
  | { readonly kind: "icc"; readonly profile: Uint8Array }
  | { readonly kind: "cicp"; readonly primaries: number; readonly transfer: number };
