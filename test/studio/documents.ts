/** Documents made from what the operations declare, for properties that hold for all of them. */
import fc from "fast-check";
import type { Arg, ArgValue, Domain } from "../../src/core/args.ts";
import { GRAVITIES } from "../../src/core/geometry.ts";
import type { Operation } from "../../src/core/operation.ts";
import {
  createStep,
  type Doc,
  PIXEL_OPERATIONS,
  planOf,
  SETTINGS,
  type Step,
  type Texts,
} from "../../src/studio/state/document.ts";

const hex = (digits: number) =>
  fc.array(fc.constantFrom(..."0123456789ABCDEF"), { minLength: digits, maxLength: digits }).map((letters) => letters.join(""));

function textOf(domain: Domain): fc.Arbitrary<string> {
  switch (domain.kind) {
    case "integer": {
      const number = fc.integer({ min: domain.min, max: domain.max }).map(String);
      return domain.word === undefined ? number : fc.oneof(number, fc.constant(domain.word));
    }
    case "decimal": {
      const ones = 10 ** domain.digits;
      return fc.integer({ min: domain.min * ones, max: domain.max * ones }).map((count) => String(count / ones));
    }
    case "words":
      return fc.constantFrom(...domain.words);
    case "flag":
      return fc.constantFrom("0", "1");
    case "color":
      return domain.alpha ? fc.oneof(hex(6), hex(8)) : hex(6);
    case "anchor":
      return domain.focal
        ? fc.oneof(fc.constantFrom(...GRAVITIES), fc.constantFrom("fp:0.25:1", "fp:0:0.1234"))
        : fc.constantFrom(...GRAVITIES);
    case "text":
      return fc.constantFrom("a.png", "图片/一.png", "Hello & #1 = 50%", "مرحبا");
  }
}

/** Some arguments of an operation; the document around them decides whether they are a plan. */
function textsOf(operation: Operation): fc.Arbitrary<Texts> {
  const args = Object.entries<Arg<ArgValue>>(operation.args).map(([name, { domain }]) => [name, textOf(domain)] as const);
  return fc.record(Object.fromEntries(args), { requiredKeys: [] }) as fc.Arbitrary<Texts>;
}

export const anyStep: fc.Arbitrary<Step> = fc
  .constantFrom(...PIXEL_OPERATIONS)
  .chain((operation) => fc.tuple(textsOf(operation), fc.boolean()).map(([texts, on]) => createStep(operation.name, texts, on)));

const anySettings = fc.record(Object.fromEntries(SETTINGS.map((operation) => [operation.name, textsOf(operation)] as const)), {
  requiredKeys: [],
}) as fc.Arbitrary<Doc["settings"]>;

/** Documents of every kind, most of which are no plan. */
export const anyDoc: fc.Arbitrary<Doc> = fc.record({
  steps: fc.array(anyStep, { maxLength: 5 }),
  settings: anySettings,
});

/** Documents whose every part is a plan, switched off or not. */
export const plannedDoc: fc.Arbitrary<Doc> = anyDoc
  .map(({ steps, settings }) => ({
    steps: steps.filter((step) => isPlan({ steps: [{ ...step, on: true }], settings: {} })),
    settings: Object.fromEntries(
      Object.entries(settings).filter(([name, texts]) => isPlan({ steps: [], settings: { [name]: texts } })),
    ),
  }))
  .filter((doc) => isPlan({ ...doc, steps: doc.steps.map((step) => ({ ...step, on: true })) }));

function isPlan(doc: Doc): boolean {
  return "plan" in planOf(doc);
}

/** A document without what tells two of the same from one another. */
export function withoutIds({ steps, settings }: Doc) {
  return { steps: steps.map(({ name, on, texts }) => ({ name, on, texts })), settings };
}
