import { QUICK } from "../presentation/groups.ts";
import { nameOf } from "../presentation/labels.ts";
import { doc, settle } from "../state/store.ts";
import { text } from "../text/index.ts";
import { actions, chainSizes, spoken } from "./chain-actions.ts";
import { AddStep } from "./chain-add.tsx";
import { type Drag, useDrag } from "./chain-drag.ts";
import { StepCard } from "./chain-step.tsx";
import "./chain.css";

/** The operations, from the first to the last, each with its controls. */
export function Chain() {
  const says = text.value.chain;
  const { steps, settings } = doc.value;
  const isEmpty = steps.length === 0 && Object.keys(settings).length === 0;
  return (
    <section class="section chain" aria-labelledby="chain-title">
      <div class="section-head">
        <h2 id="chain-title">{says.title}</h2>
        {!isEmpty && (
          <button type="button" class="button button-quiet" onClick={actions.clear}>
            {says.clear}
          </button>
        )}
        <AddStep add={actions.add} />
      </div>
      {steps.length === 0 ? <Empty /> : <StepList />}
      <p class="unseen" role="status" aria-live="polite">
        {spoken.value}
      </p>
    </section>
  );
}

function Empty() {
  const says = text.value.chain;
  return (
    <div class="chain-empty">
      <p class="soft">{says.empty}</p>
      {/* biome-ignore lint/a11y/useSemanticElements: buttons, no fields */}
      <div class="chain-quick" role="group" aria-label={says.quick}>
        {QUICK.map((operation) => (
          <button key={operation} type="button" class="button" onClick={() => actions.add(operation)}>
            {nameOf(says, operation)}
          </button>
        ))}
      </div>
    </div>
  );
}

function StepList() {
  const { steps } = doc.value;
  const sizes = chainSizes(doc.value);
  const { drag, handlersOf, cancel } = useDrag((id, to) => {
    const step = steps.find((candidate) => candidate.id === id);
    if (step !== undefined) actions.move(step, to);
  });
  return (
    <>
      <p class="unseen" id="chain-grip-hint">
        {text.value.chain.gripHint}
      </p>
      <ol
        class="chain-list"
        onKeyDown={(event) => {
          if (event.key === "Escape" && drag !== undefined) cancel();
        }}
        onFocusOut={settle}
      >
        {steps.map((step, index) => (
          <StepCard
            key={step.id}
            step={step}
            index={index}
            count={steps.length}
            sizes={sizes.steps.get(step.id) ?? { before: sizes.end, after: sizes.end }}
            actions={actions}
            drag={drag}
            line={lineAt(steps, index, drag)}
            handlers={handlersOf(step.id)}
          />
        ))}
      </ol>
    </>
  );
}

/** The line lies above the card that would be next, or below the last one. */
function lineAt(steps: readonly { readonly id: string }[], index: number, drag: Drag | undefined) {
  if (drag === undefined || steps[index]?.id === drag.id) return undefined;
  const from = steps.findIndex(({ id }) => id === drag.id);
  if (drag.to === from) return undefined;
  const place = index > from ? index - 1 : index; // counted without the dragged card
  if (place === drag.to) return "above";
  return drag.to === steps.length - 1 && place === steps.length - 2 ? "below" : undefined;
}
