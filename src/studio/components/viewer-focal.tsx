import type { Rect, Size } from "../../core/geometry.ts";
import { type Step, setTexts } from "../state/document.ts";
import { move, settle } from "../state/store.ts";
import { text } from "../text/index.ts";
import type { Point } from "../viewer/camera.ts";
import { arrowStep, startDrag } from "../viewer/drag.ts";
import { focalPoint, focalText, keptPart } from "../viewer/input.ts";
import { printPercent } from "../viewer/units.ts";
import "./viewer-crop.css";

interface Props {
  readonly step: Step;
  readonly input: Size;
  /** Where the picture lies on the stage. */
  readonly at: Rect;
}

/** The point that a fit holds on to, and what is kept around it. */
export function FocalHandle({ step, input, at }: Props) {
  const words = text.value.viewer;
  const point = focalPoint(step.texts);
  const kept = keptPart(step.texts, input);
  const write = (next: Point) => move((doc) => setTexts(doc, step.id, { g: focalText(next) }));
  const moved = ({ x, y }: Point) => write({ x: point.x + x, y: point.y + y });

  const press = (event: KeyboardEvent) => {
    const by = arrowStep(event);
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    moved({ x: by.x / 100, y: by.y / 100 });
  };
  return (
    <div
      class="viewer-crop"
      data-part="focal"
      style={{ left: `${at.x}px`, top: `${at.y}px`, width: `${at.width}px`, height: `${at.height}px` }}
    >
      {kept !== undefined && (
        <div class="viewer-crop-shade">
          <div
            class="viewer-crop-hole"
            style={{ left: percent(kept.x), top: percent(kept.y), width: percent(kept.width), height: percent(kept.height) }}
          />
        </div>
      )}
      <div
        class="viewer-focal"
        role="slider"
        tabIndex={0}
        aria-label={words.focal}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(point.x * 100)}
        aria-valuetext={words.focalValue(printPercent(point.x), printPercent(point.y))}
        style={{ left: percent(point.x), top: percent(point.y) }}
        onPointerDown={(event) =>
          startDrag(event, { moved: (by) => moved({ x: by.x / at.width, y: by.y / at.height }), ended: settle })
        }
        onKeyDown={press}
        onKeyUp={settle}
        onBlur={settle}
      />
    </div>
  );
}

function percent(fraction: number): string {
  return `${fraction * 100}%`;
}
