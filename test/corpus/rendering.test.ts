import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import { CORPUS, HAS_CORPUS } from "../support/corpus.ts";
import { ROOT, testLibrary } from "../support/library.ts";
import { decodeWithSharp, type Pixels, scene } from "../support/pictures.ts";
import {
  type Comparison,
  compare,
  type Outcome,
  premultipliedDifference,
  type Refusal,
  referenceOf,
  transformed,
} from "./compare.ts";
import { BOUNDS, type Measure, OUTLIERS, PILLOW, REFUSED, UNJUDGED } from "./outliers.ts";

/** Everything is measured where all of it is asked for or written down; else what is small, and that at full size. */
const UPDATE = process.env["UPDATE_RENDERING"] === "1";
const FULL = UPDATE || process.env["OPALENS_TEST_FULL"] === "1";
const SMALL_PIXELS = 1_000_000;
const DOCUMENT = join(ROOT, "docs/rendering.md");
const QUERIES: Readonly<Record<Measure, string>> = { full: "format=png", small: "w=160&format=png" };

interface Row {
  readonly file: string;
  readonly reference: "libvips" | "Pillow" | "none";
  readonly outcomes: Partial<Record<Measure, Outcome>>;
}
const library = testLibrary();
const rows: Row[] = [];

const FOLDERS = HAS_CORPUS
  ? readdirSync(CORPUS, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  : [];
const refusals = new Map(REFUSED.flatMap(({ code, files }) => files.map((file) => [file, code] as const)));

const pathOf = (file: string) =>
  file.startsWith("fixtures/") ? join(ROOT, "fixtures/images", file.slice("fixtures/".length)) : join(CORPUS, file);
const filesOf = (folder: string) =>
  readdirSync(pathOf(`${folder}/`))
    .sort()
    .map((name) => `${folder}/${name}`);

/** Pixels of a source as its header says; 0 where it says nothing. */
async function pixelsOf(bytes: Uint8Array): Promise<number> {
  try {
    const { width, height } = await library.probe(bytes);
    return width * height;
  } catch (thrown) {
    if (thrown instanceof TransformError) return 0;
    throw thrown;
  }
}

async function referenceFor(file: string, bytes: Uint8Array): Promise<{ name: Row["reference"]; picture?: Pixels }> {
  const pillow = PILLOW[file];
  if (pillow !== undefined) {
    const picture = await decodeWithSharp(await readFile(join(ROOT, "test/corpus/pillow", pillow)));
    return { name: "Pillow", picture };
  }
  const picture = await referenceOf(bytes);
  return picture === undefined ? { name: "none" } : { name: "libvips", picture };
}

/** All measures of one file, the last one made twice where that is cheap; undefined for what only the full run does. */
async function measure(file: string, measures: readonly Measure[]): Promise<Row | undefined> {
  const bytes = new Uint8Array(await readFile(pathOf(file)));
  const small = (await pixelsOf(bytes)) < SMALL_PIXELS;
  if (!FULL && !small) return undefined;
  const reference = await referenceFor(file, bytes);
  const outcomes: Partial<Record<Measure, Outcome>> = {};
  for (const name of measures) {
    const result = await transformed(library, bytes, QUERIES[name]);
    if (small && name === measures[measures.length - 1]) {
      expect(sameAnswer(result, await transformed(library, bytes, QUERIES[name])), `${file} twice`).toBe(true);
    }
    outcomes[name] = result instanceof Uint8Array ? await compare(result, reference.picture, name === "small") : result;
  }
  return { file, reference: reference.name, outcomes };
}

/** Equal bytes or equal errors; element by element in a matcher it would take seconds a picture. */
function sameAnswer(a: Uint8Array | Refusal, b: Uint8Array | Refusal): boolean {
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  return !(b instanceof Uint8Array) && a.code === b.code && a.message === b.message;
}

/** What of one file is not as the lists say. */
function problemsOf({ file, outcomes }: Row): string[] {
  return Object.entries(outcomes).flatMap(([name, outcome]) => {
    const problem = problemOf(file, name as Measure, outcome);
    return problem === undefined ? [] : [`${file} (${name}): ${problem}`];
  });
}
function problemOf(file: string, name: Measure, outcome: Outcome): string | undefined {
  const expected = refusals.get(file);
  if ("code" in outcome) {
    if (outcome.code === "INTERNAL" || outcome.code === "TIMEOUT") return `${outcome.code}: ${outcome.message}`;
    return outcome.code === expected ? undefined : `${outcome.code} is not listed: ${outcome.message}`;
  }
  if (expected !== undefined) return `listed as ${expected}, but it is a picture`;
  const { comparison } = outcome;
  if (comparison === undefined) return UNJUDGED[file] === undefined ? "nothing to compare it with, and not listed" : undefined;
  if (UNJUDGED[file] !== undefined) return "listed as without a reference, but there is one";
  if ("expected" in comparison) return `${sizeOf(outcome)} instead of ${sizeOf(comparison.expected)}`;
  const upTo = OUTLIERS[file]?.[name];
  if (upTo === undefined) return comparison.mean <= BOUNDS[name] ? undefined : `mean ${comparison.mean} is an unlisted outlier`;
  if (comparison.mean <= BOUNDS[name]) return `mean ${comparison.mean} is listed as an outlier, but is none any more`;
  return comparison.mean <= upTo ? undefined : `mean ${comparison.mean} is over the ${upTo} that its reason explains`;
}

const sizeOf = ({ width, height }: { width: number; height: number }) => `${width}×${height}`;

async function check(files: readonly string[], measures: readonly Measure[]): Promise<void> {
  const measured: Row[] = [];
  for (const file of files) {
    const row = await measure(file, measures);
    if (row !== undefined) measured.push(row);
  }
  rows.push(...measured);
  expect(measured.flatMap(problemsOf).join("\n")).toBe("");
}

describe("premultipliedDifference", () => {
  test("is 0 for what looks alike, whatever the color of clear pixels", () => {
    const a = scene(31, 17, true);
    const b = { ...a, data: a.data.map((value, i) => (a.data[i - (i % 4) + 3] === 0 && i % 4 < 3 ? 255 - value : value)) };
    expect(premultipliedDifference(a, b)).toEqual({ mean: 0, largest: 0 });
  });
  test("weighs color with alpha and counts alpha itself", () => {
    const a = { width: 2, height: 1, data: Uint8Array.of(200, 100, 0, 255, 50, 0, 0, 102) };
    const b = { width: 2, height: 1, data: Uint8Array.of(200, 90, 0, 255, 0, 0, 0, 102) };
    expect(premultipliedDifference(a, b)).toEqual({ mean: (10 + 20) / 8, largest: 20 });
    expect(() => premultipliedDifference(a, { ...b, width: 1, height: 2 })).toThrow("2x1 is not 1x2");
  });
});

describe("pictures against an independent decoder", () => {
  test("fixtures/images: at full size and 160 px wide", () => check(filesOf("fixtures"), ["full", "small"]));
});

// Without the corpus there is nothing to compare; the fixtures above always are
describe.skipIf(!HAS_CORPUS)(
  "the corpus against an independent decoder (skipped: no folder at OPALENS_CORPUS or ../shared/corpus)",
  () => {
    test.each(FOLDERS)(
      "%s: every file is the right picture or a listed 4xx",
      (folder) => check(filesOf(folder), FULL ? ["full", "small"] : ["full"]),
      240_000,
    );

    test("the lists name files that exist, once", () => {
      const known = new Set([...filesOf("fixtures"), ...FOLDERS.flatMap(filesOf)]);
      const listed = [...REFUSED.flatMap(({ files }) => files), ...Object.keys({ ...OUTLIERS, ...UNJUDGED, ...PILLOW })];
      expect(listed.filter((file) => !known.has(file))).toEqual([]);
      expect(REFUSED.reduce((count, { files }) => count + files.length, 0)).toBe(refusals.size);
    });

    // Written behind the tests where it is written anew
    test.skipIf(UPDATE)("docs/rendering.md says what is measured", () => {
      const written = readFileSync(DOCUMENT, "utf8");
      for (const { file, outcomes } of rows) {
        for (const [name, outcome] of Object.entries(outcomes)) {
          if ("code" in outcome) expect(written, file).toContain(`| \`${file}\` | ${outcome.code} |`);
          else expect(differs(written, file, name as Measure, outcome.comparison), `${file} ${name}`).toBe(false);
        }
      }
    });
  },
);

/** Whether the document's figure is off by more than another build of libvips may explain. UPDATE_RENDERING=1 writes it anew. */
function differs(document: string, file: string, name: Measure, comparison: Comparison | undefined): boolean {
  const line = document.split("\n").find((text) => text.startsWith(`| \`${file}\` |`));
  const cell = line?.split(" | ")[name === "full" ? 3 : 4];
  if (cell === undefined) return true;
  if (comparison === undefined || "expected" in comparison) return cell !== "–";
  return Math.abs(Number.parseFloat(cell) - comparison.mean) > 0.05;
}

const tableRow = (...cells: readonly string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, "\\|")).join(" | ")} |`;
const table = (head: readonly string[], lines: readonly string[]) =>
  [tableRow(...head), tableRow(...head.map(() => "---")), ...lines].join("\n");

function figure(outcome: Outcome | undefined): string {
  if (outcome === undefined || "code" in outcome || outcome.comparison === undefined) return "–";
  const { comparison } = outcome;
  if ("expected" in comparison) return `not ${sizeOf(comparison.expected)}`;
  return `${comparison.mean.toFixed(2)} (${Math.round(comparison.largest)})`;
}
function pictures(): string {
  const lines = rows.flatMap(({ file, reference, outcomes: { full, small } }) => {
    if (full === undefined || "code" in full) return [];
    const note = OUTLIERS[file]?.reason ?? UNJUDGED[file] ?? "";
    return [tableRow(`\`${file}\``, sizeOf(full), reference, figure(full), figure(small), note)];
  });
  return table(["file", "size", "reference", "full size", "160 px wide", "why it differs"], lines);
}
function refused(): string {
  const reasons = new Map(REFUSED.flatMap(({ reason, files }) => files.map((file) => [file, reason] as const)));
  const lines = rows.flatMap(({ file, outcomes: { full } }) =>
    full !== undefined && "code" in full ? [tableRow(`\`${file}\``, full.code, reasons.get(file) ?? full.message)] : [],
  );
  return table(["file", "code", "why"], lines);
}
function summary(): string {
  const means = (name: Measure) =>
    rows.flatMap(({ outcomes }) => {
      const outcome = outcomes[name];
      if (outcome === undefined || "code" in outcome || outcome.comparison === undefined) return [];
      return "mean" in outcome.comparison ? [outcome.comparison.mean] : [];
    });
  const line = (name: Measure) => {
    const all = means(name).sort((a, b) => a - b);
    const median = all[all.length >> 1] ?? 0;
    const within = all.filter((mean) => mean <= BOUNDS[name]).length;
    return `${all.length} compared, median ${median.toFixed(2)}, ${within} within ${BOUNDS[name]}`;
  };
  const errors = rows.filter(({ outcomes: { full } }) => full !== undefined && "code" in full).length;
  return `${rows.length} files: at full size ${line("full")}; 160 px wide ${line("small")}; ${errors} end as a typed error.`;
}

afterAll(() => {
  if (!UPDATE || !HAS_CORPUS) return;
  const filled = Object.entries({ summary, pictures, refused }).reduce(
    (text, [name, make]) => {
      const section = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
      return text.replace(section, (_all, start: string, end: string) => `${start}${make()}\n${end}`);
    },
    readFileSync(DOCUMENT, "utf8"),
  );
  writeFileSync(DOCUMENT, filled);
});
