import type { Rgb } from "./quality.mjs";

export const SOURCES: Readonly<Record<string, { readonly title: string }>>;
export function sourceOf(name: string, picture: Uint8Array): Promise<Uint8Array>;
export function referenceOf(source: Uint8Array, wanted: number): Promise<Rgb>;
export function toRgb(bytes: Uint8Array): Promise<Rgb>;
export function mirrorTiles(picture: Rgb, minPixels: number): Rgb;
