import type { Signal } from "@preact/signals";
import type { Result, Shown } from "../state/store.ts";
import type { Made } from "./protocol.ts";

/** A made picture as the page shows it, with an object URL that somebody must revoke. */
export function shownOf({ data, mimeType, format, width, height }: Made, process: string): Shown {
  const blob = new Blob([data], { type: mimeType });
  return { blob, url: URL.createObjectURL(blob), format, width, height, process };
}

/** An exact result as the page shows it. */
export function resultOf(made: Made, process: string): Result {
  const { data, timings, peakBytes, warnings, sha256 } = made;
  const shown = { ...shownOf(made, process), bytes: data.length, timings, totalMs: totalOf(timings), peakBytes, warnings };
  return sha256 === undefined ? shown : { ...shown, sha256 };
}

export function totalOf(timings: Readonly<Record<string, number>>): number {
  return Object.values(timings).reduce((sum, ms) => sum + ms, 0);
}

/** A signal with a picture in it, what the picture was made of, and its object URL. */
export interface Slot<T extends { readonly url: string }> {
  /** What it shows was made of just that. */
  shows(inputs: readonly unknown[]): boolean;
  /** What is replaced may still be loading in an <img>: its URL lives until the next. */
  show(picture: T, inputs: readonly unknown[]): void;
  clear(): void;
}

export function createSlot<T extends { readonly url: string }>(shown: Signal<T | undefined>): Slot<T> {
  let madeOf: readonly unknown[] | undefined;
  let replaced: string | undefined;
  const put = (picture: T | undefined, inputs: readonly unknown[] | undefined) => {
    const old = shown.peek()?.url;
    madeOf = inputs;
    shown.value = picture;
    if (replaced !== undefined) URL.revokeObjectURL(replaced);
    replaced = old;
  };
  return {
    shows: (inputs) => madeOf !== undefined && areEqual(madeOf, inputs),
    show: put,
    clear() {
      put(undefined, undefined);
    },
  };
}

export function areEqual(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => Object.is(value, b[index]));
}
