import type { ArgValues } from "./args.ts";

/** Formats a result can be asked for; which of them have an encoder is the codec table's business. */
export const OUTPUT_FORMATS = ["jpeg", "png", "webp", "avif", "gif", "bmp", "tiff", "heic", "jxl"] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/**
 * How the quality of a lossy result is chosen (OSS IMG reference, section 7.1).
 * source: the estimated quality of a JPEG source, else the format's default · absolute: exactly `value` ·
 * ceiling: `value`, but not above the source's · relative: `value` percent of the source's · auto: the format's default.
 */
export type QualityRule =
  | { readonly rule: "source" | "auto" }
  | { readonly rule: "absolute" | "ceiling" | "relative"; readonly value: number };

/** State that is set anywhere in a chain and used once, at the start (orient) or when the result is encoded. */
export interface Settings {
  /** Apply the EXIF orientation before everything else. What irot and imir of AVIF say is applied in any case. */
  readonly orient: boolean;
  /** Absent: the source's format. */
  readonly format?: OutputFormat;
  readonly quality: QualityRule;
  /** RRGGBB or RRGGBBAA behind transparency. Absent: white where the result cannot hold transparency, else nothing. */
  readonly background?: string;
  /** Coarse picture first, where the result's format can. */
  readonly progressive: boolean;
  /** No loss in the encoder. BAD_ARGUMENT where the result's format cannot. */
  readonly lossless: boolean;
  /** The result has at most this many bytes, by lowering the quality. */
  readonly maxBytes?: number;
  readonly meta: MetaRule;
  readonly effort: Effort;
  /** Chroma of lossy results at half size or full. Absent: 420. */
  readonly chroma?: Chroma;
}
/** `fast`: the quickest encoder there is. `small`: the fewest bytes at equal quality, for several times the time. */
export const EFFORTS = ["fast", "small"] as const;
export type Effort = (typeof EFFORTS)[number];
export const CHROMAS = ["420", "444"] as const;
export type Chroma = (typeof CHROMAS)[number];
/** Which metadata of the source the result carries. The color profile never: pixels are sRGB. */
export const META_RULES = ["strip", "copyright", "keep"] as const;
export type MetaRule = (typeof META_RULES)[number];
export const DEFAULT_SETTINGS: Settings = {
  orient: true,
  quality: { rule: "source" },
  progressive: false,
  lossless: false,
  meta: "strip",
  effort: "fast",
};

/** One pixel operation as asked for: a name of the operation table and its declared arguments. */
export interface Call {
  readonly name: string;
  readonly args: ArgValues;
  /** Watermark: the object drawn and what is done to it first. */
  readonly mark?: Mark;
}
export interface Mark {
  readonly key: string;
  readonly plan?: Plan;
}

/** What was asked, independent of any picture. Plain data; equal plans print the same canonical text. */
export interface Plan {
  /** `picture`: calls in order, then encode. Others: JSON about the source, `average-hue` from its pixels, `info` from its header. */
  readonly answer: "picture" | "info" | "average-hue";
  readonly calls: readonly Call[];
  readonly settings: Settings;
}

/** Keys of all objects that a plan draws, each once, in order of use. */
export function markKeys(plan: Plan): readonly string[] {
  return [...new Set(plan.calls.flatMap((call) => (call.mark === undefined ? [] : [call.mark.key])))];
}
