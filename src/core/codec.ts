import type { Rect, Size } from "./geometry.ts";
import type { LeaseWasm } from "./lease.ts";
import type { Chroma, Effort } from "./plan.ts";
import type { Probe, SourceFormat } from "./probe.ts";
import type { Layout, Raster } from "./raster.ts";
import type { Decoded, RowSink } from "./rows.ts";
import type { WasmName } from "./wasm.ts";

/** The smallest part and size of the source that a plan can use, in stored px. A decoder may deliver more, never less. */
export interface DecodeNeeds {
  /** Part of the source that is used. */
  readonly region: Rect;
  /** Size at which `region` suffices; a decoder that scales while decoding delivers at least this. */
  readonly size: Size;
  /** Chroma is only used at half of `size`. */
  readonly halvedChroma?: boolean;
}

export interface EncodeOptions {
  /** 1..100; meaningless for lossless formats. */
  readonly quality: number;
  /** Coarse picture first, where `supports.progressive`. */
  readonly progressive: boolean;
  /** Every pixel as given, where `supports.lossless`; quality is then not read. */
  readonly lossless: boolean;
  readonly effort: Effort;
  /** Of a lossy result, where `supports.chroma`. */
  readonly chroma: Chroma;
  /** A TIFF stream of EXIF tags (EXIF 2.32 section 4.5, without "Exif\0\0") to put into the result, where `supports.exif`. */
  readonly exif?: Uint8Array;
}

/** Upper bounds of rows that come: samples of the largest plane, reduced where the needs allow it, and bytes of all planes per sample. */
export interface Rows extends Size {
  readonly bytes: 1 | 3 | 4;
}

/** Options that the memory of an encoder depends on. */
export type EncodeShape = Pick<EncodeOptions, "progressive" | "lossless" | "effort" | "chroma">;

/** One picture format: what it can do as data, then decode and encode. */
export interface Codec {
  readonly format: SourceFormat;
  readonly mimeType: string;
  readonly supports: {
    readonly alpha: boolean;
    readonly animation: boolean;
    readonly quality: boolean;
    /** EncodeOptions.progressive, lossless and exif have an effect. A format without quality is lossless in any case. */
    readonly progressive: boolean;
    readonly lossless: boolean;
    readonly exif: boolean;
    /** EncodeOptions.chroma has an effect. */
    readonly chroma: boolean;
    /** A quality is IJG's, so that a JPEG source's estimated quality means the same in a result. */
    readonly ijgQuality: boolean;
    /** How a picture lies is part of the container (irot, imir) and not a hint in EXIF that may be left out. */
    readonly containerOrientation: boolean;
    /** Layouts the encoder takes as they are, best first; those of effort "small" where they differ. */
    readonly layouts: readonly Layout[];
    readonly smallLayouts?: readonly Layout[];
  };
  /** Quality of the plain grammar where none is asked for. */
  readonly defaultQuality: number;
  /** Longest side the format can hold. */
  readonly maxSide: number;
  /** Modules that decoding and encoding need in this runtime; `small` of encoding with that effort, where they differ. */
  readonly modules: {
    readonly decode: readonly WasmName[];
    readonly encode: readonly WasmName[];
    readonly small?: readonly WasmName[];
  };
  /** UNSUPPORTED_FORMAT where the header shows a variant this decoder does not read. */
  checkProbe(probe: Probe): void;
  /** What decode will leave in the sink where it leaves rows; undefined, as where this is absent, where it gives a whole raster. */
  rowsOf?(probe: Probe, needs: DecodeNeeds): Rows | undefined;
  /**
   * Upper bounds in bytes: what decode holds besides the source, its raster included where it gives a whole one; and what
   * encode holds besides the raster it is given.
   */
  decodeBytes(probe: Probe, byteLength: number, needs: DecodeNeeds): number;
  encodeBytes(size: Size, alpha: boolean, options: EncodeShape): number;
  /** CORRUPT_IMAGE where the bytes are no whole picture. */
  decode(bytes: Uint8Array, probe: Probe, needs: DecodeNeeds, tools: CodecTools & { readonly rows: RowSink }): Promise<Decoded>;
  encode(raster: Raster, options: EncodeOptions, tools: CodecTools): Promise<Uint8Array>;
}

export interface CodecTools {
  readonly lease: LeaseWasm;
  /** Throws TIMEOUT past the deadline or once the caller has given up. */
  readonly checkpoint: () => void;
}

/** Layouts that the encoder takes as they are, best first. */
export function layoutsFor({ supports }: Codec, effort: Effort): readonly Layout[] {
  return (effort === "small" ? supports.smallLayouts : undefined) ?? supports.layouts;
}
