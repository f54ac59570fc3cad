/** Messages between the page and a worker. Everything is plain data; pictures travel as Blobs or as buffers that are handed over. */
import type { ArgumentFault, ErrorCode } from "../../core/errors.ts";
import type { FontFile } from "../../core/fonts.ts";
import type { Probe } from "../../core/probe.ts";
import type { WasmName } from "../../core/wasm.ts";
import type { Explanation } from "../../engine.ts";

/** A picture that has been made. */
export interface Made {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly mimeType: string;
  readonly format: string;
  readonly width: number;
  readonly height: number;
  /** ms by stage. */
  readonly timings: Readonly<Record<string, number>>;
  readonly peakBytes: number;
  readonly warnings: readonly string[];
  /** Lower-case hex of `data`; absent where the page is in no secure context. */
  readonly sha256?: string;
}

export interface Opened {
  readonly probe: Probe;
  /** Upright size. */
  readonly width: number;
  readonly height: number;
}

export interface Asks {
  /**
   * Takes a picture: everything after it is about this one. With `side` its pixels are read too, for drafts of that size, so
   * that one that cannot be decoded fails here and the one before stays.
   */
  open: { ask: { readonly picture: Blob; readonly side?: number }; answer: Opened };
  /** Header work alone. */
  explain: { ask: { readonly process: string }; answer: Explanation };
  /**
   * What a plan looks like, made quickly from a picture of at most `side` px a side: never the bytes of the server.
   * `geometry`: only what moves and cuts, so that the original can lie beside the result.
   */
  draft: { ask: { readonly process: string; readonly side: number; readonly geometry: boolean }; answer: Made };
  /** The very bytes of the server. "" asks for nothing: the bytes of the picture as they are. */
  render: { ask: { readonly process: string }; answer: Made };
}
export type AskKind = keyof Asks;
export type AskBody = { [K in AskKind]: { readonly kind: K } & Asks[K]["ask"] }[AskKind];
export type Ask = AskBody & { readonly id: number };

/** Must come first: where the page lies, below which the engine's files are. */
export interface Start {
  readonly kind: "start";
  readonly page: string;
}
/** Pictures that watermarks draw: handed in by the page, else fetched below `base`. */
export interface Marks {
  readonly kind: "marks";
  readonly pictures: readonly (readonly [key: string, picture: Blob])[];
  readonly base?: string;
}
/** Modules compiled and fonts fetched before, so that a worker that replaces another has nothing to load. */
export interface Modules {
  readonly kind: "modules";
  readonly modules: readonly (readonly [name: WasmName, module: WebAssembly.Module])[];
  readonly fonts: readonly (readonly [file: FontFile, font: Blob])[];
}
export type ToWorker = Ask | Start | Marks | Modules;

export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly fault?: ArgumentFault;
  /** Index of the pixel operation that does not fit this picture, where it is one. */
  readonly call?: number;
}

/** A codec or font is being loaded; total 0 where the server does not say. */
export interface Progress {
  readonly kind: "progress";
  readonly file: string;
  readonly loaded: number;
  readonly total: number;
  readonly done: boolean;
}
export type FromWorker =
  | { readonly kind: "answer"; readonly id: number; readonly value: Asks[AskKind]["answer"] }
  | { readonly kind: "failure"; readonly id: number; readonly failure: Failure }
  | Progress
  | { readonly kind: "module"; readonly name: WasmName; readonly module: WebAssembly.Module }
  | { readonly kind: "font"; readonly file: FontFile; readonly font: Blob };
