import type { Size } from "../../core/geometry.ts";
import type { Texts } from "../state/document.ts";

/** An assumed picture, while there is none. */
export const NO_PICTURE: Size = { width: 1200, height: 800 };

/** Longest side that resize and fit take. */
const MAX_SIDE = 16384;
const MAX_RADIUS = 4096;

/** Texts of a new step, chosen so that its effect on a picture of that size is seen at once. */
export function initialTexts(name: string, size: Size): Texts {
  return INITIAL[name]?.(size) ?? {};
}

const INITIAL: Readonly<Record<string, (size: Size) => Texts>> = {
  resize: ({ width }) => ({ w: px(width / 2, MAX_SIDE) }),
  fit: (size) => ({ w: px(shorter(size), MAX_SIDE), h: px(shorter(size), MAX_SIDE) }),
  crop: ({ width, height }) => ({
    x: String(Math.round(width / 10)),
    y: String(Math.round(height / 10)),
    w: px(width * 0.8, MAX_SIDE),
    h: px(height * 0.8, MAX_SIDE),
  }),
  indexcrop: ({ width }) => ({ x: px(width / 3, 30_000), i: "1" }),
  trim: () => ({ value: "10" }),
  rotate: () => ({ value: "90" }),
  flip: () => ({ value: "h" }),
  circle: (size) => ({ r: px((shorter(size) - 1) / 2, MAX_RADIUS) }),
  "rounded-corners": (size) => ({ r: px(shorter(size) / 20, MAX_RADIUS) }),
  bright: () => ({ value: "20" }),
  contrast: () => ({ value: "20" }),
  saturate: () => ({ value: "40" }),
  gray: () => ({ value: "1" }),
  blur: () => ({ sigma: "5" }),
  sharpen: () => ({ value: "100" }),
  pixelate: (size) => ({ value: String(Math.min(256, Math.max(2, Math.round(shorter(size) / 40)))) }),
  watermark: (size) => textMark(size),
};

/** White with a shadow can be read on any ground. */
export function textMark({ width }: Size): Texts {
  return { text: "© opalens", size: px(width / 16, 1000), color: "FFFFFF", shadow: "50" };
}

function shorter({ width, height }: Size): number {
  return Math.min(width, height);
}
function px(value: number, most: number): string {
  return String(Math.min(most, Math.max(1, Math.floor(value))));
}
