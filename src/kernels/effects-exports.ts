import type { KernelMemory } from "./memory.ts";

/** What wasm/build/effects.wasm exports; addresses, counts in px or cells. The kernels say what each argument is. */
export interface EffectsExports extends KernelMemory {
  spread(dst: number, src: number, count: number, radius: number, opaque: number): void;
  firRow(dst: number, src: number, weights: number, radius: number, count: number): void;
  firColumns(dst: number, top: number, stride: number, weights: number, radius: number, count: number, opaque: number): void;
  gather(cells: number, src: number, width: number, factor: number, opaque: number): void;
  addCells(row: number, nextRow: number, src: number, own: number, next: number, values: number): void;
  blurCells(dst: number, cells: number, weights: number, radius: number, count: number, padded: number): void;
  blurCellRows(dst: number, top: number, stride: number, weights: number, radius: number, values: number): void;
  enlarge(
    dst: number,
    above: number,
    below: number,
    down: number,
    fractions: number,
    factor: number,
    width: number,
    count: number,
    between: number,
    opaque: number,
  ): void;
  narrow(dst: number, src: number, count: number): void;
  unsharp(dst: number, blurred: number, count: number, amountMilli: number): void;
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
