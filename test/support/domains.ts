import fc from "fast-check";
import type { Domain } from "../../src/core/args.ts";
import { GRAVITIES } from "../../src/core/geometry.ts";

/** Texts of a domain, its limits often. `words`: what free text is. */
export function textOf(domain: Domain, words: fc.Arbitrary<string>): fc.Arbitrary<string> {
  switch (domain.kind) {
    case "integer": {
      const number = fc.integer({ min: domain.min, max: domain.max }).map(String);
      return domain.word === undefined ? number : fc.oneof(number, fc.constant(domain.word));
    }
    case "decimal": {
      const ones = 10 ** domain.digits;
      return fc.integer({ min: domain.min * ones, max: domain.max * ones }).map((value) => String(value / ones));
    }
    case "words":
      return fc.constantFrom(...domain.words);
    case "flag":
      return fc.constantFrom("0", "1");
    case "color":
      return hex(domain.alpha ? fc.constantFrom(6, 8) : fc.constant(6));
    case "anchor":
      return domain.focal ? fc.oneof(fc.constantFrom(...GRAVITIES), focal) : fc.constantFrom(...GRAVITIES);
    case "text":
      return words;
  }
}
const hex = (lengths: fc.Arbitrary<number>) =>
  lengths.chain((length) =>
    fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEF"), minLength: length, maxLength: length }),
  );
const fraction = fc.integer({ min: 0, max: 10_000 }).map((value) => value / 10_000);
const focal = fc.tuple(fraction, fraction).map(([x, y]) => `fp:${x}:${y}`);
