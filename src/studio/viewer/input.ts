/** The picture that enters a step, and what a step says about it. Every rule is the operation's own `plan`. */
import { GRAVITIES, oriented, type Rect, type Size } from "../../core/geometry.ts";
import type { Probe } from "../../core/probe.ts";
import type { Step as PlannedStep } from "../../core/step.ts";
import { addCall, emptyPlan } from "../../syntax/oss-process.ts";
import { type Doc, pixelOperation, type Step, type Texts } from "../state/document.ts";
import type { Point } from "./camera.ts";

/** What a step is given. */
export interface StepInput {
  readonly size: Size;
  /** Steps before have cut, turned or scaled it, so that the source does not show it. */
  readonly isMoved: boolean;
  /** Its size depends on pixels: `size` is the most it can be. */
  readonly isBound: boolean;
  /** The document that makes it. */
  readonly doc: Doc;
}

/** Input of a step, or undefined where a step before it cannot be planned. `upright`: the size of the source as the document begins with it. */
export function inputOf(doc: Doc, id: string, upright: Size): StepInput | undefined {
  const index = doc.steps.findIndex((step) => step.id === id);
  if (index < 0) return undefined;
  const before = doc.steps.slice(0, index).filter(({ on }) => on);
  const planned: PlannedStep[] = [];
  let size = upright;
  for (const step of before) {
    const steps = planOfStep(step.name, step.texts, size);
    if (steps === undefined) return undefined;
    planned.push(...steps);
    size = steps[steps.length - 1]?.output ?? size;
  }
  const orient = doc.settings["auto-orient"];
  return {
    size: { width: size.width, height: size.height },
    isMoved: planned.some(({ kind }) => MOVES.includes(kind)),
    isBound: planned.some(({ kind }) => kind === "trim"),
    doc: { steps: before, settings: orient === undefined ? {} : { "auto-orient": orient } },
  };
}
const MOVES: readonly PlannedStep["kind"][] = ["scale", "crop", "turn", "rotate", "extend", "trim"];

/** Whether a document turns its source upright by EXIF. */
export function isUpright(doc: Doc): boolean {
  return doc.settings["auto-orient"]?.["value"] !== "0";
}
/** Size a document begins with. `upright` is the source's as it is shown; AVIF lies as its container says in any case. */
export function startSize(doc: Doc, upright: Size, probe: Probe): Size {
  if (isUpright(doc) || probe.format === "avif" || probe.format === "heic") return upright;
  return oriented(upright, probe.orientation);
}

/** The rectangle a crop keeps; one that misses the picture is moved into it, so that there is something to drag. */
export function cropRect(texts: Texts, input: Size): Rect {
  const whole = { x: 0, y: 0, width: input.width, height: input.height };
  const steps = planOfStep("crop", texts, input);
  const step = steps?.[0];
  if (step?.kind === "crop") return step.params.rect;
  return steps === undefined && texts["g"] === undefined ? nearest(texts, whole) : whole;
}
function nearest(texts: Texts, whole: Rect): Rect {
  const asked = (name: string) => Math.max(0, Math.floor(Number(texts[name] ?? "0")) || 0);
  const width = Math.min(asked("w") || whole.width, whole.width);
  const height = Math.min(asked("h") || whole.height, whole.height);
  return { x: Math.min(asked("x"), whole.width - width), y: Math.min(asked("y"), whole.height - height), width, height };
}

/** Texts of a crop that keeps a rectangle, counted from the top left. */
export function cropTexts({ x, y, width, height }: Rect): Readonly<Record<string, string | undefined>> {
  const text = (value: number) => String(Math.min(value, MOST_PX));
  return { w: text(width), h: text(height), x: text(x), y: text(y), g: undefined };
}
const MOST_PX = 16384;

/** Whether a step holds on to a point of its picture: a fit that cuts. */
export function canFocus({ name, texts }: Step): boolean {
  return name === "fit" && (texts["m"] ?? "cover") === "cover";
}
export function isFocal(texts: Texts): boolean {
  return texts["g"]?.startsWith("fp:") ?? false;
}
/** The point a fit holds on to, in fractions of its picture; of a named position that position. */
export function focalPoint(texts: Texts): Point {
  const text = texts["g"] ?? "center";
  const [x, y] = text.startsWith("fp:") ? text.slice(3).split(":").map(Number) : [];
  if (x !== undefined && y !== undefined && x >= 0 && x <= 1 && y >= 0 && y <= 1) return { x, y };
  const index = (GRAVITIES as readonly string[]).indexOf(text);
  return index < 0 ? { x: 0.5, y: 0.5 } : { x: (index % 3) / 2, y: Math.floor(index / 3) / 2 };
}
/** fp:x:y with at most four decimals. */
export function focalText({ x, y }: Point): string {
  return `fp:${fraction(x)}:${fraction(y)}`;
}
function fraction(value: number): string {
  return String(Math.round(Math.max(0, Math.min(1, value)) * 10_000) / 10_000);
}

/** What a fit keeps of its picture, in fractions of it; undefined where it cuts nothing. */
export function keptPart(texts: Texts, input: Size): Rect | undefined {
  const steps = planOfStep("fit", texts, input) ?? [];
  const cut = steps.find((step) => step.kind === "crop");
  if (cut === undefined) return undefined;
  const from = steps.find((step) => step.kind === "scale")?.output ?? input;
  const { x, y, width, height } = cut.params.rect;
  return { x: x / from.width, y: y / from.height, width: width / from.width, height: height / from.height };
}

/** Primitive steps of one step of the document, or undefined where its texts are wrong for a picture of that size. */
function planOfStep(name: string, texts: Texts, { width, height }: Size): readonly PlannedStep[] | undefined {
  const operation = pixelOperation(name);
  const given = Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ""));
  try {
    const [call] = addCall(emptyPlan(), operation, given).calls;
    return operation.plan(call?.args ?? {}, { width, height, keepsAlpha: true, ossStrict: false }, {});
  } catch {
    return undefined; // the problem is shown by the step itself
  }
}
