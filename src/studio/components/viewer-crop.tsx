import type { Rect, Size } from "../../core/geometry.ts";
import { type Step, setTexts } from "../state/document.ts";
import { move, settle } from "../state/store.ts";
import { text } from "../text/index.ts";
import type { Point } from "../viewer/camera.ts";
import { arrowStep, startDrag } from "../viewer/drag.ts";
import { cropRect, cropTexts } from "../viewer/input.ts";
import { GRIPS, type Grip, grippedRect, movedRect, ratioOf } from "../viewer/rectangle.ts";
import { ratio } from "../viewer/state.ts";
import { printSize } from "../viewer/units.ts";
import "./viewer-crop.css";

interface Props {
  readonly step: Step;
  /** The picture that is cut. */
  readonly input: Size;
  /** Where it lies on the stage. */
  readonly at: Rect;
}
/** How a rectangle follows a pointer or a key, by px of the picture. */
type Change = (from: Rect, by: Point) => Rect;

/** The rectangle of a crop, dragged and sized on the picture. */
export function CropHandles({ step, input, at }: Props) {
  const words = text.value.viewer;
  const rect = cropRect(step.texts, input);
  const zoom = at.width / input.width;
  const box = {
    left: `${rect.x * zoom}px`,
    top: `${rect.y * zoom}px`,
    width: `${rect.width * zoom}px`,
    height: `${rect.height * zoom}px`,
  };
  const write = (next: Rect) => move((doc) => setTexts(doc, step.id, cropTexts(next)));

  const handlers = (change: Change) => ({
    onPointerDown(event: PointerEvent) {
      startDrag(event, {
        moved: (by) => write(change(rect, { x: by.x / zoom, y: by.y / zoom })),
        ended: settle,
      });
    },
    onKeyDown(event: KeyboardEvent) {
      const by = arrowStep(event);
      if (by === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      write(change(rect, by));
    },
    // A key that is held is one change
    onKeyUp: settle,
    onBlur: settle,
  });
  const moving = handlers((from, by) => movedRect(from, by, input));
  const value = words.cropValue(rect.x, rect.y, printSize(rect));

  return (
    <div
      class="viewer-crop"
      data-part="crop"
      style={{ left: `${at.x}px`, top: `${at.y}px`, width: `${at.width}px`, height: `${at.height}px` }}
    >
      <div class="viewer-crop-shade">
        <div class="viewer-crop-hole" style={box} />
      </div>
      <div
        class="viewer-crop-area"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes the arrow keys, for which HTML has no element
        tabIndex={0}
        aria-label={`${words.cropArea}: ${value}`}
        aria-description={words.cropAreaKeys}
        style={box}
        {...moving}
      >
        <div class="viewer-crop-thirds" />
      </div>
      <div class="viewer-crop-frame" style={box}>
        {GRIPS.map((grip) => (
          <div
            key={grip}
            class="viewer-crop-grip"
            data-grip={grip}
            role="slider"
            tabIndex={0}
            aria-label={words.grips[grip]}
            aria-orientation={isVertical(grip) ? "vertical" : "horizontal"}
            aria-valuemin={0}
            aria-valuemax={isVertical(grip) ? input.height : input.width}
            aria-valuenow={positionOf(grip, rect)}
            aria-valuetext={value}
            {...handlers((from, by) => grippedRect(from, grip, by, input, ratioOf(ratio.value, input)))}
          />
        ))}
        <div class="viewer-crop-size number" data-outside={rect.height * zoom < 72} aria-hidden="true">
          {printSize(rect)}
        </div>
      </div>
    </div>
  );
}

/** An edge that moves up and down; a corner says where it is from the left, and all of it in words. */
function isVertical(grip: Grip): boolean {
  return grip === "n" || grip === "s";
}
function positionOf(grip: Grip, { x, y, width, height }: Rect): number {
  if (isVertical(grip)) return grip === "n" ? y : y + height;
  return grip.includes("w") ? x : x + width;
}
