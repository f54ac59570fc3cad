import type { Size } from "../../core/geometry.ts";
import type { Texts } from "../state/document.ts";
import { textMark } from "./initial.ts";
import type { Through } from "./sizes.ts";

/** Texts to be set; undefined takes one away. */
export type Changes = Readonly<Record<string, string | undefined>>;

/** Ways of saying what an operation is to do that exclude each other, one of which is asked for at a time. */
export interface Ways {
  readonly list: readonly string[];
  /** The way that texts are written in. */
  of(texts: Texts): string;
  /** Goes over to a way: what clashes with it is taken away, what it needs is there. */
  to(way: string, texts: Texts, sizes: Through): Changes;
}

const resize: Ways = {
  list: ["box", "edges", "percent"],
  of(texts) {
    if (has(texts, "w", "h")) return "box";
    if (has(texts, "l", "s")) return "edges";
    return has(texts, "p") ? "percent" : "box";
  },
  to(way, texts, { before, after }) {
    const none: Changes = { w: undefined, h: undefined, l: undefined, s: undefined, p: undefined };
    if (way === "percent") {
      const percent = Math.min(1000, Math.max(1, Math.round((100 * after.width) / before.width)));
      return { ...none, m: undefined, color: undefined, limit: undefined, p: texts["p"] ?? String(percent) };
    }
    // Modes are about a box: with one edge alone they mean the same or a square
    const keeps: Changes = { ...none, m: undefined, color: undefined };
    if (way === "edges") return { ...keeps, l: texts["l"] ?? String(Math.max(after.width, after.height)) };
    return { ...keeps, w: texts["w"] ?? String(after.width) };
  },
};

const indexcrop: Ways = {
  list: ["columns", "rows"],
  of: (texts) => (has(texts, "y") ? "rows" : "columns"), // the engine takes y where both are given
  to(way, _texts, { before }) {
    return way === "rows"
      ? { x: undefined, y: third(before.height), i: "1" }
      : { x: third(before.width), y: undefined, i: "1" };
  },
};
function third(side: number): string {
  return String(Math.max(1, Math.floor(side / 3)));
}

const blur: Ways = {
  list: ["sigma", "oss"],
  of: (texts) => (has(texts, "r", "s") ? "oss" : "sigma"),
  to(way, texts) {
    const sigma = Number(texts["sigma"]);
    const deviation = clamped(sigma, 1, 50, 5);
    return way === "oss"
      ? { sigma: undefined, r: String(Math.min(50, 3 * deviation)), s: String(deviation) }
      : { sigma: String(clamped(Number(texts["s"]), 1, 50, 5)), r: undefined, s: undefined };
  },
};

const sharpen: Ways = {
  list: ["strength", "sigma"],
  of: (texts) => (has(texts, "sigma") ? "sigma" : "strength"),
  to: (way) => (way === "sigma" ? { value: undefined, sigma: "1" } : { value: "100", sigma: undefined }),
};

const TEXT_ARGS = ["text", "type", "color", "size", "shadow", "rotate"];
const BOTH_ARGS = ["order", "align", "interval"];
const watermark: Ways = {
  list: ["text", "picture", "both"],
  of: (texts) => (!has(texts, "image") ? "text" : has(texts, "text") ? "both" : "picture"),
  to(way, texts, { before }) {
    const missing: Texts = has(texts, "text") ? {} : textMark(before);
    const image = texts["image"] ?? "";
    if (way === "both") return { ...missing, image };
    return way === "picture"
      ? { ...without([...TEXT_ARGS, ...BOTH_ARGS]), image }
      : { ...without(["image", ...BOTH_ARGS]), ...missing };
  },
};

/** By operation name; most operations have one way alone. */
export const WAYS: Readonly<Record<string, Ways>> = { resize, indexcrop, blur, sharpen, watermark };

/** Sets one edge of a box that keeps the picture's ratio: the other follows. */
export function oneEdge(edge: "w" | "h", text: string): Changes {
  return edge === "w" ? { w: text, h: undefined } : { w: undefined, h: text };
}
/** True where the box keeps the ratio: one edge, and no mode that would make a square of it. */
export function keepsRatio(texts: Texts): boolean {
  const isLone = !(filled(texts, "w") && filled(texts, "h"));
  return isLone && (texts["m"] === undefined || texts["m"] === "lfit" || texts["m"] === "mfit");
}
/** Locks the ratio of a box, or frees it at the size it has. */
export function lockRatio(lock: boolean, texts: Texts, after: Size): Changes {
  if (!lock) return { w: texts["w"] || String(after.width), h: texts["h"] || String(after.height) };
  const isTall = !filled(texts, "w") && filled(texts, "h");
  return { m: undefined, color: undefined, ...(isTall ? { w: undefined } : { h: undefined }) };
}

/** A text that is there, be it empty: a cleared field still shows which way is meant. */
function has(texts: Texts, ...names: readonly string[]): boolean {
  return names.some((name) => texts[name] !== undefined);
}
export function filled(texts: Texts, name: string): boolean {
  return texts[name] !== undefined && texts[name] !== "";
}
function without(names: readonly string[]): Changes {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
function clamped(value: number, min: number, max: number, fallback: number): number {
  return Number.isFinite(value) && value > 0 ? Math.min(max, Math.max(min, Math.round(value))) : fallback;
}
