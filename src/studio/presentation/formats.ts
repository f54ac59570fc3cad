import type { OutputFormat } from "../../core/plan.ts";
import { format as formatOperation } from "../../operations/format.ts";
import { type Doc, setSetting, type Texts } from "../state/document.ts";

/** What the settings of a result can do in a format: codecs themselves are not loaded by the page (test/studio/chain compares). */
export interface Abilities {
  readonly quality: boolean;
  readonly lossless: boolean;
  readonly chroma: boolean;
  readonly progressive: boolean;
  readonly exif: boolean;
  /** The encoder has more than one pace. */
  readonly effort: boolean;
}

const LOSSLESS: Abilities = { quality: false, lossless: true, chroma: false, progressive: false, exif: false, effort: false };
export const ABILITIES: Readonly<Record<string, Abilities>> = {
  jpeg: { quality: true, lossless: false, chroma: true, progressive: true, exif: true, effort: true },
  png: { ...LOSSLESS, exif: true, effort: true },
  webp: { quality: true, lossless: true, chroma: false, progressive: false, exif: true, effort: true },
  avif: { quality: true, lossless: true, chroma: true, progressive: false, exif: true, effort: true },
  tiff: LOSSLESS,
  bmp: LOSSLESS,
};

/** Format of the result of settings; undefined before there is a source. */
export function resultFormat(settings: Doc["settings"], source: string | undefined): string | undefined {
  const text = settings["format"]?.["value"];
  const asked: OutputFormat | undefined = text === undefined ? undefined : formatOperation.args.value.parse(text);
  return asked === undefined || (asked === "gif" && source !== "gif") ? source : asked;
}

/** Why a setting has no effect on a result, or none but being refused, as the name of a sentence; undefined where it has one. */
export type Without =
  | "lossless"
  | "chroma"
  | "chromaLossless"
  | "interlace"
  | "interlaceSmall"
  | "effort"
  | "maxbytes"
  | "meta"
  | "quality";

export function withoutEffect(name: string, format: string | undefined, settings: Doc["settings"]): Without | undefined {
  const can = format === undefined ? undefined : ABILITIES[format];
  if (can === undefined) return undefined;
  const isLossy = can.quality && !(can.lossless && settings["lossless"]?.["value"] === "1");
  switch (name) {
    case "quality":
      return isLossy ? undefined : "quality";
    case "maxbytes":
      return isLossy ? undefined : "maxbytes";
    case "lossless":
      return can.quality && can.lossless ? undefined : "lossless";
    case "chroma":
      if (!can.chroma) return "chroma";
      return isLossy ? undefined : "chromaLossless";
    case "effort":
      return can.effort ? undefined : "effort";
    case "meta":
      return can.exif ? undefined : "meta";
    case "interlace":
      if (!can.progressive) return "interlace";
      return settings["effort"]?.["value"] === "small" ? "interlaceSmall" : undefined;
    default:
      return undefined;
  }
}

/** Chooses a format (undefined: the source's), and takes away what the engine would refuse in it. */
export function withFormat(doc: Doc, word: string | undefined, source: string | undefined): Doc {
  const texts: Texts | undefined = word === undefined ? undefined : { value: word };
  const changed = setSetting(doc, "format", texts);
  const can = ABILITIES[resultFormat(changed.settings, source) ?? ""];
  if (can === undefined) return changed;
  const withLossless = can.quality && !can.lossless ? setSetting(changed, "lossless", undefined) : changed;
  return can.chroma ? withLossless : setSetting(withLossless, "chroma", undefined);
}
