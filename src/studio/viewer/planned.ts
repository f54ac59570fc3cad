/** Sizes of results that have been planned, for drafts that are shown later. */
import { signal } from "@preact/signals";
import type { Size } from "../../core/geometry.ts";

const MOST = 50;
const sizes = signal<ReadonlyMap<string, Size>>(new Map());

/** Notes the size a plan gives for a source. */
export function notePlanned(sourceId: number, canonical: string, { width, height }: Size): void {
  const key = `${sourceId} ${canonical}`;
  const known = sizes.peek().get(key);
  if (known?.width === width && known.height === height) return;
  sizes.value = new Map([...[...sizes.peek()].slice(1 - MOST), [key, { width, height }]]);
}
export function plannedSize(sourceId: number, process: string): Size | undefined {
  return sizes.value.get(`${sourceId} ${process}`);
}
