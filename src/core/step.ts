import type { Filter } from "./filters.ts";
import type { Orientation, Rect, Size } from "./geometry.ts";
import type { Probe } from "./probe.ts";
import type { TextSpec } from "./text.ts";

/**
 * R' = (m0·R + m1·G + m2·B + m3 + 2048) >> 12 clamped to 0..255, G' from m4..m7, B' from m8..m11; A is kept.
 * Gains and offsets are in 1/4096 (of a level, for the offset), |gain| at most 8 and |offset| at most 1024 levels.
 */
export type ColorMatrix = readonly [
  ...(readonly [number, number, number, number]),
  ...(readonly [number, number, number, number]),
  ...(readonly [number, number, number, number]),
];

/** Parameters of each primitive, resolved against a real size: integers only. Applied by the file of that name in src/pixels. */
export interface StepParams {
  /** From the color space of the picture itself (its profile, or what its container says) to sRGB. */
  readonly convert: { readonly from: Probe["colorSpace"] };
  /** Resample the whole raster to the step's output size, in gamma space or in linear light. */
  readonly scale: { readonly filter: Filter; readonly linear: boolean };
  /** Keep a rectangle. */
  readonly crop: { readonly rect: Rect };
  /** Turn as an EXIF orientation says. */
  readonly turn: { readonly orientation: Orientation };
  /** Turn clockwise by 1..359 whole degrees that are no quarter turn; the canvas grows to `output`, its corners are transparent. */
  readonly rotate: { readonly angleDeg: number };
  /** Put the raster at x, y of a larger canvas; color RRGGBB or RRGGBBAA, or transparent where absent. */
  readonly extend: { readonly x: number; readonly y: number; readonly color?: string };
  /** Gaussian blur with a standard deviation of sigmaMilli/1000 px, cut off beyond `radius` px. */
  readonly blur: { readonly sigmaMilli: number; readonly radius: number };
  /** Unsharp mask: c + amount · (c − blurred c), blurred with a standard deviation of sigmaMilli/1000 px. */
  readonly sharpen: { readonly sigmaMilli: number; readonly amountMilli: number };
  readonly matrix: { readonly matrix: ColorMatrix };
  /** Squares of `block` px, counted from the top left, each in its mean color. */
  readonly pixelate: { readonly block: number };
  /** Round the corners: quarter circles of this diameter, smoothed; beyond them the picture becomes transparent. */
  readonly mask: { readonly diameter: number };
  /** Cut uniform borders. What is left depends on the pixels: `output` is the size before, an upper bound. */
  readonly trim: { readonly tolerance: number };
  /**
   * Draw a mark with its top left at x, y (may be negative); opacity 0..255. With `tile` it is drawn again every
   * periodX px to the right and periodY px down, as often as it meets the picture.
   */
  readonly composite: {
    readonly mark: ResolvedMark;
    readonly x: number;
    readonly y: number;
    readonly opacity: number;
    readonly tile?: { readonly periodX: number; readonly periodY: number };
  };
}
export type StepKind = keyof StepParams;

/** One primitive with the size it leaves. */
export type Step = {
  readonly [K in StepKind]: { readonly kind: K; readonly params: StepParams[K]; readonly output: Size };
}[StepKind];
export type StepOf<K extends StepKind> = Extract<Step, { readonly kind: K }>;

/** What is drawn on a picture. */
export type ResolvedMark = ResolvedPictureMark | ResolvedTextMark | UnreadMark;

/** A mark whose object or font has not been read, as in `explain`: its place and memory are unknown. */
export interface UnreadMark {
  readonly kind: "unread";
  /** Object key or text. */
  readonly name: string;
  /** Stands for the one it will have. */
  readonly size: Size;
}

export interface ResolvedTextMark {
  readonly kind: "text";
  readonly text: TextSpec;
  readonly size: Size;
}

/** A watermark picture: its object, its header, and the steps that come before it is drawn. */
export interface ResolvedPictureMark {
  readonly kind: "picture";
  readonly key: string;
  readonly probe: Probe;
  readonly byteLength: number;
  readonly steps: readonly Step[];
  readonly size: Size;
}

/** What an operation is planned against: the raster it will be given, and what the result can hold. */
export interface PlanInput extends Size {
  /** The result format keeps transparency. */
  readonly keepsAlpha: boolean;
  /** The picture a mark is prepared for; absent outside watermark pre-processing. */
  readonly main?: Size;
  /** Refuse what OSS refuses (OSS IMG reference, section 2). */
  readonly ossStrict: boolean;
}
