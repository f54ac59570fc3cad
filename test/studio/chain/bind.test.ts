import { beforeEach, describe, expect, test } from "vitest";
import { bindSetting, bindStep } from "../../../src/studio/controls/bind.ts";
import { effectiveText, isValid } from "../../../src/studio/controls/bound.ts";
import { addStep, createStep, type Step, type Texts } from "../../../src/studio/state/document.ts";
import { canUndo, doc, edit, locale, resetDoc, undo } from "../../../src/studio/state/store.ts";
import { loadText } from "../../../src/studio/text/index.ts";

const SIZES = { before: { width: 1600, height: 1067 }, after: { width: 800, height: 534 } };

beforeEach(() => {
  locale.value = "en";
  resetDoc();
});
function given(name: string, texts: Texts): Step {
  const step = createStep(name, texts);
  resetDoc(addStep(doc.value, step));
  return step;
}
const texts = () => doc.value.steps[0]?.texts;

describe("the control of a step's argument", () => {
  test("shows what silence means, and says nothing where that is chosen again", () => {
    const g = bindStep(given("watermark", { text: "a", g: "nw" }), "g", SIZES);
    expect(g).toMatchObject({ label: "Position", text: "nw", silence: "se", isReset: false });
    g.change("se");
    expect(texts()).toEqual({ text: "a" });
  });
  test("keeps a text as it was typed and tells that it is wrong", () => {
    const step = given("rotate", { value: "90" });
    bindStep(step, "value", SIZES).change("9o");
    expect(texts()).toEqual({ value: "9o" });
    const wrong = bindStep({ ...step, texts: { value: "9o" } }, "value", SIZES);
    expect([isValid(wrong), effectiveText(wrong)]).toEqual([false, "9o"]);
  });
  test("one edge of a box follows the other while the ratio is kept", () => {
    const step = given("resize", { w: "800" });
    expect(bindStep(step, "h", SIZES)).toMatchObject({ placeholder: "534", text: undefined });
    bindStep(step, "h", SIZES).change("300");
    expect(texts()).toEqual({ h: "300" });
  });
  test("both edges stay where the ratio is free", () => {
    bindStep(given("resize", { w: "800", h: "300" }), "h", SIZES).change("200");
    expect(texts()).toEqual({ w: "800", h: "200" });
  });
  test("a movement is undone as one", () => {
    const sigma = bindStep(given("blur", { sigma: "5" }), "sigma", SIZES);
    for (const text of ["6", "7", "8"]) sigma.move(text);
    sigma.settle();
    expect(texts()).toEqual({ sigma: "8" });
    undo();
    expect(texts()).toEqual({ sigma: "5" });
    expect(canUndo.value).toBe(false);
  });
  test("can be set back only where silence means something", () => {
    const step = given("watermark", { text: "a", size: "60" });
    bindStep(step, "size", SIZES).reset?.();
    expect(texts()).toEqual({ text: "a" });
    expect(bindStep(step, "text", SIZES).reset).toBeUndefined();
  });
  test("speaks the language of the page", async () => {
    locale.value = "zh";
    await loadText("zh");
    const font = bindStep(given("watermark", { text: "a" }), "type", SIZES);
    expect(font.label).toBe("字体");
    expect(font.words?.find(({ word }) => word === "fangzhengkaiti")?.label).toBe("楷体（方正楷体）");
  });
});

describe("the control of a setting", () => {
  test.each([
    ["meta", "keep", "strip"],
    ["effort", "small", "fast"],
    ["interlace", "1", "0"],
    ["auto-orient", "0", "1"],
    ["chroma", "444", "420"],
    ["background", "00FF00", ""],
  ])("%s at its default is not written", (name, other, usual) => {
    bindSetting(doc.value, name).change(other);
    expect(doc.value.settings).toEqual({ [name]: { value: other } });
    bindSetting(doc.value, name).change(usual);
    expect(doc.value.settings).toEqual({});
  });
  test("can be set back", () => {
    edit((now) => ({ ...now, settings: { meta: { value: "keep" } } }));
    const meta = bindSetting(doc.value, "meta");
    expect(meta.isReset).toBe(false);
    meta.reset?.();
    expect(doc.value.settings).toEqual({});
  });
});
