import { describe, expect, test } from "vitest";
import type { Arg, ArgValue } from "../../../src/core/args.ts";
import type { Operation } from "../../../src/core/operation.ts";
import { OPERATIONS } from "../../../src/operations/index.ts";
import { HIDDEN, type Row, rowsOf } from "../../../src/studio/presentation/forms.ts";
import { GROUPS, QUICK } from "../../../src/studio/presentation/groups.ts";
import { initialTexts } from "../../../src/studio/presentation/initial.ts";
import { argLabel, type ChainText, nameOf, settingLabel, wordLabel } from "../../../src/studio/presentation/labels.ts";
import { lookOf } from "../../../src/studio/presentation/looks.ts";
import { SETTING_ARGS, SETTING_ROWS } from "../../../src/studio/presentation/settings.ts";
import { WAYS } from "../../../src/studio/presentation/ways.ts";
import { PIXEL_OPERATIONS, SETTINGS, type Texts } from "../../../src/studio/state/document.ts";
import { chain as en } from "../../../src/studio/text/en/chain.ts";
import { chain as zh } from "../../../src/studio/text/zh/chain.ts";

const SIZE = { width: 1200, height: 800 };
const LANGUAGES: readonly (readonly [string, ChainText])[] = [
  ["English", en],
  ["Chinese", zh],
];
const names = (operations: readonly Operation[]) => operations.map(({ name }) => name);

test("every pixel operation can be added, each in one place of the menu", () => {
  expect(GROUPS.flatMap(([, operations]) => operations).sort()).toEqual(names(PIXEL_OPERATIONS).sort());
  expect(names(PIXEL_OPERATIONS)).toEqual(expect.arrayContaining([...QUICK]));
});

test("every setting is in the output panel, each in one place", () => {
  expect([...SETTING_ROWS.main, ...SETTING_ROWS.more].sort()).toEqual(names(SETTINGS).sort());
});

describe.each(PIXEL_OPERATIONS.map((operation) => [operation.name, operation] as const))("%s", (name, operation) => {
  const declared = Object.keys(operation.args);
  const hidden = Object.keys(HIDDEN[name] ?? {});

  test("asks for every declared argument, or gives the reason why it does not", () => {
    const asked = askedFor(operation);
    expect([...asked, ...hidden].sort()).toEqual(declared.sort());
    for (const reason of Object.values(HIDDEN[name] ?? {})) expect(reason).toMatch(/\w+ \w+/);
  });

  test.each(LANGUAGES)("has names for itself, its arguments and their words in %s", (_language, says) => {
    expect(nameOf(says, name)).not.toBe(name);
    for (const arg of declared.filter((candidate) => !hidden.includes(candidate))) {
      expect(argLabel(says, name, arg), arg).toBeTruthy();
      for (const word of wordsOf(name, arg, operation.args[arg])) expect(wordLabel(says, name, arg, word), word).not.toBe(word);
    }
    for (const way of WAYS[name]?.list ?? []) expect((says.ways as Record<string, Texts>)[name]).toHaveProperty(way);
  });
});

describe.each(SETTINGS.map((operation) => [operation.name, operation] as const))("%s", (name, operation) => {
  test("one control writes every argument that is not hidden", () => {
    const written = SETTING_ARGS[name] ?? ["value"];
    expect([...written, ...Object.keys(HIDDEN[name] ?? {})].sort()).toEqual(Object.keys(operation.args).sort());
  });
  test.each(LANGUAGES)("has a name, and names for its words, in %s", (_language, says) => {
    expect(settingLabel(says, name)).toBeTruthy();
    const value = operation.args["value"];
    const words = name === "format" ? [] : wordsOf(name, "value", value);
    for (const word of words) expect(wordLabel(says, name, "value", word), word).not.toBe(word);
  });
});

test("every format of the language has a name", () => {
  const format = OPERATIONS.get("format")?.args["value"];
  const words = format?.domain.kind === "words" ? format.domain.words : [];
  expect(words.length).toBeGreaterThan(5);
  for (const [, says] of LANGUAGES) expect(Object.keys(says.settings.formats)).toEqual(expect.arrayContaining([...words]));
});

test("nothing is hidden that is not declared", () => {
  for (const [name, reasons] of Object.entries(HIDDEN)) {
    expect(Object.keys(OPERATIONS.get(name)?.args ?? {}), name).toEqual(expect.arrayContaining(Object.keys(reasons)));
  }
});

/** Arguments that a person can come to: in every way, with every word and every position chosen once. */
function askedFor({ name, args }: Operation): readonly string[] {
  const first = initialTexts(name, SIZE);
  const sizes = { before: SIZE, after: SIZE };
  const ways = WAYS[name];
  const starts: readonly Texts[] =
    ways === undefined ? [first] : ways.list.map((way) => given({ ...first, ...ways.to(way, first, sizes) }));
  const free = starts.flatMap((texts) => [texts, ...(name === "resize" ? [{ w: "300", h: "200" }] : [])]);
  const all = free.flatMap((texts) => [texts, ...choices(args).map((choice) => ({ ...texts, ...choice }))]);
  const rows = all.flatMap((texts) => [...rowsOf(name, texts).main, ...rowsOf(name, texts).more]);
  return [...new Set(rows.flatMap(argsOf))];
}
function choices(args: Operation["args"]): readonly Texts[] {
  return Object.entries<Arg<ArgValue>>(args).flatMap(([name, { domain }]): readonly Texts[] => {
    if (domain.kind === "words") return domain.words.map((word) => ({ [name]: word }));
    if (domain.kind === "flag") return [{ [name]: "1" }];
    return domain.kind === "anchor" ? [{ [name]: "center" }, { [name]: "nw" }] : [];
  });
}
function argsOf(row: Row): readonly string[] {
  if (typeof row === "string") return [row];
  return "extra" in row ? [] : row;
}
function given(texts: Readonly<Record<string, string | undefined>>): Texts {
  return Object.fromEntries(Object.entries(texts).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
function wordsOf(operation: string, name: string, arg: Arg<ArgValue> | undefined): readonly string[] {
  if (arg?.domain.kind === "words") return arg.domain.words;
  if (arg?.domain.kind !== "integer") return [];
  if (arg.domain.word !== undefined) return [arg.domain.word];
  return lookOf(operation, name).as === "choice" ? ["0", "1", "2"] : [];
}
