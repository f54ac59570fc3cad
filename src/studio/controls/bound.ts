import type { Arg, ArgValue } from "../../core/args.ts";
import type { Scale } from "../presentation/scale.ts";

/** An argument tied to the document: what a control shows, and where its changes go. */
export interface Bound {
  /** Unique in the page: ids of elements begin with it. */
  readonly id: string;
  readonly label: string;
  readonly arg: Arg<ArgValue>;
  /** As typed; undefined or empty where nothing is said. */
  readonly text: string | undefined;
  /** Shown in the place of a text. */
  readonly placeholder?: string;
  /** What silence means. */
  readonly silence?: string;
  /** Where a slider stands in silence, if not there. */
  readonly rest?: number;
  /** Behind the number. */
  readonly unit?: string;
  /** Of numbers. */
  readonly scale?: Scale;
  /** Of words, and of integers that stand for words. */
  readonly words?: readonly Word[];
  /** One thing at a time: with a slider, side by side, in a list. */
  readonly isCompact?: boolean;
  readonly isList?: boolean;
  readonly isInverted?: boolean;
  /** Shown below the control. */
  readonly hint?: string;
  /** The text means nothing that silence does not mean too. */
  readonly isReset: boolean;
  /** Absent where the argument has to be there. */
  readonly reset?: () => void;
  /** While the control moves. */
  readonly move: (text: string) => void;
  readonly settle: () => void;
  /** A finished change. */
  readonly change: (text: string) => void;
}
export interface Word {
  readonly word: string;
  readonly label: string;
}

/** The text counts as a value of its argument: one that is not there is not wrong. */
export function isValid({ arg, text }: Pick<Bound, "arg" | "text">): boolean {
  return text === undefined || text === "" || arg.parse(text) !== undefined;
}

/** The text, or what silence means; undefined where that is nothing. */
export function effectiveText({ silence, text }: Pick<Bound, "silence" | "text">): string | undefined {
  return text !== undefined && text !== "" ? text : silence;
}
