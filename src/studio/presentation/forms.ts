import type { Texts } from "../state/document.ts";
import { filled, keepsRatio, WAYS } from "./ways.ts";

/** One line of a form: an argument, compact ones side by side, or something that is no argument of its own. */
export type Row = string | readonly string[] | { readonly extra: "ratio" | "turns" | "crop-hint" };
export interface Rows {
  readonly main: readonly Row[];
  /** Behind a disclosure. */
  readonly more: readonly Row[];
}

/** What is asked of a person for an operation, given what has been said: arguments without effect are left out. */
export function rowsOf(name: string, texts: Texts): Rows {
  const form = FORMS[name];
  return form === undefined ? { main: ["value"], more: [] } : form(texts, WAYS[name]?.of(texts) ?? "");
}

type Form = (texts: Texts, way: string) => Rows;
const simple =
  (...main: readonly Row[]): Form =>
  () => ({ main, more: [] });

const RESAMPLING = ["filter", "linear"];

const FORMS: Readonly<Record<string, Form>> = {
  resize(texts, way) {
    if (way === "percent") return { main: ["p"], more: RESAMPLING };
    const isFree = way === "box" ? !keepsRatio(texts) : (filled(texts, "l") && filled(texts, "s")) || hasBoxMode(texts);
    const mode = isFree ? ["m", ...(texts["m"] === "pad" ? ["color"] : [])] : [];
    const edges: readonly Row[] = way === "box" ? ["w", "h", { extra: "ratio" }] : ["l", "s"];
    return { main: [...edges, ...mode, "limit"], more: RESAMPLING };
  },
  fit(texts) {
    const mode = texts["m"] ?? "cover";
    const place = mode === "fill" ? [] : ["g"];
    return { main: ["m", "w", "h", ...place, ...(mode === "pad" ? ["color"] : []), "enlarge"], more: RESAMPLING };
  },
  crop: () => ({ main: [["x", "y"], ["w", "h"], { extra: "crop-hint" }], more: ["g"] }),
  indexcrop: (_texts, way) => ({ main: [way === "rows" ? "y" : "x", "i"], more: [] }),
  rotate: simple("value", { extra: "turns" }),
  circle: simple("r"),
  "rounded-corners": simple("r"),
  blur: (_texts, way) => ({ main: way === "oss" ? ["r", "s"] : ["sigma"], more: [] }),
  sharpen: (_texts, way) => ({ main: [way === "sigma" ? "sigma" : "value"], more: [] }),
  watermark(texts, way) {
    const drawn: readonly Row[] = [
      ...(way === "picture" ? [] : ["text", "type", "size", "color", "shadow", "rotate"]),
      ...(way === "text" ? [] : ["image"]),
      "t",
    ];
    const { main, more } = placeOfMark(texts);
    const both = way === "both" ? ["align", "interval", "order"] : [];
    return { main: [...drawn, ...main], more: [...both, ...more] };
  },
};

function hasBoxMode({ m }: Texts): boolean {
  return m === "fill" || m === "pad" || m === "fixed";
}

/** Distances count from the edges that the position names; in the middle of an axis they have none to count from. */
function placeOfMark(texts: Texts): Rows {
  if (texts["fill"] === "1") return { main: ["fill", ["padx", "pady"]], more: [] };
  const g = texts["g"] ?? "se";
  const isMiddleRow = g === "west" || g === "center" || g === "east";
  const isMiddleColumn = g === "north" || g === "center" || g === "south";
  const distances = [...(isMiddleColumn ? [] : ["x"]), ...(isMiddleRow ? [] : ["y"])];
  return {
    main: ["g", ...(distances.length === 0 ? [] : [distances]), ...(isMiddleRow ? ["voffset"] : []), "fill"],
    more: [],
  };
}

/** Declared arguments that nobody is asked for, and why. */
export const HIDDEN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  resize: {
    P: "only while a watermark picture is prepared",
    pw: "only while a watermark picture is prepared, where the control of that picture sets it",
  },
  blur: { g: "faces cannot be found yet: the engine refuses it", p: "goes with g, which the engine refuses" },
  watermark: { animation: "animations are not made yet: the engine refuses it" },
  quality: { value: "another spelling of Q" },
};
