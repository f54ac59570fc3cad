import { type ArgumentFault, badArgument } from "./errors.ts";
import { type Anchor, GRAVITIES, type Gravity } from "./geometry.ts";
import { hasOwn } from "./own.ts";

/** Plain data, so that a Plan can be compared, printed and posted to a worker. */
export type ArgValue = string | number | Anchor;

/** What a number counts. `px` are px of the picture the operation meets: a smaller picture needs fewer. */
export type Unit = "px" | "percent" | "degrees" | "levels" | "bytes";

/** What an argument may be, as data: for a form that asks for it, and for a plan that is scaled with its picture. */
export type Domain =
  | { readonly kind: "integer"; readonly min: number; readonly max: number; readonly unit?: Unit; readonly word?: string }
  | { readonly kind: "decimal"; readonly min: number; readonly max: number; readonly digits: number; readonly unit?: Unit }
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "flag" }
  | { readonly kind: "color"; readonly alpha: boolean }
  /** One of the nine positions; `focal`: or a point of the picture. */
  | { readonly kind: "anchor"; readonly focal: boolean }
  | { readonly kind: "text"; readonly maxBytes: number };

/** One declared argument: how its text is read, what it may be, and how it is written back. */
export interface Arg<T extends ArgValue> {
  readonly domain: Domain;
  /** Completes "expected …" in messages and the README, e.g. "an integer from 1 to 16384". */
  readonly expected: string;
  /** Value where the caller says nothing; an argument without one is simply absent then. */
  readonly initial?: T;
  readonly kind?: ArgumentFault["kind"];
  /** undefined: the text is not a value of this argument. */
  parse(text: string): T | undefined;
  print(value: T): string;
}
export interface InitializedArg<T extends ArgValue> extends Arg<T> {
  readonly initial: T;
}
// biome-ignore lint/suspicious/noExplicitAny: the value type differs from argument to argument; ArgsOf restores it
export type ArgSpecs = Readonly<Record<string, Arg<any>>>;

/** Values that parseArgs gives for specs: those with an initial value are always there. */
export type ArgsOf<S extends ArgSpecs> = {
  readonly [K in keyof S as S[K] extends InitializedArg<ArgValue> ? K : never]: S[K] extends Arg<infer T> ? T : never;
} & {
  readonly [K in keyof S as S[K] extends InitializedArg<ArgValue> ? never : K]?: S[K] extends Arg<infer T> ? T : never;
};
export type ArgValues = Readonly<Record<string, ArgValue>>;

type Range = { readonly min: number; readonly max: number; readonly unit?: Unit };

/** Decimal integer; a sign only where the range has negative numbers (OSS IMG reference, section 1.1). */
export function integer(range: Range): Arg<number>;
export function integer(range: Range & { readonly initial: number }): InitializedArg<number>;
export function integer({ min, max, unit, initial }: Range & { readonly initial?: number }): Arg<number> {
  const pattern = min < 0 ? /^[+-]?\d{1,9}$/ : /^\d{1,9}$/;
  return {
    domain: { kind: "integer", min, max, ...(unit === undefined ? {} : { unit }) },
    expected: `an integer from ${min} to ${max}`,
    ...(initial === undefined ? {} : { initial }),
    parse(text) {
      if (!pattern.test(text)) return undefined;
      const value = Number(text) + 0; // "-0" is 0
      return value >= min && value <= max ? value : undefined;
    },
    print: String,
  };
}

/** Decimal number without sign or exponent, rounded to `digits` digits behind the point: browsers say 1.100000023841858. */
export function decimal({ min, max, unit, digits }: Range & { readonly digits: number }): Arg<number> {
  const ones = 10 ** digits;
  return {
    domain: { kind: "decimal", min, max, digits, ...(unit === undefined ? {} : { unit }) },
    expected: `a number from ${min} to ${max}`,
    parse(text) {
      const value = /^\d{1,6}(\.\d{1,20})?$/.test(text) ? Math.round(Number(text) * ones) / ones : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
    print: String,
  };
}

/** An integer, or a word in its place. */
export function integerOr<T extends string>(range: Range, word: T): Arg<number | T> {
  const number = integer(range);
  return {
    domain: { ...number.domain, word } as Domain,
    expected: `${number.expected} or ${word}`,
    parse: (text) => (text === word ? word : number.parse(text)),
    print: String,
  };
}

/** One of a closed list of words. */
export function oneOf<T extends string>(words: readonly T[]): Arg<T>;
export function oneOf<T extends string>(words: readonly T[], initial: T): InitializedArg<T>;
export function oneOf<T extends string>(words: readonly T[], initial?: T): Arg<T> {
  return {
    domain: { kind: "words", words },
    expected: `one of ${words.join(", ")}`,
    ...(initial === undefined ? {} : { initial }),
    parse: (text) => words.find((word) => word === text),
    print: (value) => value,
  };
}

/** One of a closed list of words, written in URL-safe base64 by the OSS grammar. */
export function encodedWord<T extends string>(words: readonly T[], initial: T): InitializedArg<T> & EncodedArg<T> {
  return { ...oneOf(words, initial), expected: `URL-safe base64 of one of ${words.join(", ")}`, encoded: true };
}

/** 0 or 1. */
export function flag(initial: 0 | 1): InitializedArg<number> {
  const arg = integer({ min: 0, max: 1, initial });
  return { ...arg, domain: { kind: "flag" }, expected: "0 or 1" };
}

/** Six hex digits RRGGBB in either case, kept in upper case. */
export function color(): Arg<string>;
export function color(initial: string): InitializedArg<string>;
export function color(initial?: string): Arg<string> {
  return {
    domain: { kind: "color", alpha: false },
    expected: "six hex digits RRGGBB",
    ...(initial === undefined ? {} : { initial }),
    parse: (text) => (/^[0-9a-fA-F]{6}$/.test(text) ? text.toUpperCase() : undefined),
    print: (value) => value,
  };
}

/** RRGGBB, or RRGGBBAA with an opacity from 00 (clear) to FF, which is dropped because RRGGBB says the same. */
export function colorWithAlpha(): Arg<string> {
  return {
    domain: { kind: "color", alpha: true },
    expected: "hex digits RRGGBB or RRGGBBAA",
    parse(text) {
      if (!/^(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/.test(text)) return undefined;
      return text.toUpperCase().replace(/^(.{6})FF$/, "$1");
    },
    print: (value) => value,
  };
}

/** One of the nine positions. */
export function gravity(): Arg<Gravity>;
export function gravity(initial: Gravity): InitializedArg<Gravity>;
export function gravity(initial?: Gravity): Arg<Gravity> {
  const arg = initial === undefined ? oneOf(GRAVITIES) : oneOf(GRAVITIES, initial);
  return { ...arg, domain: { kind: "anchor", focal: false } };
}

/** One of the nine positions, or `fp:x:y` with fractions 0..1 of at most four decimals. */
export function anchor(): Arg<Anchor>;
export function anchor(initial: Anchor): InitializedArg<Anchor>;
export function anchor(initial?: Anchor): Arg<Anchor> {
  return {
    domain: { kind: "anchor", focal: true },
    expected: `one of ${GRAVITIES.join(", ")} or fp:x:y with x and y from 0 to 1`,
    ...(initial === undefined ? {} : { initial }),
    parse(text) {
      const gravity = GRAVITIES.find((name) => name === text);
      if (gravity !== undefined) return gravity;
      const point = /^fp:(0(?:\.\d{1,4})?|1(?:\.0{1,4})?):(0(?:\.\d{1,4})?|1(?:\.0{1,4})?)$/.exec(text);
      return point === null ? undefined : { fx: Number(point[1]), fy: Number(point[2]) };
    },
    print: (value) => (typeof value === "string" ? value : `fp:${value.fx}:${value.fy}`),
  };
}

/** An argument that the OSS grammar writes in URL-safe base64. */
export interface EncodedArg<T extends ArgValue> extends Arg<T> {
  readonly encoded: true;
}
/** Non-empty text. */
export function encodedText(maxBytes: number): EncodedArg<string> {
  return {
    domain: { kind: "text", maxBytes },
    expected: `URL-safe base64 of 1 to ${maxBytes} bytes of UTF-8`,
    encoded: true,
    kind: "base64",
    parse: (text) => (text !== "" && new TextEncoder().encode(text).length <= maxBytes ? text : undefined),
    print: (value) => value,
  };
}

/** Declared name of an argument that is written as a bare value, e.g. `rotate,90`; callers never wrote it. */
export const BARE = "value";

/** Reads one argument or throws BAD_ARGUMENT naming it. */
export function parseArg<T extends ArgValue>(operation: string, parameter: string, arg: Arg<T>, text: string): T {
  const value = arg.parse(text);
  if (value !== undefined) return value;
  const digits = /integer/.test(arg.expected) && !/^[+-]?\d+$/.test(text);
  const kind = arg.kind ?? (digits ? "digits" : undefined);
  throw badArgument({
    operation,
    parameter: parameter === BARE ? operation : parameter,
    value: text,
    expected: arg.expected,
    ...(kind === undefined ? {} : { kind }),
  });
}

/**
 * Typed values from texts by name, with initial values filled in. Names that are not declared are ignored, as OSS does;
 * a grammar that is stricter checks names before it calls. BAD_ARGUMENT where a text is no value of its argument.
 */
export function parseArgs<S extends ArgSpecs>(operation: string, specs: S, texts: Readonly<Record<string, string>>): ArgsOf<S> {
  const values: Record<string, ArgValue> = {};
  for (const [name, arg] of Object.entries(specs)) {
    const text = hasOwn(texts, name) ? texts[name] : undefined;
    if (text !== undefined) values[name] = parseArg<ArgValue>(operation, name, arg, text);
    else if (arg.initial !== undefined) values[name] = arg.initial;
  }
  return values as ArgsOf<S>;
}

/** True where a value is the one that silence means, so the canonical text leaves it out. */
export function isInitial(arg: Arg<ArgValue>, value: ArgValue): boolean {
  return arg.initial !== undefined && arg.print(arg.initial) === arg.print(value);
}
