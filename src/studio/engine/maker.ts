import { batch, effect, untracked } from "@preact/signals";
import type { Explanation } from "../../engine.ts";
import { geometryPlan } from "../state/draft.ts";
import * as store from "../state/store.ts";
import type { Activity } from "./activity.ts";
import type { Client } from "./client.ts";
import { Overtaken } from "./fault.ts";
import { faultOf, problemOfPlan } from "./problem.ts";
import { createSlot, resultOf, shownOf } from "./shown.ts";
import { askedFor, showsThrough } from "./strip.ts";
import { createStripMaker } from "./strip-maker.ts";
import { createWanted, textOf, type Wanted } from "./wanted.ts";

/** After the last change, before an exact result is begun: keys that repeat come every 30 ms, hands that think later. */
const SETTLE_MS = 150;

export interface MakerParts {
  readonly client: Client;
  readonly activity: Activity;
  /** Longest side of drafts in px. */
  readonly side: number;
}
export interface Maker {
  /** Forgets all pictures, because the source is another one. */
  reset(): void;
  end(): void;
}

/** Makes what is wanted whenever that changes: draft, the original beside it, exact result, strip. */
export function startMaker({ client, activity, side }: MakerParts): Maker {
  const wanted = createWanted();
  const strip = createStripMaker(client);
  const slots = { draft: createSlot(store.draft), before: createSlot(store.before), result: createSlot(store.result) };
  let explaining: Promise<boolean> = Promise.resolve(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sent: readonly unknown[] = [];

  const isWanted = (want: Wanted) => wanted.peek() === want;
  const isMade = (want: Wanted) => slots.result.shows(want.inputs);

  /** False where the plan does not fit the picture, or is not wanted any more. */
  async function explain(want: Wanted): Promise<boolean> {
    let explanation: Explanation;
    try {
      explanation = await client.explain(want.text);
    } catch (thrown) {
      if (!(thrown instanceof Overtaken) && isWanted(want)) {
        store.plannedProblem.value = problemOfPlan(thrown, store.doc.peek());
      }
      return false;
    }
    if (!isWanted(want)) return false;
    batch(() => {
      store.explanation.value = explanation;
      store.plannedProblem.value = undefined;
    });
    return true;
  }

  /** One that comes late is shown too: while a control moves, a draft of a moment ago is better than none. */
  async function draft(lane: "draft" | "before", want: Wanted, process: string, inputs: readonly unknown[]): Promise<void> {
    const slot = slots[lane];
    if (slot.shows(inputs)) return;
    try {
      const ask = client.draft(lane, { process, side, geometry: lane === "before" });
      const made = await activity.during("drafting", ask);
      if (want.source.id === store.source.peek()?.id) slot.show(shownOf(made, process), inputs);
    } catch {
      // The exact result fails as well, and says so
    }
  }

  async function render(want: Wanted): Promise<void> {
    if (!(await explaining) || !isWanted(want)) return;
    try {
      const making = client.render(want.text);
      const made = await (want.text === "" ? making : activity.during("rendering", making));
      if (!isWanted(want)) return;
      batch(() => {
        slots.result.show(resultOf(made, want.text), want.inputs);
        store.renderFault.value = undefined;
      });
    } catch (thrown) {
      if (!(thrown instanceof Overtaken) && isWanted(want)) store.renderFault.value = faultOf(thrown);
    }
  }

  function sendMarks(marks: ReadonlyMap<string, Blob>, edge: string | undefined): void {
    if (sent[0] === marks && sent[1] === edge) return;
    sent = [marks, edge];
    client.setMarks({ pictures: [...marks], ...(edge === undefined ? {} : { base: edge }) });
  }

  /** What is being made is not wanted any more. */
  function onChange(want: Wanted | undefined): void {
    strip.stop();
    client.cancel();
    store.plannedProblem.value = undefined;
    store.renderFault.value = undefined;
    if (want === undefined) return;
    sendMarks(store.marks.peek(), store.stack.peek()?.edge);
    explaining = explain(want);
    void explaining.then((fits) => {
      if (!fits) return;
      const geometry = textOf(geometryPlan(want.plan));
      void draft("draft", want, want.text, want.inputs);
      void draft("before", want, geometry, [want.source.id, geometry]);
    });
  }

  function makeStrip(want: Wanted, result: store.Result): void {
    const alpha = want.source.probe.alpha || showsThrough(store.explanation.peek());
    strip.start(askedFor(want.plan, result.format, alpha), result);
  }

  const ends = [
    effect(() => sendMarks(store.marks.value, store.stack.value?.edge)),
    effect(() => {
      const want = wanted.value;
      untracked(() => onChange(want));
    }),
    effect(() => {
      const want = wanted.value;
      clearTimeout(timer);
      if (want === undefined || store.isMoving.value || isMade(want)) return;
      timer = setTimeout(() => void render(want), store.result.peek() === undefined ? 0 : SETTLE_MS);
    }),
    effect(() => {
      const [want, result, isOpen] = [wanted.value, store.result.value, store.stripOpen.value];
      const isReady = want !== undefined && result !== undefined && !store.isMoving.value && isMade(want);
      untracked(() => {
        if (!isOpen) strip.clear();
        else if (isReady) makeStrip(want, result);
      });
    }),
  ];
  return {
    reset() {
      strip.clear();
      for (const slot of Object.values(slots)) slot.clear();
      store.explanation.value = undefined;
    },
    end() {
      for (const end of ends) end();
      clearTimeout(timer);
      strip.clear();
    },
  };
}
