import type { ArgSpecs, ArgsOf, ArgValues } from "./args.ts";
import type { Call, Plan, Settings } from "./plan.ts";
import type { PlanInput, ResolvedMark, Step } from "./step.ts";
import type { TextSpec } from "./text.ts";

interface Described<S extends ArgSpecs> {
  readonly name: string;
  /** One sentence for the README's table. */
  readonly summary: string;
  readonly args: S;
  /** The argument that is written as a bare value, e.g. `rotate,90`. */
  readonly bare?: keyof S & string;
  /** Arguments that only mean something while a watermark picture is prepared. */
  readonly markOnly?: readonly (keyof S & string)[];
}

/** Works on pixels: turns arguments and a size into primitive steps. */
export interface PixelOperation<S extends ArgSpecs = ArgSpecs> extends Described<S> {
  readonly kind: "pixels";
  /** Throws BAD_ARGUMENT where no picture of any size could be meant, so that a grammar can refuse before a source is read. */
  check?(args: ArgsOf<S>, call: Call): void;
  /** The text that is drawn, so that it can be measured before anything is planned. */
  text?(args: ArgsOf<S>): TextSpec | undefined;
  /** Numbers only. [] leaves the picture as it is. */
  plan(args: ArgsOf<S>, input: PlanInput, draws: Draws): readonly Step[];
}

/** What a call draws, resolved; absent where the call draws no such thing. */
export interface Draws {
  readonly picture?: (input: PlanInput) => ResolvedMark;
  readonly text?: ResolvedMark;
}

/** Changes how the chain starts or ends; may stand anywhere in it. */
export interface SettingOperation<S extends ArgSpecs = ArgSpecs> extends Described<S> {
  readonly kind: "setting";
  set(args: ArgsOf<S>, settings: Settings): Settings;
  /** Values that say the same as `settings`, or undefined where silence does. */
  get(settings: Settings): Readonly<Record<string, string>> | undefined;
}

/** Replaces the picture by a description of the source; stands alone. */
export interface AnswerOperation extends Described<ArgSpecs> {
  readonly kind: "answer";
  readonly answer: Exclude<Plan["answer"], "picture">;
}

// biome-ignore lint/suspicious/noExplicitAny: each operation knows its own argument types; callers pass what its specs parsed
export type Operation = PixelOperation<any> | SettingOperation<any> | AnswerOperation;

/** Keeps the argument types of an operation while it is defined. */
export function definePixels<S extends ArgSpecs>(operation: Omit<PixelOperation<S>, "kind">): PixelOperation<S> {
  return { kind: "pixels", ...operation };
}
export function defineSetting<S extends ArgSpecs>(operation: Omit<SettingOperation<S>, "kind">): SettingOperation<S> {
  return { kind: "setting", ...operation };
}

/** A call of an operation, checked. */
export function makeCall(operation: PixelOperation, args: ArgValues, mark?: Call["mark"]): Call {
  const call: Call = { name: operation.name, args, ...(mark === undefined ? {} : { mark }) };
  operation.check?.(args as ArgsOf<ArgSpecs>, call);
  return call;
}
