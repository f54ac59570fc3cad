import type { Domain } from "../../core/args.ts";
import type { Size } from "../../core/geometry.ts";
import type { Look } from "./looks.ts";

/** A number as a slider and a field show it. */
export interface Scale {
  readonly min: number;
  /** Of the field; a slider may end earlier. */
  readonly max: number;
  readonly from: number;
  readonly to: number;
  /** Behind the point. */
  readonly digits: number;
  /** Positions are the share of the way to this power: small numbers take more of the way. */
  readonly power: number;
}

/** Positions of a slider, 0..POSITIONS. */
export const POSITIONS = 1000;
/** From here on a straight scale would leave small values, which differ most to the eye, too little room. */
const WIDE_INTEGERS = 300;
const WIDE_DECIMALS = 20;

type NumberDomain = Extract<Domain, { readonly kind: "integer" | "decimal" }>;

export function scaleOf(domain: NumberDomain, look: Look, size: Size): Scale {
  const { min, max } = domain;
  const from = clamp(look.start?.(size) ?? min, min, max);
  const to = clamp(typeof look.end === "function" ? look.end(size) : max, Math.min(max, from + 1), max);
  const digits = domain.kind === "decimal" ? domain.digits : 0;
  return { min, max, from, to, digits, power: powerOf(domain.kind, from, to, domain.unit === "degrees") };
}
function powerOf(kind: NumberDomain["kind"], from: number, to: number, isAngle: boolean): number {
  if (from < 0 || isAngle) return 1;
  if (kind === "decimal") return to - from > WIDE_DECIMALS ? 3 : 2;
  return to - from > WIDE_INTEGERS ? 2 : 1;
}

/** Where a value lies on the slider. Values beyond an end lie at that end. */
export function positionOf(value: number, { from, to, power }: Scale): number {
  const share = clamp((value - from) / (to - from), 0, 1);
  return Math.round(POSITIONS * share ** (1 / power));
}

/** The value at a position, rounded to what a hand can mean there. */
export function valueAt(position: number, scale: Scale): number {
  const { from, to, power } = scale;
  const value = from + (to - from) * (clamp(position, 0, POSITIONS) / POSITIONS) ** power;
  return round(value, Math.min(scale.digits, value < 1 ? 2 : value < 20 ? 1 : 0));
}

/** One step by a key, from where the value is; a big one is ten. Stays within the whole range. */
export function stepped(value: number, direction: 1 | -1, isBig: boolean, { min, max, digits }: Scale): number {
  const one = digits === 0 ? 1 : 0.1;
  return round(clamp(value + direction * (isBig ? 10 * one : one), min, max), digits);
}

function round(value: number, digits: number): number {
  const ones = 10 ** digits;
  return Math.round(value * ones) / ones;
}
function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
