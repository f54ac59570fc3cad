import type { Probe } from "../core/probe.ts";
import { corrupt, optional } from "./common.ts";
import { Reader } from "./reader.ts";

/** sRGB primaries adapted to D50 (ICC sRGB registry, rounded to 4 places), as s15Fixed16 numbers. */
const COLORANTS: readonly (readonly [tag: string, xyz: readonly [number, number, number]])[] = [
  ["rXYZ", [28574, 14582, 911]],
  ["gXYZ", [25238, 46983, 6364]],
  ["bXYZ", [9378, 3971, 46793]],
];
// 0.003: published sRGB profiles differ by up to 0.0008 (adaptation rounded at different steps); Display P3 is 0.08 away
const COLORANT_TOLERANCE = 197;
/** The sRGB curve at i/16, 16 bit (IEC 61966-2-1 section 5.2): a table, because Math.pow differs between engines. */
const CURVE = [0, 338, 940, 1923, 3334, 5215, 7603, 10530, 14027, 18122, 22840, 28206, 34243, 40975, 48420, 56601, 65535];
// 0.0015: a 26-point table read with straight lines is 0.0007 off; gamma 2.2 is 0.0037 off at 1/8 and must not pass
const CURVE_TOLERANCE = 98;
/** ICC.1:2022 section 10.18, function type 3: g, a, b, c, d of the sRGB curve as s15Fixed16 numbers. */
const PARAMETERS = [157286, 62119, 3417, 5072, 2651];
// 0.0015: d is written as 0.03928 or 0.04045, the rest to 4 or 5 places
const PARAMETER_TOLERANCE = 98;
const MAX_TAGS = 100; // real profiles have 10..20; each look-up walks the table

/**
 * Whether pixels under a profile can be taken for sRGB as they are: matrix/TRC profiles with the sRGB primaries and
 * curve, and gray profiles with the sRGB curve. Every other sound profile is "other", also plain gamma 2.2, which
 * is up to 8.5 of 255 off in the shadows. A damaged profile, or one for another color space than the picture's, is
 * "none": it is ignored as lcms and browsers do.
 */
export function iccMeaning(profile: Uint8Array, colorSpace: Probe["colorSpace"]): Probe["icc"] {
  return optional(() => judge(new Reader(profile), colorSpace)) ?? "none";
}

function judge(reader: Reader, colorSpace: Probe["colorSpace"]): Probe["icc"] {
  checkHeader(reader, colorSpace);
  if (colorSpace === "gray") return isCurve(reader, "kTRC") ? "srgb" : "other";
  if (colorSpace === "cmyk" || colorSpace === "ycck") {
    if (findTag(reader, "A2B0") === undefined) throw corrupt("a CMYK profile without a table");
    return "other";
  }
  if (findTag(reader, "A2B0") !== undefined) return "other"; // a table takes precedence over matrix and curves
  const primaries = COLORANTS.map(([tag, xyz]) => isColorant(reader, tag, xyz));
  const curves = ["rTRC", "gTRC", "bTRC"].map((tag) => isCurve(reader, tag));
  return primaries.every(Boolean) && curves.every(Boolean) ? "srgb" : "other";
}

/** ICC.1:2022 section 7.2: size, class, color space, signature. */
function checkHeader(reader: Reader, colorSpace: Probe["colorSpace"]): void {
  const space = { gray: "GRAY", rgb: "RGB ", cmyk: "CMYK", ycck: "CMYK" }[colorSpace];
  const size = reader.u32(0);
  const sound =
    size >= 132 &&
    size <= reader.length &&
    reader.spells(36, "acsp") &&
    reader.spells(16, space) &&
    ["mntr", "scnr", "prtr", "spac"].includes(reader.ascii(12, 4));
  if (!sound) throw corrupt("an ICC profile is unusable");
}

/** ICC.1:2022 section 7.3: offset of a tag's data, checked to lie inside the profile. */
function findTag(reader: Reader, name: string): { readonly at: number; readonly size: number } | undefined {
  const count = Math.min(reader.u32(128), MAX_TAGS);
  for (let i = 0; i < count; i++) {
    const entry = 132 + i * 12;
    if (!reader.spells(entry, name)) continue;
    const at = reader.u32(entry + 4);
    const size = reader.u32(entry + 8);
    if (size < 8 || !reader.has(at, size)) throw corrupt("an ICC profile points outside itself");
    return { at, size };
  }
  return undefined;
}

function requireTag(reader: Reader, name: string) {
  const tag = findTag(reader, name);
  if (tag === undefined) throw corrupt(`an ICC profile without ${name}`);
  return tag;
}

/** ICC.1:2022 section 10.31. */
function isColorant(reader: Reader, name: string, xyz: readonly number[]): boolean {
  const { at } = requireTag(reader, name);
  if (!reader.spells(at, "XYZ ")) throw corrupt("an ICC profile with a wrong colorant");
  return xyz.every((value, i) => Math.abs(reader.i32(at + 8 + i * 4) - value) <= COLORANT_TOLERANCE);
}

/** True for a tone curve that is the sRGB one, whichever way it is written. */
function isCurve(reader: Reader, name: string): boolean {
  const { at } = requireTag(reader, name);
  if (reader.spells(at, "curv")) return isSampledCurve(reader, at);
  if (reader.spells(at, "para")) return isParametricCurve(reader, at);
  throw corrupt("an ICC profile with a wrong curve");
}

/** ICC.1:2022 section 10.6: 0 entries mean the identity, 1 a gamma; neither is the sRGB curve. */
function isSampledCurve(reader: Reader, at: number): boolean {
  const count = reader.u32(at + 8);
  if (!reader.has(at + 12, count * 2)) throw corrupt("an ICC profile with a cut curve");
  if (count < 2) return false;
  return CURVE.every((expected, i) => {
    const scaled = i * (count - 1); // position on the table in sixteenths
    const index = Math.floor(scaled / 16);
    const left = reader.u16(at + 12 + index * 2);
    const right = reader.u16(at + 12 + Math.min(index + 1, count - 1) * 2);
    return Math.abs(left + ((right - left) * (scaled % 16)) / 16 - expected) <= CURVE_TOLERANCE;
  });
}

/** ICC.1:2022 section 10.18: type 3, or type 4 with both offsets 0. */
function isParametricCurve(reader: Reader, at: number): boolean {
  const type = reader.u16(at + 8);
  if (type > 4) throw corrupt("an ICC profile with an unknown curve");
  if (type < 3) return false;
  const expected = type === 3 ? PARAMETERS : [...PARAMETERS, 0, 0];
  return expected.every((value, i) => Math.abs(reader.i32(at + 12 + i * 4) - value) <= PARAMETER_TOLERANCE);
}
