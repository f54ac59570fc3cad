import type { Rect } from "../../core/geometry.ts";
import { isCurrent, result } from "../state/store.ts";
import { text } from "../text/index.ts";
import { canShow } from "../viewer/shown.ts";
import { printFormat } from "../viewer/units.ts";

const MARGIN_PX = 12;

/** What is what: at the top corners of the stage, or of the result's own part of it. */
export function Labels({ resultPart }: { readonly resultPart: Rect | undefined }) {
  const words = text.value.viewer;
  return (
    <>
      <span class="viewer-label viewer-label-original">{words.original}</span>
      <span class="viewer-label viewer-label-result" style={{ top: `${(resultPart?.y ?? 0) + MARGIN_PX}px` }}>
        {words.result}
      </span>
    </>
  );
}

/** The line between two parts of the stage: the edges of the second. */
export function Seam({ at }: { readonly at: Rect }) {
  return (
    <div
      class="viewer-seam"
      style={{ left: `${at.x - 1}px`, top: `${at.y - 1}px`, width: `${at.width + 1}px`, height: `${at.height + 1}px` }}
    />
  );
}

/** Says that what is shown is not the result itself, where browsers have no decoder for it. */
export function PreviewNote({ isShown }: { readonly isShown: boolean }) {
  const format = result.value?.format;
  if (format === undefined || !isCurrent.value || canShow(format)) return null;
  const words = text.value.viewer;
  const name = printFormat(format);
  return <p class="viewer-note small">{isShown ? words.cannotShow(name) : words.nothingToShow(name)}</p>;
}
