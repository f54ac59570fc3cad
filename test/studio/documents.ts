/** Documents made from what the operations declare, for properties that hold for all of them. */
import fc from "fast-check";
import type { Arg, ArgValue } from "../../src/core/args.ts";
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
import { textOf } from "../support/domains.ts";

const words = fc.constantFrom("a.png", "图片/一.png", "Hello & #1 = 50%", "مرحبا");

/** Some arguments of an operation; the document around them decides whether they are a plan. */
function textsOf(operation: Operation): fc.Arbitrary<Texts> {
  const args = Object.entries<Arg<ArgValue>>(operation.args).map(
    ([name, { domain }]) => [name, textOf(domain, words)] as const,
  );
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
