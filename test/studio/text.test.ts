import { afterEach, expect, test } from "vitest";
import { locale } from "../../src/studio/state/store.ts";
import * as en from "../../src/studio/text/en/index.ts";
import { loadText, text } from "../../src/studio/text/index.ts";
import * as zh from "../../src/studio/text/zh/index.ts";

afterEach(() => {
  locale.value = "en";
});

/** Every text by its path; a function stands for what it makes of numbers or, where it wants words, of names. */
function textsOf(node: unknown, path = ""): readonly (readonly [path: string, text: string])[] {
  if (typeof node === "string") return [[path, node]];
  if (typeof node === "function") return [[path, String(made(node as (...args: unknown[]) => unknown))]];
  return Object.entries(node as object).flatMap(([name, child]) => textsOf(child, path === "" ? name : `${path}.${name}`));
}
function made(make: (...args: unknown[]) => unknown): unknown {
  const args = Array.from({ length: Math.max(make.length, 3) }, (_unused, index) => index + 2);
  try {
    return make(...args);
  } catch {
    return make(...args.map(String));
  }
}
const HAN = /\p{Script=Han}/u;
/** What a person would have translated: two small words in a row that are not all names and units. */
const PROSE = /\b[a-z]{3,} [a-z]{3,}\b/;
const SAME_IN_BOTH = ["shell.product", "shell.titleWith"];

test("Chinese has what English has, and nothing else", () => {
  const paths = (language: unknown) => textsOf(language).map(([path]) => path);
  expect(paths(zh)).toEqual(expect.arrayContaining([...paths(en)]));
  expect(paths(en)).toEqual(expect.arrayContaining([...paths(zh)]));
});

test("no text is empty, and none shows undefined", () => {
  for (const [path, said] of [...textsOf(en), ...textsOf(zh)]) {
    if (!path.startsWith("chain.units.")) expect(said.trim(), path).not.toBe(""); // levels are counted without a unit
    expect(said, path).not.toMatch(/undefined|\[object|NaN/);
  }
});

test("English is English, but for the name of the other language", () => {
  const found = textsOf(en).filter(([, said]) => HAN.test(said));
  expect(found.map(([path]) => path)).toEqual(["shell.otherLanguage", "shell.otherLanguageShort"]);
});

test("Chinese leaves no sentence in English", () => {
  const left = textsOf(zh).filter(([path, said]) => !HAN.test(said) && PROSE.test(said) && !SAME_IN_BOTH.includes(path));
  expect(left).toEqual([]);
});

test("Chinese sentences end and pause with Chinese marks", () => {
  const wrong = textsOf(zh).filter(([, said]) => /\p{Script=Han}[,;:?!](?:\s|$|\p{Script=Han})/u.test(said));
  expect(wrong).toEqual([]);
});

test("the page speaks the language that is chosen, from then on", async () => {
  expect(text.value.shell.undo).toBe("Undo");
  locale.value = "zh";
  await loadText("zh");
  expect(text.value.shell.undo).toBe("撤销");
});

test("shell: counts agree with their nouns", () => {
  const { start, drop } = en.shell;
  expect(start.waiting(1)).toBe("Open a picture to apply the step of this link.");
  expect(start.waiting(3)).toBe("Open a picture to apply the 3 steps of this link.");
  expect(drop.first("a.jpg", 1)).toContain("the other file was left out");
  expect(drop.first("a.jpg", 2)).toContain("2 other files were left out");
});
