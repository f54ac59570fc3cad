import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CODECS } from "../../src/codecs/index.ts";
import { VARIABLES } from "../../src/config.ts";
import type { Arg, ArgValue } from "../../src/core/args.ts";
import { OPERATIONS, PLANNED_OPERATIONS } from "../../src/operations/index.ts";
import { PLANNED_QUERY_ARGS, QUERY_ARGS, QUERY_MEANINGS } from "../../src/syntax/query-args.ts";
import { ROOT } from "../support/library.ts";

/** The README's tables are made from the code they describe. `npm run docs` writes them; this test refuses a stale one. */
const README = join(ROOT, "README.md");

const row = (...cells: readonly string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, "\\|")).join(" | ")} |`;
const table = (head: readonly string[], rows: readonly string[]) =>
  [row(...head), row(...head.map(() => "---")), ...rows].join("\n");

function initialOf(arg: Arg<ArgValue>): string {
  return arg.initial === undefined ? "" : `, default ${arg.print(arg.initial)}`;
}
function operations(): string {
  const rows = [...OPERATIONS.values()].map((operation) => {
    const names = new Map<string, string[]>();
    for (const [name, arg] of Object.entries<Arg<ArgValue>>(operation.args)) {
      const values = `${arg.expected}${initialOf(arg)}`;
      names.set(values, [...(names.get(values) ?? []), name === operation.bare ? "a bare value" : `\`${name}_\``]);
    }
    const args = [...names].map(([values, written]) => `${written.join(" ")}: ${values}`);
    return row(`\`${operation.name}\``, operation.summary, args.join("; "));
  });
  return `${table(["operation", "does", "arguments"], rows)}\n\nNot supported yet, answered as such: ${PLANNED_OPERATIONS.map((name) => `\`${name}\``).join(", ")}.`;
}
function query(): string {
  const rows = Object.entries<Arg<ArgValue>>(QUERY_ARGS).map(([name, arg]) =>
    row(`\`${name}\``, QUERY_MEANINGS[name as keyof typeof QUERY_MEANINGS], `${arg.expected}${initialOf(arg)}`),
  );
  return `${table(["name", "means", "values"], rows)}\n\nNot supported yet, answered as such: ${PLANNED_QUERY_ARGS.map((name) => `\`${name}\``).join(", ")}.`;
}
function formats(): string {
  const rows = [...CODECS.values()].map(({ format, supports, defaultQuality, maxSide }) =>
    row(format, supports.alpha ? "yes" : "no", supports.quality ? String(defaultQuality) : "lossless", String(maxSide)),
  );
  return table(["format", "alpha", "default quality (plain grammar)", "longest side, px"], rows);
}
function variables(): string {
  return table(
    ["variable", "default", "meaning"],
    VARIABLES.map(({ name, initial, meaning }) => row(`\`${name}\``, initial, meaning)),
  );
}

const TABLES = { operations, query, formats, variables };

function filled(text: string): string {
  return Object.entries(TABLES).reduce((result, [name, make]) => {
    const section = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
    expect(result, `README has no section ${name}`).toMatch(section);
    return result.replace(section, (_all, start: string, end: string) => `${start}${make()}\n${end}`);
  }, text);
}

describe("README", () => {
  test("its tables say what the code declares", () => {
    const text = readFileSync(README, "utf8");
    const wanted = filled(text);
    if (process.env["UPDATE_README"] === "1") writeFileSync(README, wanted);
    else expect(text).toBe(wanted);
  });

  test("every operation and every format has a file and a test of its name", () => {
    for (const name of OPERATIONS.keys()) {
      expect(readFileSync(join(ROOT, `src/operations/${name}.ts`), "utf8")).toContain("export const");
      expect(readFileSync(join(ROOT, `test/operations/${name}.test.ts`), "utf8")).toContain("test");
    }
    for (const name of CODECS.keys()) {
      expect(readFileSync(join(ROOT, `test/codecs/${name}.test.ts`), "utf8")).toContain("test");
    }
  });
});
