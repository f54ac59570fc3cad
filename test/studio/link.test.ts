import fc from "fast-check";
import { expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import { createStep, docOf, EMPTY_DOC, isUntouched, planOf } from "../../src/studio/state/document.ts";
import { encodeKey, parseLink, printLink } from "../../src/studio/state/link.ts";
import { plannedDoc, withoutIds } from "./documents.ts";

const resize = () => createStep("resize", { w: "200" });
const flip = (on = true) => createStep("flip", { value: "h" }, on);

// biome-ignore format: one row per case
test.each([
  ["nothing",                        { doc: EMPTY_DOC }, ""],
  ["a key alone",                    { key: "owl.jpg", doc: EMPTY_DOC }, "key=owl.jpg"],
  ["a key with a folder",            { key: "a b/图.jpg", doc: EMPTY_DOC }, "key=a%20b/%E5%9B%BE.jpg"],
  ["a key that looks like a link",   { key: "a&process=b#c", doc: EMPTY_DOC }, "key=a%26process%3Db%23c"],
  ["a chain alone",                  { doc: { steps: [resize()], settings: {} } }, "process=image/resize,w_200"],
  ["key, chain and settings",        { key: "a.jpg", doc: { steps: [resize()], settings: { format: { value: "webp" } } } }, "key=a.jpg&process=image/resize,w_200/format,webp"],
  ["steps that are off, by number",  { doc: { steps: [flip(false), resize(), flip(false)], settings: {} } }, "process=image/flip,h/resize,w_200/flip,h&off=0,2"],
  ["half a step that is off, not",   { doc: { steps: [createStep("blur", {}, false), resize(), flip(false)], settings: {} } }, "process=image/resize,w_200/flip,h&off=1"],
])("printLink: %s", (_name, link, fragment) => {
  expect(printLink(link)).toBe(fragment);
});

test("printLink: a document that is no plan has no link", () => {
  expect(printLink({ key: "a.jpg", doc: { steps: [createStep("blur")], settings: {} } })).toBeUndefined();
});

test("parseLink: nothing is an empty page", () => {
  for (const fragment of ["", "#", "#key=", "#something", "#a=b&&c"]) expect(parseLink(fragment)).toEqual({ doc: EMPTY_DOC });
});

test("parseLink: texts that were percent-encoded on their way", () => {
  const link = parseLink("#key=owl.jpg&process=image%2Fresize%2Cw_200%2Fformat%2Cwebp&off=0");
  expect(link.key).toBe("owl.jpg");
  expect(withoutIds(link.doc)).toEqual({
    steps: [{ name: "resize", on: false, texts: { w: "200" } }],
    settings: { format: { value: "webp" } },
  });
});

test("parseLink: a lone percent sign is one", () => {
  expect(parseLink("#key=50%.jpg").key).toBe("50%.jpg");
});

test("parseLink: numbers of steps that are not there are ignored", () => {
  expect(parseLink("#process=image/flip,h&off=7,x,-1").doc.steps.map(({ on }) => on)).toEqual([true]);
});

test.each(["image/resize,w_0", "image/nonsense", "resize", "image/info", "image/", "style/thumb", "video/snapshot,t_1"])(
  "parseLink: refuses %s with a reason",
  (process) => {
    expect(() => parseLink(`#process=${process}`)).toThrowError(TransformError);
  },
);

test("parseLink: any fragment ends in a link or a TransformError", () => {
  const part = fc.constantFrom("key", "process", "off", "=", "&", "#", "image/", "resize,w_", "%", "%E5", "/", ",", "5", "图");
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(part).map((parts) => parts.join("")),
      ),
      (fragment) => {
        try {
          expect(parseLink(fragment).doc.steps).toBeInstanceOf(Array);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(TransformError);
        }
      },
    ),
    { numRuns: 1000 },
  );
});

test("a link says key, chain, what is off and the settings, whatever they are", () => {
  const keys = fc.option(
    fc.oneof(fc.string({ minLength: 1, unit: "grapheme" }), fc.constantFrom("a/b c.jpg", "%41.jpg", "a+b&c=d#e")),
    { nil: undefined },
  );
  fc.assert(
    fc.property(plannedDoc, keys, (doc, key) => {
      const fragment = printLink({ ...(key === undefined ? {} : { key }), doc });
      expect(fragment).toBeDefined();
      const link = parseLink(`#${fragment}`);
      expect(link.key).toBe(key);
      expect(link.doc.steps.map(({ on }) => on)).toEqual(doc.steps.map(({ on }) => on));
      expect(planOf(link.doc)).toEqual(planOf(doc));
      expect(printLink(link)).toBe(fragment);
    }),
    { numRuns: 400 },
  );
});

test("a link of what was read from a text is the same document, touched or not", () => {
  fc.assert(
    fc.property(plannedDoc, (doc) => {
      const made = planOf(doc);
      if ("problem" in made) throw made.problem.error;
      const read = docOf(made.plan);
      const again = parseLink(printLink({ doc: read }) ?? "");
      expect(withoutIds(again.doc)).toEqual(withoutIds(read));
      expect(isUntouched(again.doc)).toBe(isUntouched(read));
    }),
    { numRuns: 200 },
  );
});

test("encodeKey: decodes to the key, with its slashes to be read", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (key) => {
      const encoded = encodeKey(key);
      expect(decodeURIComponent(encoded)).toBe(key);
      expect(encoded).not.toMatch(/[&=#?\s]/);
      expect(encoded.split("/")).toHaveLength(key.split("/").length);
    }),
  );
});
