import type { Size } from "../../core/geometry.ts";

/** How an argument is asked for, where its domain alone does not say it. */
export interface Look {
  /** Where the slider ends on a picture of that size; the field takes the whole range. `none`: the field alone. */
  readonly end?: ((size: Size) => number) | "none";
  /** Where it begins, likewise. */
  readonly start?: (size: Size) => number;
  /** A switch that says the opposite of the flag. */
  readonly isInverted?: true;
  /** What silence means where the argument itself does not say it. */
  readonly silence?: string;
  /** Numbers or words with names: all side by side, or in a list. */
  readonly as?: "choice" | "list" | "picture";
}

const shorter = ({ width, height }: Size) => Math.min(width, height);
const half = (size: Size) => Math.floor(shorter(size) / 2);
const width: Look = { end: (size) => size.width };
const height: Look = { end: (size) => size.height };

const LOOKS: Readonly<Record<string, Readonly<Record<string, Look>>>> = {
  resize: {
    w: width,
    h: height,
    l: { end: (size) => Math.max(size.width, size.height) },
    s: { end: shorter },
    p: { end: () => 200 },
    m: { as: "list" },
    limit: { isInverted: true },
  },
  fit: { w: width, h: height },
  indexcrop: { x: width, y: height, i: { end: "none" } },
  trim: { value: { end: () => 100 } },
  circle: { r: { end: half } },
  "rounded-corners": { r: { end: half } },
  blur: { sigma: { end: (size) => Math.max(20, shorter(size) / 10) } },
  pixelate: { value: { end: (size) => Math.max(16, Math.floor(shorter(size) / 8)) } },
  chroma: { value: { silence: "420" } },
  watermark: {
    size: { end: (size) => Math.max(100, Math.floor(size.height / 2)) },
    voffset: { start: (size) => -Math.floor(size.height / 2), end: (size) => Math.floor(size.height / 2) },
    interval: { end: (size) => Math.max(50, Math.floor(size.width / 4)) },
    align: { as: "choice" },
    image: { as: "picture" },
  },
};
const PLAIN: Look = {};

export function lookOf(operation: string, name: string): Look {
  return LOOKS[operation]?.[name] ?? PLAIN;
}
