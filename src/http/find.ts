import { TransformError } from "../core/errors.ts";
import { hasOwn } from "../core/own.ts";
import type { OutputFormat, Plan } from "../core/plan.ts";
import { type Grammar, type Parsed, parseKeyArguments, parseProcessOrStyle, splitKey } from "../syntax/index.ts";
import type { ObjectSource, OpenedObject } from "./source.ts";

/** The original of a request and what is to be done with it; no plan means that its bytes go out untouched. */
export interface Found<S> {
  readonly object: OpenedObject<S>;
  readonly key: string;
  readonly plan?: Plan;
  readonly grammar?: Grammar;
  /** What is wrong with the arguments in the key, where the original stands in for a result. */
  readonly failure?: TransformError;
}
export interface FindOptions {
  readonly keySeparator: string;
  readonly originalExtensions: readonly string[];
  readonly styles: Readonly<Record<string, string>>;
  /** Format that a key's extension names. */
  readonly formatOf: (extension: string) => OutputFormat | undefined;
  readonly onError: "error" | "original";
}

/**
 * Finds the original: the object of the very name; else, where the key holds a separator, the object before it with a
 * style or arguments behind it; else, where the extension names a format, an object of the same name in another format
 * (scenario 2). What the query asks for wins over what the key says. SOURCE_NOT_FOUND where all are missing.
 */
export async function findOriginal<S>(
  key: string,
  asked: Parsed | undefined,
  source: ObjectSource<S>,
  options: FindOptions,
): Promise<Found<S>> {
  const object = await source.openRequested();
  if (!isMissing(object)) return found(object, key, asked);
  object.discard();
  const split = splitKey(key, options.keySeparator);
  const inKey = split === undefined ? undefined : readSuffix(split.suffix, options);
  if (split !== undefined && inKey !== undefined) {
    const { parsed = asked, failure } = asked === undefined ? inKey : {};
    const rest = failure === undefined ? {} : { failure };
    const original = await source.open(split.original);
    if (!isMissing(original)) return { ...found(original, split.original, parsed), ...rest };
    original.discard();
    return { ...(await findOtherFormat(split.original, parsed, source, options)), ...rest };
  }
  return findOtherFormat(key, asked, source, options);
}

function isMissing({ status }: OpenedObject<unknown>): boolean {
  return status === 404;
}
function found<S>(object: OpenedObject<S>, key: string, parsed: Parsed | undefined): Found<S> {
  return { object, key, ...(parsed ?? {}) };
}

interface Suffix {
  readonly parsed?: Parsed;
  readonly failure?: TransformError;
}
/** With OPALENS_ON_ERROR=original a bad argument is answered by the object before it. */
function readSuffix(suffix: string, { styles, onError }: FindOptions): Suffix | undefined {
  try {
    const parsed = parseSuffix(suffix, styles);
    return parsed === undefined ? undefined : { parsed };
  } catch (thrown) {
    if (onError === "error" || !(thrown instanceof TransformError)) throw thrown;
    return { failure: thrown };
  }
}

/** A style of that name wins over arguments; undefined where the text is neither, so that the key is just a name. */
function parseSuffix(suffix: string, styles: Readonly<Record<string, string>>): Parsed | undefined {
  if (hasOwn(styles, suffix)) {
    return { plan: parseProcessOrStyle(`style/${suffix}`, { styles }), grammar: "oss" };
  }
  const plan = parseKeyArguments(suffix);
  return plan === undefined ? undefined : { plan, grammar: "key" };
}

async function findOtherFormat<S>(
  key: string,
  parsed: Parsed | undefined,
  source: ObjectSource<S>,
  { originalExtensions, formatOf }: FindOptions,
): Promise<Found<S>> {
  const dot = key.lastIndexOf(".");
  const extension = dot > key.lastIndexOf("/") + 1 ? key.slice(dot + 1) : "";
  const format = formatOf(extension);
  if (format !== undefined) {
    for (const candidate of originalExtensions.filter((other) => other !== extension)) {
      const original = key.slice(0, dot + 1) + candidate;
      const object = await source.open(original);
      if (!isMissing(object)) return found(object, original, inFormat(parsed, format));
      object.discard();
    }
  }
  throw new TransformError("SOURCE_NOT_FOUND", "The specified key does not exist.");
}

/** The format that the key names, unless the plan asks for another. */
function inFormat(parsed: Parsed | undefined, format: OutputFormat): Parsed {
  const { plan, grammar }: Parsed = parsed ?? { plan: parseProcessOrStyle("image/quality,d_format"), grammar: "key" };
  return plan.settings.format === undefined && plan.answer === "picture"
    ? { plan: { ...plan, settings: { ...plan.settings, format } }, grammar }
    : { plan, grammar };
}
