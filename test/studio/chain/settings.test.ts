import { describe, expect, test } from "vitest";
import { CODECS } from "../../../src/codecs/index.ts";
import { ABILITIES, resultFormat, withFormat, withoutEffect } from "../../../src/studio/presentation/formats.ts";
import { qualityOf, qualityTexts, RULES } from "../../../src/studio/presentation/quality.ts";
import { type Doc, EMPTY_DOC, planOf, SETTINGS } from "../../../src/studio/state/document.ts";

const withSettings = (settings: Doc["settings"]): Doc => ({ ...EMPTY_DOC, settings });

test("what formats can do is what their codecs can do", () => {
  expect(Object.keys(ABILITIES).sort()).toEqual([...CODECS.keys()].sort());
  for (const [name, { effort: _effort, ...abilities }] of Object.entries(ABILITIES)) {
    expect(CODECS.get(name)?.supports, name).toMatchObject(abilities);
  }
});

describe("the format of the result", () => {
  test.each([
    [{}, "png", "png"],
    [{ format: { value: "jpg" } }, "png", "jpeg"],
    [{ format: { value: "gif" } }, "png", "png"],
    [{ format: { value: "nonsense" } }, "png", "png"],
    [{}, undefined, undefined],
  ])("%j from %s is %s", (settings, source, expected) => {
    expect(resultFormat(settings, source)).toBe(expected);
  });

  test("choosing one takes away what it would be refused for, and nothing else", () => {
    const doc = withSettings({ lossless: { value: "1" }, chroma: { value: "444" }, quality: { a: "70" } });
    expect(withFormat(doc, "jpg", "png").settings).toEqual({
      ...{ format: { value: "jpg" }, chroma: { value: "444" }, quality: { a: "70" } },
    });
    expect(withFormat(doc, "webp", "png").settings).toEqual({
      ...{ format: { value: "webp" }, lossless: { value: "1" }, quality: { a: "70" } },
    });
    expect(withFormat(withSettings({ format: { value: "webp" } }), undefined, "png").settings).toEqual({});
  });
});

describe("settings without effect", () => {
  const idle = (format: string, settings: Doc["settings"] = {}) =>
    SETTINGS.map(({ name }) => name).filter((name) => withoutEffect(name, format, settings) !== undefined);
  // biome-ignore format: one row per case
  test.each([
    ["jpeg", {},                             ["lossless"]],
    ["jpeg", { effort: { value: "small" } }, ["lossless", "interlace"]],
    ["webp", {},                             ["chroma", "interlace"]],
    ["webp", { lossless: { value: "1" } },   ["quality", "chroma", "interlace", "maxbytes"]],
    ["avif", {},                             ["interlace"]],
    ["jpeg", { lossless: { value: "1" } },   ["lossless"]],
    ["avif", { lossless: { value: "1" } },   ["quality", "chroma", "interlace", "maxbytes"]],
    ["png",  {},                             ["quality", "lossless", "chroma", "interlace", "maxbytes"]],
    ["bmp",  {},                             ["quality", "lossless", "chroma", "effort", "interlace", "maxbytes", "meta"]],
  ])("%s with %j: %j", (format, settings, expected) => {
    expect(idle(format, settings)).toEqual(expected);
  });
  test("nothing is left out before there is a picture", () => {
    expect(SETTINGS.map(({ name }) => withoutEffect(name, undefined, {}))).toEqual(SETTINGS.map(() => undefined));
  });
});

describe("quality", () => {
  test("each rule is one way of writing the operation, and silence is the source's", () => {
    for (const rule of RULES) {
      const texts = qualityTexts(rule, "60");
      expect(qualityOf(texts).rule).toBe(rule);
      const planned = planOf(withSettings(texts === undefined ? {} : { quality: texts }));
      expect("plan" in planned && planned.plan.settings.quality.rule).toBe(rule);
    }
    expect(qualityTexts("source", "60")).toBeUndefined();
  });
  test("a bare number is a ceiling, as the engine reads it", () => {
    expect(qualityOf({ value: "70" })).toEqual({ rule: "ceiling", arg: "Q", text: "70" });
    expect(qualityOf({ q: "50", Q: "70" }).rule).toBe("ceiling");
  });
});
