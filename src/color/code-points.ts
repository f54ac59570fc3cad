import { PRIMARIES, specified, TRANSFERS } from "../core/cicp.ts";

type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

/** ICC.1:2022 section 7.2.16: D50 of the profile connection space. */
const D50: Vector = [0.9642, 1, 0.8249];
/** Linear Bradford cone responses, ICC.1:2022 annex E.3. */
const BRADFORD: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

/**
 * An ICC profile of version 4 for code points of ITU-T H.273, so that they go through the color engine as embedded
 * profiles do; undefined for code points that are left as they are. Only + − × / on the way: equal bytes everywhere.
 */
export function codePointProfile(primaries: number, transfer: number): Uint8Array | undefined {
  const codes = specified(primaries, transfer);
  const points = PRIMARIES.get(codes.primaries);
  const curve = TRANSFERS.get(codes.transfer);
  if (points === undefined || curve === undefined) return undefined;
  const [red, green, blue, white] = points.map(([x, y]): Vector => [x / y, 1, (10_000 - x - y) / y]);
  const colorants = adapted(red as Vector, green as Vector, blue as Vector, white as Vector);
  return writeProfile(colorants, curve);
}

/** Red, green and blue in XYZ such that together they are white, moved from that white to D50 (ICC.1:2022 annex E.2). */
function adapted(red: Vector, green: Vector, blue: Vector, white: Vector): Matrix {
  const columns = transposed([red, green, blue]);
  const amounts = times(inverse(columns), white);
  const [from, to] = [times(BRADFORD, white), times(BRADFORD, D50)];
  const back = inverse(BRADFORD);
  const move = ([x, y, z]: Vector, amount: number): Vector => {
    const cone = times(BRADFORD, [x * amount, y * amount, z * amount]);
    return times(back, [(cone[0] * to[0]) / from[0], (cone[1] * to[1]) / from[1], (cone[2] * to[2]) / from[2]]);
  };
  return [move(red, amounts[0]), move(green, amounts[1]), move(blue, amounts[2])];
}

function times([a, b, c]: Matrix, [x, y, z]: Vector): Vector {
  return [a[0] * x + a[1] * y + a[2] * z, b[0] * x + b[1] * y + b[2] * z, c[0] * x + c[1] * y + c[2] * z];
}
function transposed([a, b, c]: Matrix): Matrix {
  return [
    [a[0], b[0], c[0]],
    [a[1], b[1], c[1]],
    [a[2], b[2], c[2]],
  ];
}
function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
/** The rows of a matrix crossed pairwise are the columns of its inverse, up to the determinant. */
function inverse([a, b, c]: Matrix): Matrix {
  const [first, second, third] = [cross(b, c), cross(c, a), cross(a, b)];
  const determinant = a[0] * first[0] + a[1] * first[1] + a[2] * first[2];
  const scaled = ([x, y, z]: Vector): Vector => [x / determinant, y / determinant, z / determinant];
  return transposed([scaled(first), scaled(second), scaled(third)]);
}

const HEADER = 128;
const TAGS = ["wtpt", "rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"] as const;
const FIRST_XYZ = HEADER + 4 + TAGS.length * 12;
const XYZ_BYTES = 20;
const CURVE_BYTES = 32;
const CURVE_AT = FIRST_XYZ + 4 * XYZ_BYTES;

/** ICC.1:2022 sections 7.2 (header), 7.3 (tag table), 10.31 (XYZ) and 10.18 (curve, shared by the three channels). */
function writeProfile(colorants: Matrix, curve: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(CURVE_AT + CURVE_BYTES);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string) =>
    bytes.set(
      Array.from(value, (each) => each.charCodeAt(0)),
      at,
    );
  const xyz = (at: number, values: Vector) => {
    for (const [i, value] of values.entries()) view.setInt32(at + i * 4, Math.round(value * 65536));
  };
  view.setUint32(0, bytes.length);
  view.setUint32(8, 0x04400000);
  text(12, "mntrRGB XYZ ");
  text(36, "acsp");
  xyz(68, D50);
  view.setUint32(HEADER, TAGS.length);
  TAGS.forEach((tag, i) => {
    const entry = HEADER + 4 + i * 12;
    const isCurve = i > 3;
    text(entry, tag);
    view.setUint32(entry + 4, isCurve ? CURVE_AT : FIRST_XYZ + i * XYZ_BYTES);
    view.setUint32(entry + 8, isCurve ? CURVE_BYTES : XYZ_BYTES);
  });
  [D50, ...colorants].forEach((values, i) => {
    text(FIRST_XYZ + i * XYZ_BYTES, "XYZ ");
    xyz(FIRST_XYZ + i * XYZ_BYTES + 8, values);
  });
  text(CURVE_AT, "para");
  view.setUint16(CURVE_AT + 8, 3);
  curve.forEach((value, i) => {
    view.setInt32(CURVE_AT + 12 + i * 4, value);
  });
  return bytes;
}
