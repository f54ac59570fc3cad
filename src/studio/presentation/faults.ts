import type { Domain } from "../../core/args.ts";
import { OPERATIONS } from "../../operations/index.ts";
import type { Problem } from "../state/document.ts";
import { argLabel, type ChainText, settingLabel } from "./labels.ts";

/** A domain in the words of the page. */
export function expectedText(domain: Domain, says: ChainText): string {
  const { expected } = says;
  switch (domain.kind) {
    case "integer": {
      const { min, max, word } = domain;
      return word === undefined ? expected.integer(min, max) : expected.integerOr(min, max, word);
    }
    case "decimal":
      return expected.decimal(domain.min, domain.max);
    case "words":
      return expected.words(domain.words.join(", "));
    case "flag":
      return expected.flag;
    case "color":
      return domain.alpha ? expected.colorAlpha : expected.color;
    case "anchor":
      return domain.focal ? expected.anchorFocal : expected.anchor;
    case "text":
      return expected.text(domain.maxBytes);
  }
}

/** What is wrong with a document, to be shown where it is wrong. */
export interface FaultText {
  readonly message: string;
  /** The engine's own sentence, which is English. */
  readonly isEngines: boolean;
}

/** The page's own words for what it can name; the engine's for everything else. */
export function faultText({ operation, parameter, error }: Problem, says: ChainText): FaultText {
  const own = ownText(operation, parameter, error, says);
  return own === undefined ? { message: error.message, isEngines: true } : { message: own, isEngines: false };
}

function ownText(
  operation: string,
  parameter: string | undefined,
  { code, fault }: Problem["error"],
  says: ChainText,
): string | undefined {
  if (code !== "BAD_ARGUMENT" || fault === undefined) return undefined;
  const { label, domain } = argumentOf(operation, parameter, says);
  if (fault.kind === "missing") return label === undefined ? says.expected.missing : says.expected.missingOf(label);
  if (fault.kind === "outside") return says.expected.outside;
  const arg = domain?.arg;
  const isOfValue = arg !== undefined && fault.expected === arg.expected;
  return isOfValue && label !== undefined ? says.expected.of(label, expectedText(arg.domain, says)) : undefined;
}

/** A bare value is reported under its operation's name. */
function argumentOf(operation: string, parameter: string | undefined, says: ChainText) {
  const declared = OPERATIONS.get(operation);
  const name = parameter === operation ? declared?.bare : parameter;
  const arg = name === undefined ? undefined : declared?.args[name];
  const label = name === undefined ? undefined : (argLabel(says, operation, name) ?? settingLabel(says, operation));
  return { label, domain: arg === undefined ? undefined : { arg } };
}

/** Declared name of the argument that a problem is about. */
export function faultyArg({ operation, parameter }: Problem): string | undefined {
  return parameter === operation ? OPERATIONS.get(operation)?.bare : parameter;
}
