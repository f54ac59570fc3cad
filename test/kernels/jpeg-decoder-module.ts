import { readFileSync } from "node:fs";
import type { Rect } from "../../src/core/geometry.ts";
import type { Leased } from "../../src/core/lease.ts";
import type { RowShape } from "../../src/core/rows.ts";
import { createJpegDecoder, type JpegDecoder } from "../../src/kernels/jpeg/decoder.ts";

const load = (name: string) => new WebAssembly.Module(readFileSync(new URL(`../../wasm/build/${name}.wasm`, import.meta.url)));
const MODULES = { simd: load("jpeg_dec"), scalar: load("jpeg_dec_scalar") };
export type Build = keyof typeof MODULES;

/** A fresh instance and how much memory it holds. */
export function createInstance(build: Build = "simd"): Leased<JpegDecoder> {
  return createJpegDecoder(MODULES[build]) as Leased<JpegDecoder>;
}

export const EVERYTHING: Rect = { x: 0, y: 0, width: 70_000, height: 70_000 };

export interface DecodedPlanes {
  readonly shape: RowShape;
  readonly planes: readonly Uint8Array[];
  readonly damage: string | undefined;
  /** How many bytes each call of the writer brought. */
  readonly writes: readonly number[];
}

/** Collects what a decoder writes; throws where rows are missing or too many. */
export function decodePlanes(
  { api }: Leased<JpegDecoder>,
  bytes: Uint8Array,
  { kept = 8, region = EVERYTHING }: { kept?: number; region?: Rect } = {},
): DecodedPlanes {
  let shape: RowShape | undefined;
  let planes: Uint8Array[] = [];
  const filled: number[] = [];
  const writes: number[] = [];
  const damage = api.decode(
    bytes,
    { region, kept },
    (begun) => {
      shape = begun;
      planes = begun.planes.map(({ width, height }) => new Uint8Array(width * height));
      return {
        write(plane, rows) {
          if (rows.length % begun.planes[plane]!.width !== 0) throw new Error("half a row was written");
          planes[plane]!.set(rows, filled[plane] ?? 0);
          filled[plane] = (filled[plane] ?? 0) + rows.length;
          writes.push(rows.length);
        },
      };
    },
    () => undefined,
  );
  if (shape === undefined || planes.some((plane, i) => plane.length !== filled[i])) throw new Error("rows are missing");
  return { shape, planes, damage, writes };
}

/** Planes as libjpeg upsamples them ("fancy", jdsample.c), and packed; YCbCr and YCCK converted as JFIF 1.02 has it. */
export function toPixels({ shape, planes }: DecodedPlanes): Uint8Array {
  const { width, height } = shape.covers;
  const full = planes.map((plane, i) => {
    const { width: w, height: h, spanX, spanY } = shape.planes[i]!;
    const [isHalfWide, isHalfHigh] = [spanX.of === 2 * spanX.by, spanY.of === 2 * spanY.by];
    const rows = isHalfHigh ? doubled(plane, w, h, height, !isHalfWide) : plane;
    return isHalfWide ? acrossDoubled(rows, w, height, width, isHalfHigh) : Uint8Array.from(rows);
  });
  return pack(full, shape.kind);
}

/** Rows doubled: 3/4 of the nearer and 1/4 of the other, as sums of four where columns are doubled next. */
function doubled(plane: Uint8Array, w: number, h: number, height: number, finish: boolean): Uint16Array {
  const out = new Uint16Array(w * height);
  for (let y = 0; y < height; y++) {
    const near = y >> 1;
    const far = Math.min(h - 1, Math.max(0, y & 1 ? near + 1 : near - 1));
    for (let x = 0; x < w; x++) {
      const sum = 3 * plane[near * w + x]! + plane[far * w + x]!;
      out[y * w + x] = finish ? (sum + (y & 1 ? 2 : 1)) >> 2 : sum;
    }
  }
  return out;
}

function acrossDoubled(rows: ArrayLike<number>, w: number, height: number, width: number, sums: boolean): Uint8Array {
  const [shift, even, odd] = sums ? [4, 8, 7] : [2, 1, 2];
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const near = rows[y * w + (x >> 1)]!;
      const far = (x >> 1) + (x & 1 ? 1 : -1);
      const other = far < 0 || far >= w ? near : rows[y * w + far]!;
      out[y * width + x] = (3 * near + other + (x & 1 ? odd : even)) >> shift;
    }
  }
  return out;
}

function pack(planes: readonly Uint8Array[], kind: string): Uint8Array {
  const channels = planes.length;
  const out = new Uint8ClampedArray(planes[0]!.length * channels);
  planes.forEach((plane, c) => {
    for (let i = 0; i < plane.length; i++) out[i * channels + c] = plane[i]!;
  });
  if (kind !== "ycbcr" && kind !== "ycck") return new Uint8Array(out.buffer);
  for (let at = 0; at < out.length; at += channels) {
    const [y, cb, cr] = [out[at]!, out[at + 1]! - 128, out[at + 2]! - 128];
    out[at] = Math.round(y + 1.402 * cr);
    out[at + 1] = Math.round(y - 0.344136286 * cb - 0.714136286 * cr);
    out[at + 2] = Math.round(y + 1.772 * cb);
    for (let c = 0; c < 3 && kind === "ycck"; c++) out[at + c] = 255 - out[at + c]!;
  }
  return new Uint8Array(out.buffer);
}

/** Whether shapes, damage and every byte agree; test runners compare large arrays slowly. */
export function isSame(a: DecodedPlanes, b: DecodedPlanes): boolean {
  const [{ planes }, others] = [a, b.planes];
  const told = JSON.stringify([a.shape, a.damage]) === JSON.stringify([b.shape, b.damage]);
  return told && planes.length === others.length && planes.every((plane, i) => Buffer.compare(plane, others[i]!) === 0);
}

export function difference(a: ArrayLike<number>, b: ArrayLike<number>): { mean: number; max: number } {
  if (a.length !== b.length) return { mean: Infinity, max: Infinity };
  let sum = 0;
  let max = 0;
  for (let i = 0; i < a.length; i++) {
    const d = Math.abs(a[i]! - b[i]!);
    sum += d;
    if (d > max) max = d;
  }
  return { mean: sum / Math.max(1, a.length), max };
}
