/** What the page shows, as signals, and what a person can do. Pictures are made by engine/session.ts, which watches this. */
import { batch, computed, signal } from "@preact/signals";
import type { ErrorCode } from "../../core/errors.ts";
import type { OutputFormat } from "../../core/plan.ts";
import type { Probe } from "../../core/probe.ts";
import type { Explanation } from "../../engine.ts";
import { printPlan } from "../../syntax/print.ts";
import { type Doc, EMPTY_DOC, isUntouched, type Problem, planOf } from "./document.ts";
import { changed, EMPTY_HISTORY, type History, moving, redone, undone } from "./history.ts";

/** The picture that is worked on. */
export interface Source {
  readonly id: number;
  /** File name or object key. */
  readonly name: string;
  /** Set where it is an object of the store. */
  readonly key?: string;
  readonly picture: Blob;
  /** Object URL of `picture`, for <img>; not every format is one that browsers show. */
  readonly url: string;
  readonly probe: Probe;
  /** Upright size. */
  readonly width: number;
  readonly height: number;
}

/** A picture to be shown, made by the engine. */
export interface Shown {
  readonly blob: Blob;
  /** Object URL; whoever replaces it revokes it. */
  readonly url: string;
  readonly format: string;
  /** px of these pixels; a draft has fewer than the result will. */
  readonly width: number;
  readonly height: number;
  /** The plan it shows. */
  readonly process: string;
}
/** The bytes that the function answers. */
export interface Result extends Shown {
  readonly bytes: number;
  /** ms by stage. */
  readonly timings: Readonly<Record<string, number>>;
  readonly totalMs: number;
  readonly peakBytes: number;
  readonly warnings: readonly string[];
  readonly sha256?: string;
}

export type Work =
  | { readonly kind: "idle" }
  /** Reading the header of a new picture. */
  | { readonly kind: "opening" }
  /** A codec or font comes over the network. total 0: unknown. */
  | { readonly kind: "loading"; readonly file: string; readonly loaded: number; readonly total: number }
  | { readonly kind: "drafting" }
  | { readonly kind: "rendering"; readonly since: number };

/** What went wrong, to be said to a person. */
export interface Fault {
  readonly code: ErrorCode | "NETWORK";
  readonly message: string;
}

/** Whether the server's answer to the same text has the same bytes. */
export type Proof =
  /** Nothing to compare with: no server, or the picture is not one of its objects. */
  | { readonly kind: "none"; readonly why: "no-server" | "not-stored" | "insecure" }
  | { readonly kind: "asking" }
  | { readonly kind: "equal"; readonly sha256: string; readonly url: string }
  | { readonly kind: "different"; readonly here: string; readonly there: string; readonly url: string }
  | { readonly kind: "failed"; readonly message: string; readonly url: string };

/** One card of the comparison strip. */
export interface Candidate {
  readonly format: OutputFormat;
  /** Absent: the format's default. */
  readonly quality?: number;
  readonly state: "waiting" | "making" | "made" | "failed";
  readonly bytes?: number;
  readonly totalMs?: number;
  readonly url?: string;
  readonly message?: string;
}

/** The local stack behind the page; absent in a static build. GET studio/api/stack. */
export interface StackInfo {
  readonly bucket: string;
  /** Base URL of the caching edge, without a slash at the end. */
  readonly edge: string;
  readonly version: string;
}
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
}

export type View = "divider" | "side" | "result";
export type Locale = "en" | "zh";
export type Theme = "auto" | "light" | "dark";

export const history = signal<History>(EMPTY_HISTORY);
export const doc = computed(() => history.value.present);
export const isMoving = computed(() => history.value.before !== undefined);
export const canUndo = computed(() => history.value.past.length > 0 || history.value.before !== undefined);
export const canRedo = computed(() => history.value.future.length > 0);

const planned = computed(() => planOf(doc.value));
export const plan = computed(() => ("plan" in planned.value ? planned.value.plan : undefined));
/** Complete `x-oss-process` value; undefined where nothing is asked or the document is no plan. */
export const processText = computed(() =>
  plan.value === undefined || isUntouched(doc.value) ? undefined : printPlan(plan.value),
);
/** What is wrong with the document by its arguments alone, else what planning says about this very picture. */
export const problem = computed<Problem | undefined>(() =>
  "problem" in planned.value ? planned.value.problem : plannedProblem.value,
);
/** Set by the session: the plan's fault with this picture (a crop outside it, a result too large). */
export const plannedProblem = signal<Problem | undefined>(undefined);

export const source = signal<Source | undefined>(undefined);
/** Why the last picture could not be opened. */
export const sourceFault = signal<Fault | undefined>(undefined);
export const explanation = signal<Explanation | undefined>(undefined);
export const draft = signal<Shown | undefined>(undefined);
/** The original, moved and cut as the result is, for the divider. */
export const before = signal<Shown | undefined>(undefined);
export const result = signal<Result | undefined>(undefined);
/** The result belongs to the document as it is now. */
export const isCurrent = computed(() => result.value !== undefined && result.value.process === (processText.value ?? ""));
export const renderFault = signal<Fault | undefined>(undefined);
export const work = signal<Work>({ kind: "idle" });
export const proof = signal<Proof>({ kind: "none", why: "no-server" });
export const candidates = signal<readonly Candidate[]>([]);
/** The strip costs time, so it is only made while it is open. */
export const stripOpen = signal(true);
/** Local pictures that watermarks draw, by the key they are given. */
export const marks = signal<ReadonlyMap<string, Blob>>(new Map());

export const stack = signal<StackInfo | undefined>(undefined);
export const objects = signal<readonly StoredObject[]>([]);

/** Step whose controls are open and whose handles lie on the picture. */
export const selected = signal<string | undefined>(undefined);
export const view = signal<View>("divider");
export const locale = signal<Locale>("en");
export const theme = signal<Theme>("auto");
/** One sentence for everybody, screen readers included; the newest wins. */
export const notice = signal<{ readonly text: string; readonly kind: "info" | "error" } | undefined>(undefined);

/** A finished change: one step of undo. */
export function edit(change: (doc: Doc) => Doc): void {
  history.value = changed(history.value, change(history.value.present));
}
/** A change while a control moves; `settle` ends it. */
export function move(change: (doc: Doc) => Doc): void {
  history.value = moving(history.value, change(history.value.present));
}
export function settle(): void {
  if (history.value.before !== undefined) history.value = changed(history.value);
}
export function undo(): void {
  history.value = undone(history.value);
}
export function redo(): void {
  history.value = redone(history.value);
}
/** Another document altogether, as from a link; can be undone. */
export function replaceDoc(next: Doc): void {
  batch(() => {
    selected.value = undefined;
    edit(() => next);
  });
}
/** Nothing to undo, nothing asked. */
export function resetDoc(next: Doc = EMPTY_DOC): void {
  batch(() => {
    selected.value = undefined;
    history.value = { ...EMPTY_HISTORY, present: next };
  });
}
