import type { QualityRule } from "../../core/plan.ts";
import type { Texts } from "../state/document.ts";

export type Rule = QualityRule["rule"];
export const RULES: readonly Rule[] = ["source", "auto", "absolute", "ceiling", "relative"];

/** The argument that holds each rule's number. */
const NUMBERS: Readonly<Partial<Record<Rule, string>>> = { absolute: "a", ceiling: "Q", relative: "q" };

export interface QualityText {
  readonly rule: Rule;
  /** The declared argument and its text, where the rule takes a number. */
  readonly arg?: string;
  readonly text?: string;
}

/** The rule that quality's texts mean, with the engine's precedence: a, d, Q (also written bare), q. */
export function qualityOf(texts: Texts | undefined): QualityText {
  if (texts === undefined) return { rule: "source" };
  if (texts["a"] !== undefined) return { rule: "absolute", arg: "a", text: texts["a"] };
  if (texts["d"] !== undefined) return { rule: "auto" };
  const ceiling = texts["Q"] ?? texts["value"];
  if (ceiling !== undefined) return { rule: "ceiling", arg: "Q", text: ceiling };
  return texts["q"] === undefined ? { rule: "source" } : { rule: "relative", arg: "q", text: texts["q"] };
}

/** Texts of a rule; undefined for the one that silence means. */
export function qualityTexts(rule: Rule, number: string): Texts | undefined {
  if (rule === "auto") return { d: "format" };
  const arg = NUMBERS[rule];
  return arg === undefined ? undefined : { [arg]: number };
}
