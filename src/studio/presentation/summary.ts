import type { Texts } from "../state/document.ts";
import { anchorLabel, type ChainText, wordLabel } from "./labels.ts";
import { markOf } from "./mark.ts";
import { filled, WAYS } from "./ways.ts";

/** One line on what a step does, from its texts as they are. */
export function summaryOf(name: string, texts: Texts, says: ChainText): string {
  const given = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ""));
  return SUMMARIES[name]?.(given, says, name) || says.summary.incomplete;
}

type Summary = (texts: Texts, says: ChainText, name: string) => string | undefined;

/** A number with its sign and unit; undefined where there is none. */
function signed(unit: string): Summary {
  return ({ value }) =>
    value === undefined ? undefined : (Number(value) > 0 && !value.startsWith("+") ? "+" : "") + value + unit;
}
function worded(arg: string): Summary {
  return (texts, says, name) => {
    const word = texts[arg];
    return word === undefined ? undefined : wordLabel(says, name, arg, word);
  };
}
function said(arg: string, say: (says: ChainText) => (text: string) => string): Summary {
  return (texts, says) => {
    const text = texts[arg];
    return text === undefined ? undefined : say(says)(text);
  };
}

const SUMMARIES: Readonly<Record<string, Summary>> = {
  resize(texts, says) {
    const size = sizeText(texts, says);
    const mode = texts["m"];
    return size === undefined || mode === undefined || mode === "lfit" || mode === "mfit"
      ? size
      : says.summary.with(size, says.summary.inner(wordLabel(says, "resize", "m", mode)));
  },
  fit(texts, says) {
    const size = boxText(texts, says);
    return size === undefined
      ? undefined
      : says.summary.with(size, says.summary.inner(wordLabel(says, "fit", "m", texts["m"] ?? "cover")));
  },
  crop(texts, says) {
    const size = boxText(texts, says);
    const at = says.summary.at(texts["x"] ?? "0", texts["y"] ?? "0");
    return size === undefined ? at : says.summary.with(size, at);
  },
  indexcrop(texts, says) {
    const { x, y, i = "0" } = texts;
    const side = y === undefined ? x && says.summary.columns(x) : says.summary.rows(y);
    return side && says.summary.with(says.summary.slice(i), side);
  },
  trim: said("value", (says) => says.summary.tolerance),
  rotate: ({ value }) => value && `${value}°`,
  flip: worded("value"),
  circle: said("r", (says) => says.summary.radius),
  "rounded-corners": ({ r }, says) => r && (r === "max" ? wordLabel(says, "rounded-corners", "r", r) : says.summary.radius(r)),
  bright: signed(""),
  contrast: signed(" %"),
  saturate: signed(" %"),
  gray: ({ value }, says) => (value === "1" ? says.args.gray.value : says.off),
  blur({ r, s, sigma }, says) {
    if (sigma !== undefined) return says.summary.sigma(sigma);
    return r && s && says.summary.with(says.summary.radius(r), says.summary.deviation(s));
  },
  sharpen: ({ value, sigma }, says) =>
    sigma === undefined ? value && says.summary.strength(value) : says.summary.sigma(sigma),
  pixelate: said("value", (says) => says.summary.squares),
  watermark(texts, says) {
    const { text, image } = texts;
    const parts = [text && says.summary.quoted(text), image && markOf(image).key].filter((part) => part);
    const at = texts["fill"] === "1" ? says.summary.tiled : says.summary.inner(anchorLabel(says, texts["g"] ?? "se"));
    return parts.length === 0 ? undefined : says.summary.with(parts.join(" + "), at);
  },
};

function sizeText(texts: Texts, says: ChainText): string | undefined {
  const way = WAYS["resize"]?.of(texts);
  const { l, s, p } = texts;
  if (way === "percent") return p && `${p} %`;
  if (way === "box") return boxText(texts, says);
  const long = l && says.summary.longEdge(l);
  const short = s && says.summary.shortEdge(s);
  return long && short ? says.summary.with(long, short) : long || short;
}
function boxText(texts: Texts, { summary }: ChainText): string | undefined {
  const { w = "", h = "" } = texts;
  if (filled(texts, "w") && filled(texts, "h")) return summary.box(w, h);
  if (filled(texts, "w")) return summary.wide(w);
  return filled(texts, "h") ? summary.high(h) : undefined;
}
