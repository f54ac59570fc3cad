import { signal } from "@preact/signals";
import { initialTexts, NO_PICTURE } from "../presentation/initial.ts";
import { nameOf } from "../presentation/labels.ts";
import { type Sizes, sizesOf } from "../presentation/sizes.ts";
import { addStep, createStep, type Doc, EMPTY_DOC, moveStep, removeStep, type Step } from "../state/document.ts";
import { doc, edit, selected, source } from "../state/store.ts";
import { text } from "../text/index.ts";

/** What happened to the chain, for those who do not see it. */
export const spoken = signal("");

/** What a person does to steps as a whole; focus goes where the next thing is done. */
export interface Actions {
  add(operation: string): void;
  move(step: Step, to: number): void;
  duplicate(step: Step): void;
  remove(step: Step): void;
  clear(): void;
}

/** Sizes along the chain on the picture that is open, or on an assumed one. */
export function chainSizes(now: Doc): Sizes {
  const picture = source.value;
  const isStored = now.settings["auto-orient"]?.["value"] === "0";
  return sizesOf(now, (isStored ? picture?.probe : picture) ?? NO_PICTURE);
}

export const actions: Actions = {
  add(operation) {
    const step = createStep(operation, initialTexts(operation, chainSizes(doc.value).end));
    insert(step, doc.value.steps.length);
  },
  move(step, to) {
    const { steps } = doc.value;
    if (to < 0 || to >= steps.length || steps[to]?.id === step.id) return;
    edit((now) => moveStep(now, step.id, to));
    spoken.value = text.value.chain.moved(nameOf(text.value.chain, step.name), to + 1, steps.length);
    keepFocus();
  },
  duplicate(step) {
    const at = doc.value.steps.findIndex(({ id }) => id === step.id);
    insert(createStep(step.name, step.texts, step.on), at + 1);
  },
  remove(step) {
    const { steps } = doc.value;
    const at = steps.findIndex(({ id }) => id === step.id);
    const next = steps[at + 1] ?? steps[at - 1];
    edit((now) => removeStep(now, step.id));
    if (selected.value === step.id) selected.value = undefined;
    spoken.value = text.value.chain.removed(nameOf(text.value.chain, step.name), steps.length - 1);
    focusStep(next?.id);
  },
  clear() {
    selected.value = undefined;
    edit(() => EMPTY_DOC);
    spoken.value = text.value.chain.cleared;
    focusStep(undefined);
  },
};

function insert(step: Step, at: number): void {
  edit((now) => addStep(now, step, at));
  selected.value = step.id;
  const says = text.value.chain;
  spoken.value = says.added(nameOf(says, step.name), at + 1, doc.value.steps.length);
  focusStep(step.id);
}

/** After the next drawing: the card of a step, or the button that adds one. */
function focusStep(id: string | undefined): void {
  requestAnimationFrame(() => {
    const card = id === undefined ? undefined : document.getElementById(id);
    const target = card?.querySelector("[data-step-open]") ?? document.querySelector("[data-add-step]");
    if (!(target instanceof HTMLElement)) return;
    target.focus({ preventScroll: true });
    (card ?? target).scrollIntoView({ block: "nearest" });
  });
}

/** Elements lose the focus while the list is put into another order. */
function keepFocus(): void {
  const { activeElement } = document;
  requestAnimationFrame(() => {
    if (!(activeElement instanceof HTMLElement) || !activeElement.isConnected) return;
    activeElement.focus({ preventScroll: true });
    activeElement.closest("li")?.scrollIntoView({ block: "nearest" });
  });
}
