/** What the viewer shows besides the pictures: where it looks, and which handles lie on the picture. */
import { computed, signal } from "@preact/signals";
import type { Rect, Size } from "../../core/geometry.ts";
import type { Step } from "../state/document.ts";
import { doc, selected, source, view } from "../state/store.ts";
import { alike, type Camera, FIT, type Point, placed, zoomOf } from "./camera.ts";
import { canFocus, inputOf, isFocal, type StepInput, startSize } from "./input.ts";
import { type Insets, type Pane, panesOf } from "./panes.ts";
import type { RatioName } from "./rectangle.ts";

export const stage = signal<Size>({ width: 0, height: 0 });
/** Counted in px of the result; the original beside it is shown as far over or under its own fit. */
export const camera = signal<Camera>(FIT);
/** Where the divider stands, in parts of the picture that can be seen. */
export const divider = signal(0.5);
export const ratio = signal<RatioName>("free");
/** Sizes at which the pictures that are on the stage are laid out. */
export const resultSize = signal<Size | undefined>(undefined);
export const originalSize = signal<Size | undefined>(undefined);
export const inputSize = signal<Size | undefined>(undefined);

/** A step whose handles were taken up or laid down by a person. Others are shown as soon as they are of use. */
const choice = signal<{ readonly id: string; readonly isOpen: boolean } | undefined>(undefined);

/** The selected step, where it is one that can be set on the picture. */
export const handled = computed<Step | undefined>(() => {
  const step = doc.value.steps.find(({ id }) => id === selected.value);
  return step?.on === true && (step.name === "crop" || canFocus(step)) ? step : undefined;
});

/** What the step is given; undefined where a step before it is at fault. */
export const handledInput = computed<StepInput | undefined>(() => {
  const [step, from] = [handled.value, source.value];
  if (step === undefined || from === undefined) return undefined;
  return inputOf(doc.value, step.id, startSize(doc.value, from, from.probe));
});

/** The step whose handles lie on the picture now. */
export const edited = computed<Step | undefined>(() => {
  const step = handled.value;
  if (step === undefined || handledInput.value === undefined) return undefined;
  const isOpen = choice.value?.id === step.id ? choice.value.isOpen : step.name === "crop" || isFocal(step.texts);
  return isOpen ? step : undefined;
});

/** Takes the handles up or lays them down. */
export function setHandles(isOpen: boolean): void {
  const step = handled.value;
  if (step !== undefined) choice.value = { id: step.id, isOpen };
}

/** A picture in its part of the stage. */
export interface Target {
  readonly pane: Pane;
  readonly picture: Size;
}
const NOTHING: Size = { width: 1, height: 1 };
/** Room for the labels above and the toolbar below; on a phone the labels lie on the picture. */
const INSETS: Insets = { side: 24, top: 44, bottom: 68 };
const SMALL_INSETS: Insets = { side: 12, top: 12, bottom: 60 };

/** What lies on the stage: the result (or the picture that is edited) last, beside it the original where it has a pane of its own. */
export const targets = computed<readonly [Target] | readonly [Target, Target]>(() => {
  const isEditing = edited.value !== undefined;
  const panes = panesOf(stage.value, stage.value.width < 760 ? SMALL_INSETS : INSETS, view.value === "side" && !isEditing);
  const main = (isEditing ? inputSize.value : resultSize.value) ?? source.value ?? NOTHING;
  const [first, second] = panes;
  return second === undefined
    ? [{ pane: first, picture: main }]
    : [
        { pane: first, picture: originalSize.value ?? source.value ?? NOTHING },
        { pane: second, picture: main },
      ];
});
/** The result's, or that of the picture that is edited. */
export function mainTarget(): Target {
  const [first, second] = targets.value;
  return second ?? first;
}
/** The target whose part of the stage a point lies in. */
export function nextTo(at: Point): Target {
  const [first, second] = targets.value;
  if (second === undefined) return first;
  const { clip } = second.pane;
  return at.x >= clip.x && at.y >= clip.y ? second : first;
}
function cameraOf({ pane, picture }: Target): Camera {
  const main = mainTarget();
  return alike(camera.value, main.picture, main.pane, picture, pane);
}

/** Where a target's picture lies on the stage. */
export function laid(target: Target): Rect {
  const at = placed(cameraOf(target), target.picture, target.pane);
  return { ...at, x: at.x + target.pane.x, y: at.y + target.pane.y };
}
export const zoom = computed(() => zoomOf(camera.value, mainTarget().picture, mainTarget().pane));

/** Moves the camera as seen from one picture; all follow. */
export function changeCamera(target: Target, change: (camera: Camera, picture: Size, pane: Pane) => Camera): void {
  const main = mainTarget();
  const next = change(cameraOf(target), target.picture, target.pane);
  camera.value = alike(next, target.picture, target.pane, main.picture, main.pane);
}
