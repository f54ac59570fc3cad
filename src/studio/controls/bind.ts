import type { Arg, ArgValue, Domain } from "../../core/args.ts";
import type { Size } from "../../core/geometry.ts";
import { OPERATIONS } from "../../operations/index.ts";
import { argLabel, type ChainText, settingLabel, wordLabel } from "../presentation/labels.ts";
import { lookOf } from "../presentation/looks.ts";
import { scaleOf } from "../presentation/scale.ts";
import type { Through } from "../presentation/sizes.ts";
import { type Changes, keepsRatio, oneEdge } from "../presentation/ways.ts";
import { type Doc, type Step, setSetting, setTexts } from "../state/document.ts";
import { edit, move, settle } from "../state/store.ts";
import { text } from "../text/index.ts";
import type { Bound, Word } from "./bound.ts";

/** An argument of a step, tied to the document. */
export function bindStep(step: Step, name: string, sizes: Through, isCompact = false): Bound {
  const arg = argOf(step.name, name);
  const says = text.value.chain;
  const change = (given: string) => (doc: Doc) => setTexts(doc, step.id, changesOf(step, name, arg, given));
  const placeholder = followsOf(step, name, sizes);
  return {
    ...described(step.name, name, arg, sizes.before, says, step.texts[name]),
    ...(placeholder === undefined ? {} : { placeholder }),
    id: `${step.id}-${name}`,
    label: argLabel(says, step.name, name) ?? name,
    text: step.texts[name],
    isCompact: isCompact || lookOf(step.name, name).end === "none",
    ...(isRequired(arg) ? {} : { reset: () => edit((doc) => setTexts(doc, step.id, { [name]: undefined })) }),
    move: (given) => move(change(given)),
    change: (given) => edit(change(given)),
    settle,
  };
}

/** The one argument of a setting, or `name` of several. */
export function bindSetting(doc: Doc, operation: string, name = "value"): Bound {
  const arg = argOf(operation, name);
  const says = text.value.chain;
  const change = (given: string) => (doc: Doc) =>
    setSetting(doc, operation, given === "" || given === silenceOf(operation, name, arg) ? undefined : { [name]: given });
  const given = doc.settings[operation]?.[name];
  return {
    ...described(operation, name, arg, { width: 1, height: 1 }, says, given),
    id: `setting-${operation}`,
    label: settingLabel(says, operation) ?? operation,
    text: given,
    reset: () => edit((doc) => setSetting(doc, operation, undefined)),
    move: (given) => move(change(given)),
    change: (given) => edit(change(given)),
    settle,
  };
}

export function argOf(operation: string, name: string): Arg<ArgValue> {
  const arg = OPERATIONS.get(operation)?.args[name];
  if (arg === undefined) throw new Error(`no argument ${operation}.${name}`);
  return arg;
}

/** What follows from the declaration alone. */
function described(
  operation: string,
  name: string,
  arg: Arg<ArgValue>,
  size: Size,
  says: ChainText,
  given: string | undefined,
): Pick<Bound, "arg" | "isReset"> & Partial<Bound> {
  const { domain } = arg;
  const look = lookOf(operation, name);
  const silence = silenceOf(operation, name, arg);
  const words = wordsOf(domain, look.as === "choice").map(
    (word): Word => ({ word, label: wordLabel(says, operation, name, word) }),
  );
  return {
    arg,
    isReset: given === undefined || given === "" || given === silence,
    ...(silence === undefined ? {} : { silence, placeholder: silence }),
    ...(domain.kind === "integer" || domain.kind === "decimal" ? { scale: scaleOf(domain, look, size) } : {}),
    ...("unit" in domain && domain.unit !== undefined ? { unit: says.units[domain.unit] } : {}),
    ...(words.length === 0 ? {} : { words }),
    isList: look.as === "list",
    isInverted: look.isInverted ?? false,
  };
}

/** Words of a list, of a number's stead, or the few integers that stand for something. */
function wordsOf(domain: Domain, isChoice: boolean): readonly string[] {
  if (domain.kind === "words") return domain.words;
  if (domain.kind !== "integer") return [];
  if (domain.word !== undefined) return [domain.word];
  const { min, max } = domain;
  return isChoice ? Array.from({ length: max - min + 1 }, (_, index) => String(min + index)) : [];
}

/** A cleared number is kept as such where the argument is needed; what silence means is not written. */
function changesOf(step: Step, name: string, arg: Arg<ArgValue>, given: string): Changes {
  const isEdge = step.name === "resize" && (name === "w" || name === "h");
  if (isEdge && given !== "" && keepsRatio(step.texts)) return oneEdge(name, given);
  const isSilence =
    (given === "" && !isRequired(arg)) || (arg.domain.kind !== "integer" && given === silenceOf(step.name, name, arg));
  return { [name]: isSilence ? undefined : given };
}

/** The edge of a box that follows from the other. */
function followsOf({ name, texts }: Step, arg: string, { after }: Through): string | undefined {
  if (name !== "resize" || (arg !== "w" && arg !== "h") || !keepsRatio(texts)) return undefined;
  return String(arg === "w" ? after.width : after.height);
}

function isRequired(arg: Arg<ArgValue>): boolean {
  return arg.initial === undefined && arg.domain.kind !== "color";
}
function silenceOf(operation: string, name: string, arg: Arg<ArgValue>): string | undefined {
  return arg.initial === undefined ? lookOf(operation, name).silence : arg.print(arg.initial);
}
