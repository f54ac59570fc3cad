import { faultText, faultyArg } from "../presentation/faults.ts";
import { nameOf } from "../presentation/labels.ts";
import type { Through } from "../presentation/sizes.ts";
import { summaryOf } from "../presentation/summary.ts";
import { pixelOperation, type Step, switchStep } from "../state/document.ts";
import { edit, problem, selected } from "../state/store.ts";
import { text } from "../text/index.ts";
import type { Actions } from "./chain-actions.ts";
import type { Drag } from "./chain-drag.ts";
import { StepForm } from "./chain-form.tsx";
import { Icon } from "./icon.tsx";

interface CardProps {
  readonly step: Step;
  readonly index: number;
  readonly count: number;
  readonly sizes: Through;
  readonly actions: Actions;
  readonly drag: Drag | undefined;
  /** A line above or below shows where the dragged card would go. */
  readonly line: "above" | "below" | undefined;
  readonly handlers: Readonly<Record<string, (event: PointerEvent) => void>>;
}

/** One step: what it is, whether it applies, and its controls while it is the selected one. */
export function StepCard({ step, index, count, sizes, actions, drag, line, handlers }: CardProps) {
  const name = nameOf(text.value.chain, step.name);
  const isOpen = selected.value === step.id;
  const isDragged = drag?.id === step.id;
  const onKeyDown = (event: KeyboardEvent) => {
    const isGrip = event.target instanceof HTMLElement && event.target.dataset["grip"] !== undefined;
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (by === 0 || !(event.altKey || isGrip)) return;
    event.preventDefault();
    actions.move(step, index + by);
  };
  return (
    <li
      class="step"
      id={step.id}
      data-off={step.on ? undefined : ""}
      data-open={isOpen ? "" : undefined}
      data-dragged={isDragged ? "" : undefined}
      data-line={line}
      onKeyDown={onKeyDown}
    >
      <StepHead step={step} name={name} isOpen={isOpen} actions={actions} handlers={handlers} />
      <StepFault step={step} isOpen={isOpen} />
      {isOpen && (
        <div class="step-body" id={`${step.id}-body`}>
          <StepForm step={step} sizes={sizes} />
          <StepFoot step={step} name={name} index={index} count={count} actions={actions} />
        </div>
      )}
    </li>
  );
}

interface HeadProps extends TitleProps {
  readonly actions: Actions;
  readonly handlers: CardProps["handlers"];
}
function StepHead({ step, name, isOpen, actions, handlers }: HeadProps) {
  const says = text.value.chain;
  return (
    <div class="step-head">
      <button
        type="button"
        class="step-grip"
        data-grip=""
        aria-label={says.grip(name)}
        aria-describedby="chain-grip-hint"
        title={says.gripHint}
        {...handlers}
      >
        <Icon name="grip" size={16} />
      </button>
      <StepTitle step={step} name={name} isOpen={isOpen} />
      <input
        type="checkbox"
        role="switch"
        class="switch"
        aria-label={says.on(name)}
        checked={step.on}
        aria-checked={step.on}
        onChange={(event) => {
          const { checked } = event.currentTarget;
          edit((doc) => switchStep(doc, step.id, checked));
        }}
      />
      <button
        type="button"
        class="button button-quiet button-icon step-remove"
        aria-label={says.remove(name)}
        title={says.remove(name)}
        onClick={() => actions.remove(step)}
      >
        <Icon name="close" size={16} />
      </button>
    </div>
  );
}

interface TitleProps {
  readonly step: Step;
  readonly name: string;
  readonly isOpen: boolean;
}
function StepTitle({ step, name, isOpen }: TitleProps) {
  const says = text.value.chain;
  const summary = summaryOf(step.name, step.texts, says);
  return (
    <h3 class="step-title">
      <button
        type="button"
        class="step-open"
        data-step-open=""
        aria-expanded={isOpen}
        aria-controls={isOpen ? `${step.id}-body` : undefined}
        onClick={() => {
          selected.value = isOpen ? undefined : step.id;
        }}
      >
        <span class="step-name">{name}</span>
        <span class="unseen">, </span>
        <span class="step-summary small soft" title={summary}>
          {summary}
        </span>
      </button>
    </h3>
  );
}

/** What keeps the step from being done, unless a field of the open card says it already. */
function StepFault({ step, isOpen }: { readonly step: Step; readonly isOpen: boolean }) {
  const fault = problem.value;
  if (fault?.step !== step.id) return undefined;
  const { message, isEngines } = faultText(fault, text.value.chain);
  const arg = faultyArg(fault);
  const given = arg === undefined ? undefined : step.texts[arg];
  const isAtField =
    arg !== undefined && given !== undefined && given !== "" && pixelOperation(step.name).args[arg]?.parse(given) === undefined;
  if (isOpen && isAtField && arg !== "image") return undefined;
  return (
    <p class="error step-fault" lang={isEngines ? "en" : undefined}>
      <Icon name="warning" size={16} />
      <span>{message}</span>
    </p>
  );
}

interface FootProps {
  readonly step: Step;
  readonly name: string;
  readonly index: number;
  readonly count: number;
  readonly actions: Actions;
}
/** Where a button would do nothing it stays focusable, so that a card can be moved to an end without losing the focus. */
function StepFoot({ step, name, index, count, actions }: FootProps) {
  const says = text.value.chain;
  return (
    <div class="step-foot">
      <button
        type="button"
        class="button button-quiet button-icon"
        aria-label={says.up(name)}
        title={says.up(name)}
        aria-disabled={index === 0}
        onClick={() => actions.move(step, index - 1)}
      >
        <Icon name="up" size={16} />
      </button>
      <button
        type="button"
        class="button button-quiet button-icon"
        aria-label={says.down(name)}
        title={says.down(name)}
        aria-disabled={index === count - 1}
        onClick={() => actions.move(step, index + 1)}
      >
        <Icon name="down" size={16} />
      </button>
      <button
        type="button"
        class="button button-quiet small step-duplicate"
        aria-label={says.duplicateOf(name)}
        onClick={() => actions.duplicate(step)}
      >
        <Icon name="copy" size={16} />
        {says.duplicate}
      </button>
    </div>
  );
}
