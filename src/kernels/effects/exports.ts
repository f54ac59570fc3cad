import type { KernelMemory } from "../memory.ts";

/** What wasm/build/effects.wasm exports; addresses, counts in px. The kernels say what each argument is. */
export interface EffectsExports extends KernelMemory {
  spread(dst: number, src: number, count: number, opaque: number): void;
  replicate(row: number, count: number, edge: number): void;
  center(dst: number, src: number, count: number): void;
  convolve(dst: number, table: number, weights: number, radius: number, count: number, wide: number): void;
  halveRow(dst: number, src: number, count: number): void;
  halveRows(dst: number, a: number, b: number, c: number, d: number, e: number, count: number): void;
  doubleRow(dst: number, src: number, count: number): void;
  doubleRows(dst: number, above: number, own: number, below: number, count: number): void;
  betweenRows(dst: number, above: number, below: number, count: number): void;
  halveRowFinely(dst: number, src: number, count: number): void;
  halveRowsFinely(
    dst: number,
    a: number,
    b: number,
    c: number,
    d: number,
    e: number,
    f: number,
    g: number,
    count: number,
  ): void;
  doubleRowFinely(dst: number, src: number, count: number): void;
  doubleRowsFinely(dst: number, above: number, own: number, below: number, count: number): void;
  betweenRowsFinely(dst: number, a: number, b: number, c: number, d: number, count: number): void;
  slideRow(dst: number, src: number, rest: number, radius: number, count: number, each: number, share: number): void;
  slideRows(
    dst: number,
    sums: number,
    coming: number,
    going: number,
    rest: number,
    values: number,
    each: number,
    share: number,
  ): void;
  sumRow(sums: number, row: number, values: number, first: number): void;
  straighten(row: number, count: number): void;
  narrow(dst: number, src: number, count: number): void;
  unsharp(dst: number, src: number, blurred: number, count: number, k: number): void;
  widen(dst: number, src: number, count: number, left: number, right: number, opaque: number): void;
  rotateTile(
    dst: number,
    columns: number,
    rows: number,
    u: number,
    v: number,
    cosine: number,
    sine: number,
    window: number,
    stride: number,
    left: number,
    top: number,
    width: number,
    height: number,
    opaque: number,
  ): void;
}
