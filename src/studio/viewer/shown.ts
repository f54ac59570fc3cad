/** Which picture the result side shows, and at what size. */
import type { Size } from "../../core/geometry.ts";
import type { Result, Shown } from "../state/store.ts";

const BROWSER_FORMATS: readonly string[] = ["jpeg", "png", "webp", "avif", "gif", "bmp"];
/** Whether <img> shows a format. */
export function canShow(format: string): boolean {
  return BROWSER_FORMATS.includes(format);
}

/** What arrived so far; `latest` is the newer of draft and result. */
export interface Arrived {
  readonly draft?: Shown | undefined;
  readonly result?: Result | undefined;
  readonly latest?: Shown | undefined;
}

/** Takes note of a draft or a result that is new. One that was taken away is no longer shown, unless nothing has taken its place. */
export function arrived(before: Arrived, draft: Shown | undefined, result: Result | undefined): Arrived {
  let latest = before.latest;
  if (draft !== before.draft && draft !== undefined) latest = draft;
  if (result !== before.result && result !== undefined) latest = result;
  if (draft === undefined && result === undefined) latest = undefined;
  return { draft, result, latest };
}

/** The picture of the result side: the exact result once it is current, else what is newest. */
export function pictureOf({ draft, result, latest }: Arrived, isCurrent: boolean): Shown | undefined {
  const wanted = isCurrent ? result : latest;
  if (wanted === undefined || canShow(wanted.format)) return wanted;
  return draft !== undefined && canShow(draft.format) ? draft : undefined;
}

/**
 * Size at which a picture is laid out: the result's own, or that of the result it stands for. A planned size is an upper bound
 * where borders are trimmed, so one of other proportions is only the frame that the picture lies in.
 */
export function layoutSize(shown: Size, planned: Size | undefined): Size {
  if (planned === undefined) return { width: shown.width, height: shown.height };
  const zoom = Math.min(planned.width / shown.width, planned.height / shown.height);
  const [width, height] = [Math.round(shown.width * zoom), Math.round(shown.height * zoom)];
  // A draft's sides are rounded: one px of it may be several of the result
  const isWhole = planned.width - width <= zoom + 1 && planned.height - height <= zoom + 1;
  return isWhole
    ? { width: planned.width, height: planned.height }
    : { width: Math.max(1, width), height: Math.max(1, height) };
}

/** Whether two sizes have the same proportions, so that one picture can lie over the other. */
export function isAlike(a: Size, b: Size): boolean {
  return Math.abs((a.width * b.height) / (a.height * b.width) - 1) < 0.01;
}
