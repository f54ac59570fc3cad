import { type ArgSpecs, type ArgValues, parseArgs } from "../core/args.ts";
import { badArgument, notSupported } from "../core/errors.ts";
import { makeCall, type Operation, type PixelOperation } from "../core/operation.ts";
import { type Call, DEFAULT_SETTINGS, type Mark, type Plan } from "../core/plan.ts";
import { OPERATIONS, PLANNED_OPERATIONS } from "../operations/index.ts";
import { decodeBase64Url } from "./base64.ts";

/** Longest process text that is read. OSS has such a limit without publishing it (EC 0017-00000288). */
export const MAX_PROCESS_LENGTH = 8192;
const MAX_OPERATIONS = 50;
/** OSS draws at most three different pictures on one result (section 2, EC 026). */
const MAX_MARKS = 3;
const NESTED_SEPARATOR = "?x-oss-process=";
/** What may prepare a watermark picture (OSS IMG reference, section 10.2), with our own extensions of resize. */
const MARK_OPERATIONS: readonly string[] = ["resize", "fit", "crop", "indexcrop", "rounded-corners", "rotate", "flip"];

/**
 * Plan of a process text in OSS IMG's grammar, e.g. `image/resize,w_200/format,webp` (OSS IMG reference, section 1.1).
 * Throws BAD_ARGUMENT naming operation and parameter, NOT_SUPPORTED for what is not built yet.
 */
export function parseProcess(text: string): Plan {
  return parse(text, false);
}

function parse(text: string, isMark: boolean): Plan {
  if (text.length > MAX_PROCESS_LENGTH) {
    throw badArgument({ operation: "x-oss-process", expected: `at most ${MAX_PROCESS_LENGTH} characters` });
  }
  const [kind, ...segments] = text.split("/");
  if (kind === "video" || kind === "doc" || kind === "hls") throw notSupported(text.split(",")[0] ?? kind);
  if (kind !== "image") throw badArgument({ operation: "x-oss-process", value: text, expected: "image/… or style/…" });
  if (segments.length === 0 || (segments.length === 1 && segments[0] === "")) {
    throw badArgument({ operation: "image", expected: "at least one operation", kind: "missing" });
  }
  if (segments.length > MAX_OPERATIONS) {
    throw badArgument({ operation: "image", expected: `at most ${MAX_OPERATIONS} operations` });
  }
  return segments.reduce((plan, segment) => addSegment(plan, segment, segments.length, isMark), emptyPlan());
}

export function emptyPlan(): Plan {
  return { answer: "picture", calls: [], settings: DEFAULT_SETTINGS };
}

function addSegment(plan: Plan, segment: string, count: number, isMark: boolean): Plan {
  const [name = "", ...parts] = segment.split(",");
  const operation = OPERATIONS.get(name);
  if (operation === undefined) {
    if (PLANNED_OPERATIONS.includes(name)) throw notSupported(name);
    throw badArgument({ operation: "image", parameter: name || "image", value: segment, expected: "a known operation" });
  }
  if (isMark && !MARK_OPERATIONS.includes(name)) {
    throw badArgument({ operation: "watermark", parameter: "image", value: name, expected: "a mark without that operation" });
  }
  if (operation.kind === "answer") {
    if (count > 1) throw badArgument({ operation: name, expected: "to stand alone" });
    return { ...plan, answer: operation.answer };
  }
  const texts = argTexts(operation, parts, isMark);
  if (operation.kind === "setting") return { ...plan, settings: operation.set(readArgs(operation, texts), plan.settings) };
  return addCall(plan, operation, texts);
}

/** Adds a pixel operation with its argument texts (base64 already decoded), checking what the whole plan must keep to. */
export function addCall(plan: Plan, operation: PixelOperation, texts: Readonly<Record<string, string>>): Plan {
  // The picture of a watermark is kept as a mark with a plan of its own, whatever way its text was written
  const { image, ...args } = readArgs(operation, texts) as ArgValues;
  const mark = typeof image === "string" ? parseMark(image) : undefined;
  const calls: readonly Call[] = [...plan.calls, makeCall(operation, args, mark)];
  const keys = new Set(calls.flatMap((call) => (call.mark === undefined ? [] : [call.mark.key])));
  if (keys.size > MAX_MARKS) {
    throw badArgument({ operation: "watermark", parameter: "image", expected: `at most ${MAX_MARKS} different pictures` });
  }
  return { ...plan, calls };
}

function readArgs(operation: Operation, texts: Readonly<Record<string, string>>) {
  return parseArgs<ArgSpecs>(operation.name, operation.args, texts);
}

/** `key` or `key?x-oss-process=image/…`. */
function parseMark(image: string): Mark {
  const at = image.indexOf(NESTED_SEPARATOR);
  const key = at < 0 ? image : image.slice(0, at);
  if (key === "") throw badArgument({ operation: "watermark", parameter: "image", value: image, expected: "an object key" });
  return at < 0 ? { key } : { key, plan: parse(image.slice(at + NESTED_SEPARATOR.length), true) };
}

/** Argument texts by name. The last of several with one name counts; empty arguments are tolerated. */
function argTexts(operation: Operation, parts: readonly string[], isMark: boolean): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  const bare = operation.bare;
  for (const part of parts) {
    if (part === "") continue;
    const underscore = part.indexOf("_");
    if (bare !== undefined && (underscore < 0 || isBareOnly(operation))) {
      if (texts[bare] !== undefined) {
        throw badArgument({
          operation: operation.name,
          parameter: operation.name,
          value: parts.join(","),
          expected: "one value",
        });
      }
      texts[bare] = part;
    } else if (underscore > 0) {
      const name = part.slice(0, underscore);
      if (!isMark && operation.markOnly?.includes(name)) continue;
      texts[name] = decodeValue(operation, name, part.slice(underscore + 1));
    }
  }
  if (bare !== undefined && texts[bare] === undefined && isBareOnly(operation)) {
    throw badArgument({ operation: operation.name, expected: operation.args[bare]?.expected ?? "a value", kind: "missing" });
  }
  return texts;
}

/** True for operations that take one bare value and nothing else, so that `rotate,a_90` is a bad value of rotate. */
function isBareOnly(operation: Operation): boolean {
  return Object.keys(operation.args).length === 1;
}

function decodeValue(operation: Operation, name: string, value: string): string {
  const arg = operation.args[name];
  if (arg === undefined || !("encoded" in arg)) return value;
  const decoded = decodeBase64Url(value);
  if (decoded !== undefined) return decoded;
  throw badArgument({ operation: operation.name, parameter: name, value, expected: arg.expected, kind: "base64" });
}
