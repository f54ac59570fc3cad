import type { Arg, ArgValue } from "../../core/args.ts";
import { isInitial, parseArgs } from "../../core/args.ts";
import { TransformError } from "../../core/errors.ts";
import type { Operation, PixelOperation, SettingOperation } from "../../core/operation.ts";
import type { Call, Plan } from "../../core/plan.ts";
import { OPERATIONS } from "../../operations/index.ts";
import { addCall, emptyPlan, parseProcess } from "../../syntax/oss-process.ts";
import { printMark, printPlan } from "../../syntax/print.ts";

/** Argument texts by declared name, as a person left them: half a number is a text too. */
export type Texts = Readonly<Record<string, string>>;

/** One operation of the chain. `on` false keeps it, but out of the plan. */
export interface Step {
  readonly id: string;
  readonly name: string;
  readonly on: boolean;
  readonly texts: Texts;
}

/** Everything that can be undone: the chain, and the settings of the result by operation name (absent: as by default). */
export interface Doc {
  readonly steps: readonly Step[];
  readonly settings: Readonly<Record<string, Texts>>;
}
export const EMPTY_DOC: Doc = { steps: [], settings: {} };

/**
 * What keeps a document from being a plan: the operation at fault ("image": the whole), the step where it is one, and the
 * parameter by its declared name where it is known.
 */
export interface Problem {
  readonly operation: string;
  readonly step?: string;
  readonly parameter?: string;
  readonly error: TransformError;
}

let made = 0;
/** Unique within this page. */
export function createStep(name: string, texts: Texts = {}, on = true): Step {
  made++;
  return { id: `step-${made}`, name, on, texts };
}

/** The plan of a document, or the first thing that is wrong with it. Steps that are off do not count. */
export function planOf(doc: Doc): { readonly plan: Plan } | { readonly problem: Problem } {
  let plan = emptyPlan();
  for (const step of doc.steps) {
    if (!step.on) continue;
    try {
      const operation = pixelOperation(step.name);
      plan = addCall(plan, operation, given(step.texts, operation.markOnly));
    } catch (thrown) {
      return { problem: problemOf(thrown, step.name, step.id) };
    }
  }
  for (const operation of SETTINGS) {
    const texts = doc.settings[operation.name];
    if (texts === undefined) continue;
    try {
      plan = { ...plan, settings: operation.set(parseArgs(operation.name, operation.args, given(texts)), plan.settings) };
    } catch (thrown) {
      return { problem: problemOf(thrown, operation.name) };
    }
  }
  try {
    parseProcess(printPlan(plan)); // what the server refuses as a whole: too many operations, too long a text
  } catch (thrown) {
    return { problem: problemOf(thrown, "image") };
  }
  return { plan };
}

/** True where a plan leaves the stored bytes as they are: the picture is then passed through, not encoded anew. */
export function isUntouched(doc: Doc): boolean {
  const { steps, settings } = doc;
  return steps.every(({ on }) => !on) && Object.keys(settings).length === 0;
}

/**
 * The document of a plan that was asked for, all steps on. Values that silence means as well are left out, but never all of
 * them: a plan without calls and settings encodes anew, an empty document passes through.
 * Throws NOT_SUPPORTED where the answer is no picture.
 */
export function docOf(plan: Plan): Doc {
  if (plan.answer !== "picture") throw new TransformError("NOT_SUPPORTED", `${plan.answer} answers JSON, not a picture`);
  const settings: Record<string, Texts> = {};
  for (const operation of SETTINGS) {
    const texts = operation.get(plan.settings);
    if (texts !== undefined) settings[operation.name] = texts;
  }
  if (plan.calls.length === 0 && Object.keys(settings).length === 0) settings["auto-orient"] = { value: "1" };
  return { steps: plan.calls.map((call) => createStep(call.name, textsOf(call))), settings };
}

function textsOf(call: Call): Texts {
  const operation = pixelOperation(call.name);
  const texts: Record<string, string> = {};
  for (const [name, arg] of Object.entries<Arg<ArgValue>>(operation.args)) {
    const value = call.args[name];
    if (value !== undefined && (name === operation.bare || !isInitial(arg, value))) texts[name] = arg.print(value);
  }
  if (call.mark !== undefined) texts["image"] = printMark(call.mark);
  return texts;
}

/** A cleared field says nothing, nor does an argument of watermark pictures outside them, which the grammar ignores. */
function given(texts: Texts, ignored: readonly string[] = []): Texts {
  return Object.fromEntries(Object.entries(texts).filter(([name, text]) => text !== "" && !ignored.includes(name)));
}

function problemOf(thrown: unknown, operation: string, step?: string): Problem {
  const error = thrown instanceof TransformError ? thrown : new TransformError("INTERNAL", String(thrown));
  const written = error.fault?.parameter;
  const parameter = written === operation ? OPERATIONS.get(operation)?.bare : written; // faults call a bare value by its operation
  return { operation, error, ...(step === undefined ? {} : { step }), ...(parameter === undefined ? {} : { parameter }) };
}

export function pixelOperation(name: string): PixelOperation {
  const operation = OPERATIONS.get(name);
  if (operation?.kind !== "pixels") throw new Error(`no pixel operation ${name}`);
  return operation;
}
export const SETTINGS: readonly SettingOperation[] = [...OPERATIONS.values()].filter(isSetting);
function isSetting(operation: Operation): operation is SettingOperation {
  return operation.kind === "setting";
}
export const PIXEL_OPERATIONS: readonly PixelOperation[] = [...OPERATIONS.values()].filter(isPixels);
function isPixels(operation: Operation): operation is PixelOperation {
  return operation.kind === "pixels";
}

// Changes. Each gives a new document; a step that is not there changes nothing.

export function addStep(doc: Doc, step: Step, at = doc.steps.length): Doc {
  return { ...doc, steps: [...doc.steps.slice(0, at), step, ...doc.steps.slice(at)] };
}
export function removeStep(doc: Doc, id: string): Doc {
  return { ...doc, steps: doc.steps.filter((step) => step.id !== id) };
}
/** Moves a step to a place, counted without it. */
export function moveStep(doc: Doc, id: string, to: number): Doc {
  const step = doc.steps.find((candidate) => candidate.id === id);
  return step === undefined ? doc : addStep(removeStep(doc, id), step, Math.max(0, Math.min(to, doc.steps.length - 1)));
}
export function switchStep(doc: Doc, id: string, on: boolean): Doc {
  return changeStep(doc, id, (step) => ({ ...step, on }));
}
/** Sets argument texts; undefined takes one away. */
export function setTexts(doc: Doc, id: string, texts: Readonly<Record<string, string | undefined>>): Doc {
  return changeStep(doc, id, (step) => ({ ...step, texts: merged(step.texts, texts) }));
}
function changeStep(doc: Doc, id: string, change: (step: Step) => Step): Doc {
  return { ...doc, steps: doc.steps.map((step) => (step.id === id ? change(step) : step)) };
}
/** Replaces what a setting says; undefined is the default. */
export function setSetting(doc: Doc, name: string, texts: Texts | undefined): Doc {
  const { [name]: _old, ...rest } = doc.settings;
  return { ...doc, settings: texts === undefined ? rest : { ...rest, [name]: texts } };
}
function merged(texts: Texts, changes: Readonly<Record<string, string | undefined>>): Texts {
  const result: Record<string, string> = {};
  for (const [name, text] of Object.entries({ ...texts, ...changes })) if (text !== undefined) result[name] = text;
  return result;
}
