export interface Spread {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}
export interface Dimensions {
  readonly width: number;
  readonly height: number;
}
export type Point = Readonly<Record<string, number>> & { readonly bytes: number };

export function quantile(list: readonly number[], share: number): number;
export function median(list: readonly number[]): number;
export function mean(list: readonly number[]): number;
export function spread(list: readonly number[]): Spread;
export function ratio(own: readonly number[], other: readonly number[]): Spread;
export function interpolate(points: readonly (readonly [number, number])[], x: number): number | undefined;
export function atBytes(sweep: readonly Point[], field: string, bytes: number): number | undefined;
export function bytesAt(sweep: readonly Point[], field: string, value: number): number | undefined;
export function bytesShare(sweep: readonly Point[], base: readonly Point[], field: string): number | undefined;
export function tilesFor(
  size: Dimensions,
  minPixels: number,
  maxSide?: number,
): { readonly columns: number; readonly rows: number };
export function shrunk(size: Dimensions, wanted: number): Dimensions;
