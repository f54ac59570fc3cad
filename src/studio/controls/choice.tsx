import { useRef } from "preact/hooks";
import type { Word } from "./bound.ts";
import "./controls.css";

interface ChoiceProps {
  readonly words: readonly Word[];
  /** undefined: none is chosen. */
  readonly chosen: string | undefined;
  readonly choose: (word: string) => void;
  /** Name of the group, or the id of the element that names it. */
  readonly label?: string;
  readonly labelledBy?: string;
  /** In rows of so many; else all in one row. */
  readonly columns?: number;
}

const MOVES: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** One of a few: a radio group of buttons, of which one is in the tab order. */
export function Choice({ words, chosen, choose, label, labelledBy, columns }: ChoiceProps) {
  const group = useRef<HTMLDivElement>(null);
  const focusable = Math.max(
    0,
    words.findIndex(({ word }) => word === chosen),
  );
  const go = (index: number) => {
    const word = words[(index + words.length) % words.length];
    if (word === undefined) return;
    choose(word.word);
    group.current?.querySelectorAll("button")[words.indexOf(word)]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, index: number) => {
    const by = event.altKey ? undefined : MOVES[event.key];
    if (by === undefined && event.key !== "Home" && event.key !== "End") return;
    event.preventDefault();
    go(by === undefined ? (event.key === "Home" ? 0 : words.length - 1) : index + by);
  };
  return (
    <div
      ref={group}
      class="group choice"
      role="radiogroup"
      aria-label={label}
      aria-labelledby={labelledBy}
      data-equal={columns === undefined ? undefined : ""}
      style={{ "--columns": columns ?? words.length }}
    >
      {words.map(({ word, label: name }, index) => (
        // biome-ignore lint/a11y/useSemanticElements: a radio button that looks like the other buttons
        <button
          key={word}
          type="button"
          class="button"
          role="radio"
          aria-checked={word === chosen}
          tabIndex={index === focusable ? 0 : -1}
          onClick={() => choose(word)}
          onKeyDown={(event) => onKeyDown(event, index)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
