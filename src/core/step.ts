import type { Orientation, Rect, Size } from "./geometry.ts";
import type { Probe } from "./probe.ts";

/** Parameters of each primitive, resolved against a real size: integers only. Applied by the file of that name in src/pixels. */
export interface StepParams {
  /** Resample the whole raster to the step's output size. */
  readonly scale: { readonly filter: "lanczos3" };
  /** Keep a rectangle. */
  readonly crop: { readonly rect: Rect };
  /** Turn as an EXIF orientation says. */
  readonly turn: { readonly orientation: Orientation };
  /** Put the raster at x, y of a larger canvas; color RRGGBB, or transparent where absent. */
  readonly extend: { readonly x: number; readonly y: number; readonly color?: string };
  /** Draw a mark with its top left at x, y (may be negative); opacity 0..255. */
  readonly composite: {
    readonly mark: ResolvedMark;
    readonly x: number;
    readonly y: number;
    readonly opacity: number;
  };
}
export type StepKind = keyof StepParams;

/** One primitive with the size it leaves. */
export type Step = {
  readonly [K in StepKind]: { readonly kind: K; readonly params: StepParams[K]; readonly output: Size };
}[StepKind];
export type StepOf<K extends StepKind> = Extract<Step, { readonly kind: K }>;

/** A watermark picture: its object, its header, and the steps that come before it is drawn. */
export interface ResolvedMark {
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
