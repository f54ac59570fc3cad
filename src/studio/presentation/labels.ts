import type { text } from "../text/index.ts";

/** What the chain and the output panel say, in one language. */
export type ChainText = (typeof text)["value"]["chain"];

type Named = Readonly<Record<string, string>>;
type Lists = Readonly<Record<string, Named>>;

/** Name of an operation, e.g. "Rounded corners". */
export function nameOf(says: ChainText, operation: string): string {
  return operationOf(says, operation)?.["name"] ?? operation;
}
/** One line about what an operation does. */
export function doesOf(says: ChainText, operation: string): string {
  return operationOf(says, operation)?.["does"] ?? "";
}
function operationOf(says: ChainText, operation: string): Named | undefined {
  const operations: Lists = says.operations;
  return operations[operation];
}

/** Name of an argument, undefined where the page has none for it. */
export function argLabel(says: ChainText, operation: string, name: string): string | undefined {
  const args: Lists = says.args;
  return args[operation]?.[name];
}

/** Name of a setting, undefined where the page has none for it. */
export function settingLabel(says: ChainText, operation: string): string | undefined {
  const names: Named = says.settings.names;
  return names[operation];
}

/** Name of one word of an argument; the word itself where nothing better is known. */
export function wordLabel(says: ChainText, operation: string, name: string, word: string): string {
  const lists: Lists = says.words;
  const settings: Lists = says.settings.words;
  const list = lists[`${operation}.${name}`] ?? (name === "value" ? settings[operation] : lists[name]);
  return list?.[word] ?? word;
}
export function anchorLabel(says: ChainText, gravity: string): string {
  const anchors: Named = says.words.anchor;
  return anchors[gravity] ?? gravity;
}

/** Name of a way, or of the choice among the ways (`label`). */
export function wayLabel(says: ChainText, operation: string, way: string): string {
  const ways: Lists = says.ways;
  return ways[operation]?.[way] ?? way;
}
