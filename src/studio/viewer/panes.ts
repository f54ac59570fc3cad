/** How the stage is divided. */
import type { Rect, Size } from "../../core/geometry.ts";

export interface Insets {
  readonly side: number;
  readonly top: number;
  readonly bottom: number;
}
export interface Pane extends Rect {
  /** Part of the stage that a picture larger than the pane may cover. */
  readonly clip: Rect;
}
/** Below this a stage has no room for two pictures beside each other; where the page becomes one column (app.css), less its margins. */
const STACKED_BELOW = 760;

/** One pane, or two beside or above each other, the original's first. Insets keep what floats on the stage off the picture. */
export function panesOf(stage: Size, insets: Insets, isDouble: boolean): readonly [Pane] | readonly [Pane, Pane] {
  const { width, height } = stage;
  const { side, top, bottom } = insets;
  if (!isDouble) return [pane({ x: 0, y: 0, width, height }, insets)];
  if (width < STACKED_BELOW) {
    const half = Math.floor((height - bottom) / 2);
    return [
      pane({ x: 0, y: 0, width, height: half }, { side, top, bottom: 4 }),
      pane({ x: 0, y: half, width, height: height - half }, { side, top, bottom }),
    ];
  }
  const half = Math.floor(width / 2);
  return [pane({ x: 0, y: 0, width: half, height }, insets), pane({ x: half, y: 0, width: width - half, height }, insets)];
}
function pane(clip: Rect, { side, top, bottom }: Insets): Pane {
  return {
    x: clip.x + side,
    y: clip.y + top,
    width: Math.max(1, clip.width - 2 * side),
    height: Math.max(1, clip.height - top - bottom),
    clip,
  };
}
