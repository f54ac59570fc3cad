import { expect, test } from "vitest";
import type { Arg, ArgValue, Domain } from "../../src/core/args.ts";
import { GRAVITIES } from "../../src/core/geometry.ts";
import { OPERATIONS } from "../../src/operations/index.ts";
import { QUERY_ARGS } from "../../src/syntax/query-args.ts";

/** Texts that a domain has, and texts just outside it. */
function around(domain: Domain): { readonly inside: readonly string[]; readonly outside: readonly string[] } {
  switch (domain.kind) {
    case "integer": {
      const { min, max, word } = domain;
      return {
        inside: [String(min), String(max), ...(word === undefined ? [] : [word])],
        outside: [String(min - 1), String(max + 1), `${min}.5`],
      };
    }
    case "decimal": {
      const { min, max, digits } = domain;
      const step = 10 ** -digits;
      return {
        inside: [String(min), String(max)],
        outside: [(min - step).toFixed(digits), (max + step).toFixed(digits), "-1"],
      };
    }
    case "words":
      return { inside: domain.words, outside: ["", "none of them"] };
    case "flag":
      return { inside: ["0", "1"], outside: ["2", "true"] };
    case "color":
      return {
        inside: ["12abEF", ...(domain.alpha ? ["12abEF80"] : [])],
        outside: ["12abE", ...(domain.alpha ? [] : ["12abEF80"])],
      };
    case "anchor":
      return {
        inside: [...GRAVITIES, ...(domain.focal ? ["fp:0.25:1"] : [])],
        outside: ["middle", ...(domain.focal ? ["fp:0.25:1.1"] : ["fp:0.25:1"])],
      };
    case "text":
      return { inside: [], outside: ["x".repeat(domain.maxBytes + 1), "字".repeat(Math.floor(domain.maxBytes / 3) + 1)] };
  }
}

const ARGS = [
  ...[...OPERATIONS.values()].map(({ name, args }): [string, Readonly<Record<string, Arg<ArgValue>>>] => [name, args]),
  ["query", QUERY_ARGS] as const,
].flatMap(([operation, args]) => Object.entries(args).map(([name, arg]) => [`${operation}.${name}`, arg] as const));

test.each(ARGS)("%s: is what its domain says", (_name, arg) => {
  const { inside, outside } = around(arg.domain);
  expect(inside.filter((text) => arg.parse(text) === undefined)).toEqual([]);
  expect(outside.filter((text) => arg.parse(text) !== undefined)).toEqual([]);
  if (arg.initial !== undefined && arg.domain.kind !== "text") expect(arg.parse(arg.print(arg.initial))).toEqual(arg.initial);
});
