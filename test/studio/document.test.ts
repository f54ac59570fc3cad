import fc from "fast-check";
import { expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import type { Plan } from "../../src/core/plan.ts";
import {
  addStep,
  createStep,
  type Doc,
  docOf,
  EMPTY_DOC,
  isUntouched,
  moveStep,
  PIXEL_OPERATIONS,
  pixelOperation,
  planOf,
  removeStep,
  SETTINGS,
  setSetting,
  setTexts,
  switchStep,
} from "../../src/studio/state/document.ts";
import { parseProcess } from "../../src/syntax/oss-process.ts";
import { printPlan } from "../../src/syntax/print.ts";
import { anyDoc, anyStep, plannedDoc, withoutIds } from "./documents.ts";

function docWith(...names: readonly string[]): Doc {
  return { steps: names.map((name) => createStep(name)), settings: {} };
}
function names(doc: Doc): readonly string[] {
  return doc.steps.map(({ name }) => name);
}
function planned(doc: Doc): Plan {
  const made = planOf(doc);
  if ("problem" in made) throw made.problem.error;
  return made.plan;
}
function problemOf(doc: Doc) {
  const made = planOf(doc);
  if ("plan" in made) throw new Error(`a plan: ${printPlan(made.plan)}`);
  return made.problem;
}

// biome-ignore format: one row per case
test.each([
  ["steps in their order",             [createStep("rotate", { value: "90" }), createStep("resize", { w: "200" })], {}, "image/rotate,90/resize,w_200"],
  ["settings behind the steps",        [createStep("flip", { value: "h" })], { format: { value: "webp" }, quality: { Q: "80" } }, "image/flip,h/format,webp/quality,Q_80"],
  ["without steps that are off",       [createStep("flip", { value: "h" }, false), createStep("gray", { value: "1" })], {}, "image/gray,1"],
  ["with a cleared field as unsaid",   [createStep("resize", { w: "200", h: "" })], {}, "image/resize,w_200"],
  ["a setting cleared altogether",     [createStep("resize", { w: "200" })], { background: { value: "" } }, "image/resize,w_200"],
  ["nothing at all",                   [], {}, "image/auto-orient,1"],
  ["text as a person reads it",        [createStep("watermark", { text: "图片" })], {}, "image/watermark,text_5Zu-54mH"],
])("planOf: %s", (_name, steps, settings, process) => {
  expect(printPlan(planned({ steps, settings }))).toBe(process);
});

test("planOf: an incomplete step that is off is no problem, and one as soon as it is on", () => {
  const doc = docWith("resize");
  const [step] = doc.steps;
  if (step === undefined) throw new Error("no step");
  expect("plan" in planOf(switchStep(doc, step.id, false))).toBe(true);
  expect(problemOf(doc)).toMatchObject({ operation: "resize", step: step.id, error: { code: "BAD_ARGUMENT" } });
});

test("planOf: names the step and the parameter that are wrong, the first of several", () => {
  const good = createStep("resize", { w: "200" });
  const bad = createStep("blur", { r: "3", s: "99" });
  const problem = problemOf({ steps: [good, bad, createStep("rotate", { value: "x" })], settings: {} });
  expect(problem).toMatchObject({ operation: "blur", step: bad.id, parameter: "s" });
  expect(problem.error.message).toBe('blur.s: expected an integer from 1 to 50, got "99"');
});

test("planOf: calls a bare value by the name it is declared under", () => {
  expect(problemOf({ steps: [createStep("rotate", { value: "400" })], settings: {} }).parameter).toBe("value");
  expect(problemOf({ steps: [], settings: { format: { value: "gif89" } } })).toMatchObject({
    operation: "format",
    parameter: "value",
  });
});

test("planOf: a wrong setting has no step", () => {
  const problem = problemOf({ steps: [], settings: { quality: { Q: "101" } } });
  expect(problem).toMatchObject({ operation: "quality", parameter: "Q" });
  expect(problem).not.toHaveProperty("step");
});

test("planOf: a chain that the server refuses for its length is a problem of the whole", () => {
  const steps = Array.from({ length: 51 }, () => createStep("rotate", { value: "90" }));
  expect("plan" in planOf({ steps: steps.slice(1), settings: {} })).toBe(true);
  expect(problemOf({ steps, settings: {} })).toMatchObject({ operation: "image", error: { code: "BAD_ARGUMENT" } });
});

test("planOf: whatever plans is what the server reads from its text", () => {
  fc.assert(
    fc.property(anyDoc, (doc) => {
      const made = planOf(doc);
      if ("plan" in made) expect(parseProcess(printPlan(made.plan))).toEqual(made.plan);
      else expect(made.problem.error).toBeInstanceOf(TransformError);
    }),
    { numRuns: 400 },
  );
});

test("docOf: planning a document of a plan gives the plan", () => {
  fc.assert(
    fc.property(plannedDoc, (doc) => {
      const plan = planned(doc);
      expect(planned(docOf(plan))).toEqual(plan);
    }),
    { numRuns: 300 },
  );
});

test("docOf: is the document itself once a plan has been through it", () => {
  fc.assert(
    fc.property(plannedDoc, (doc) => {
      const once = docOf(planned(doc));
      expect(withoutIds(docOf(planned(once)))).toEqual(withoutIds(once));
    }),
    { numRuns: 300 },
  );
});

test("docOf: texts are what a person would write, not what the URL holds", () => {
  const doc = docOf(parseProcess("image/watermark,text_5Zu-54mH,color_ff0000,image_YS5wbmc/format,jpeg/quality,80"));
  expect(withoutIds(doc)).toEqual({
    steps: [{ name: "watermark", on: true, texts: { text: "图片", color: "FF0000", image: "a.png" } }],
    settings: { format: { value: "jpg" }, quality: { Q: "80" } },
  });
});

test("docOf: keeps what is done to a watermark picture first", () => {
  const process = "image/watermark,image_YS5wbmc_eC1vc3MtcHJvY2Vzcz1pbWFnZS9yZXNpemUsUF8zMA";
  const doc = docOf(parseProcess(process));
  expect(doc.steps[0]?.texts).toEqual({ image: "a.png?x-oss-process=image/resize,P_30" });
  expect(printPlan(planned(doc))).toBe(process);
});

test("docOf: a plan that only encodes anew is not an untouched document", () => {
  const doc = docOf(parseProcess("image/auto-orient,1"));
  expect(isUntouched(doc)).toBe(false);
  expect(printPlan(planned(doc))).toBe("image/auto-orient,1");
});

test.each(["info", "average-hue"])("docOf: refuses %s, which is no picture", (answer) => {
  expect(() => docOf(parseProcess(`image/${answer}`))).toThrowError(expect.objectContaining({ code: "NOT_SUPPORTED" }));
});

test("isUntouched: nothing is on and nothing is set", () => {
  expect(isUntouched(EMPTY_DOC)).toBe(true);
  expect(isUntouched({ steps: [createStep("flip", { value: "h" }, false)], settings: {} })).toBe(true);
  expect(isUntouched(docWith("flip"))).toBe(false);
  expect(isUntouched({ steps: [], settings: { format: { value: "png" } } })).toBe(false);
});

test("steps are told from one another, also two of one name", () => {
  const ids = docWith("flip", "flip", "flip").steps.map(({ id }) => id);
  expect(new Set(ids).size).toBe(3);
});

test("addStep: at the end, or at a place", () => {
  const doc = docWith("resize", "crop");
  expect(names(addStep(doc, createStep("flip")))).toEqual(["resize", "crop", "flip"]);
  expect(names(addStep(doc, createStep("flip"), 0))).toEqual(["flip", "resize", "crop"]);
  expect(names(addStep(doc, createStep("flip"), 1))).toEqual(["resize", "flip", "crop"]);
});

// biome-ignore format: one row per case
test.each([
  [0, 2, ["crop", "flip", "resize"]],
  [2, 0, ["flip", "resize", "crop"]],
  [1, 1, ["resize", "crop", "flip"]],
  [1, 9, ["resize", "flip", "crop"]],
  [1, -3, ["crop", "resize", "flip"]],
])("moveStep: number %i to %i", (from, to, expected) => {
  const doc = docWith("resize", "crop", "flip");
  expect(names(moveStep(doc, doc.steps[from]?.id ?? "", to))).toEqual(expected);
});

test("moveStep: loses and changes no step, and moving back gives the document", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 1, maxLength: 6 }), fc.nat(5), fc.nat(5), (steps, from, to) => {
      const doc: Doc = { steps, settings: {} };
      const at = from % steps.length;
      const id = steps[at]?.id ?? "";
      const moved = moveStep(doc, id, to);
      expect(moved.steps[Math.min(to, steps.length - 1)]?.id).toBe(id);
      expect(moveStep(moved, id, at)).toEqual(doc);
    }),
  );
});

test("removeStep, switchStep, setTexts: change their step alone", () => {
  const doc = docWith("resize", "crop", "flip");
  const id = doc.steps[1]?.id ?? "";
  expect(names(removeStep(doc, id))).toEqual(["resize", "flip"]);
  expect(switchStep(doc, id, false).steps.map(({ on }) => on)).toEqual([true, false, true]);
  expect(setTexts(doc, id, { w: "10" }).steps.map(({ texts }) => texts)).toEqual([{}, { w: "10" }, {}]);
});

test("setTexts: keeps the other arguments and takes away the undefined ones", () => {
  const doc: Doc = { steps: [createStep("resize", { w: "1", h: "2", m: "fill" })], settings: {} };
  const id = doc.steps[0]?.id ?? "";
  expect(setTexts(doc, id, { w: "3", m: undefined }).steps[0]?.texts).toEqual({ w: "3", h: "2" });
});

test("setSetting: replaces what a setting says; undefined is the default", () => {
  const webp = setSetting(EMPTY_DOC, "format", { value: "webp" });
  expect(webp.settings).toEqual({ format: { value: "webp" } });
  expect(setSetting(webp, "quality", { Q: "70" }).settings).toEqual({ format: { value: "webp" }, quality: { Q: "70" } });
  expect(setSetting(webp, "format", undefined).settings).toEqual({});
});

test("changes with a step that is not there change nothing", () => {
  const doc = docWith("resize", "crop");
  for (const changed of [
    moveStep(doc, "step-0", 1),
    removeStep(doc, "step-0"),
    switchStep(doc, "step-0", false),
    setTexts(doc, "step-0", { w: "1" }),
  ]) {
    expect(changed).toEqual(doc);
  }
});

test("changes leave the document they start from as it is", () => {
  const doc = docWith("resize", "crop");
  const before = structuredClone(doc);
  const id = doc.steps[0]?.id ?? "";
  moveStep(doc, id, 1);
  removeStep(doc, id);
  switchStep(doc, id, false);
  setTexts(doc, id, { w: "1" });
  setSetting(doc, "format", { value: "png" });
  addStep(doc, createStep("flip"), 0);
  expect(doc).toEqual(before);
});

test("pixelOperation: settings and unknown names are none", () => {
  expect(pixelOperation("crop").name).toBe("crop");
  expect(() => pixelOperation("format")).toThrow();
  expect(() => pixelOperation("nothing")).toThrow();
});

test("an operation is either in the chain or a setting", () => {
  const pixels = new Set<string>(PIXEL_OPERATIONS.map(({ name }) => name));
  expect(SETTINGS.filter(({ name }) => pixels.has(name))).toEqual([]);
  expect(pixels.has("watermark")).toBe(true);
});
