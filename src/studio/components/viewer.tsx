import { useSignalEffect } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { source } from "../state/store.ts";
import { text } from "../text/index.ts";
import { FIT, nextZoom } from "../viewer/camera.ts";
import { arrowStep } from "../viewer/drag.ts";
import { attachGestures, canPan, panStage, zoomBy } from "../viewer/gestures.ts";
import { camera, edited, inputSize, ratio, setHandles, stage } from "../viewer/state.ts";
import { Compared } from "./viewer-compared.tsx";
import { Edited } from "./viewer-edited.tsx";
import { StageMessage } from "./viewer-message.tsx";
import { Toolbar } from "./viewer-toolbar.tsx";
import { WorkLine } from "./viewer-work.tsx";
import "./viewer.css";

/** The stage: original and result, or the picture that a crop or a focal point is set on. */
export function Viewer() {
  const root = useRef<HTMLElement>(null);
  const surface = useRef<HTMLDivElement>(null);
  const words = text.value.viewer;
  useStageSize(root);
  useLayoutEffect(() => {
    if (root.current === null || surface.current === null) return undefined;
    return attachGestures(root.current, surface.current);
  }, []);
  useFreshCamera();

  const step = edited.value;
  const wasEditing = useRef(false);
  useEffect(() => {
    // Handles that go take the focus with them; it comes back to the stage
    if (step === undefined && document.activeElement === document.body && wasEditing.current) {
      surface.current?.focus({ preventScroll: true });
    }
    wasEditing.current = step !== undefined;
  }, [step?.id]);

  return (
    <section ref={root} class="viewer" aria-label={words.stage} data-part="viewer" onKeyDown={pressInStage}>
      <div
        ref={surface}
        class="viewer-surface"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys zoom and move the picture, for which HTML has no element
        tabIndex={0}
        aria-label={words.stage}
        aria-description={words.stageKeys}
        data-pans={canPan()}
        onKeyDown={pressOnSurface}
      />
      <Compared isHidden={step !== undefined && inputSize.value !== undefined} />
      {step !== undefined && <Edited key={step.id} step={step} />}
      <StageMessage />
      <WorkLine />
      <Toolbar />
    </section>
  );
}

function useStageSize(root: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = root.current;
    if (element === null) return undefined;
    const measure = () => {
      stage.value = { width: element.clientWidth, height: element.clientHeight };
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
}

/** Another source, or handles taken up or laid down: another picture, which is shown whole. */
function useFreshCamera(): void {
  const looked = useRef("");
  useSignalEffect(() => {
    const now = `${source.value?.id} ${edited.value?.id}`;
    if (now === looked.current) return;
    looked.current = now;
    camera.value = FIT;
    ratio.value = "free";
  });
}

/** Keys that work wherever the focus is on the stage. */
function pressInStage(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  switch (event.key) {
    case "+":
    case "=":
      zoomBy((now) => nextZoom(now, 1));
      break;
    case "-":
    case "_":
      zoomBy((now) => nextZoom(now, -1));
      break;
    case "0":
      camera.value = FIT;
      break;
    case "1":
      zoomBy(() => 1);
      break;
    case "Escape":
      if (edited.value === undefined) return;
      setHandles(false);
      break;
    default:
      return;
  }
  event.preventDefault();
}

/** Of one arrow key. */
const PAN_PX = 40;
function pressOnSurface(event: KeyboardEvent): void {
  const by = arrowStep(event);
  if (by === undefined || !canPan()) return;
  event.preventDefault();
  panStage({ x: -by.x * PAN_PX, y: -by.y * PAN_PX });
}
