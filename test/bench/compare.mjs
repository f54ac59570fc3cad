#!/usr/bin/env node
/**
 * opalens against its peers: sharp (native, one thread, no cache), @img/sharp-wasm32 and wasm-vips. Run after `npm run build`.
 *
 *   node test/bench/compare.mjs [--picture FILE] [--quick] [--only SECTION,…] [--task TEXT] [--json FILE] [--write FILE] [--dist DIR]
 *
 * Sections: fresh (cold start and peak memory, a fresh process for each figure, without a peer in it), tasks (times in one
 * process, interleaved, the order reversed each round; a ratio is the median of the rounds' ratios opalens ÷ peer), stages (of
 * the same runs), quality (at equal bytes). Before them stands what was to be reached and whether it was. Prints Markdown; exits
 * with 0 whether targets are met or not. A quarter of an hour at most; --quick takes three minutes, with fewer tasks and rounds,
 * and fetches nothing.
 * --picture FILE  the source, an upright JPEG (fixtures/images/road.jpg); the targets are for one of 6 MP
 * --only LIST     these sections alone
 * --task TEXT     only tasks whose title contains TEXT
 * --json FILE     also writes all figures there
 * --write FILE    also puts the sections of a whole run into the marked regions of that document (docs/benchmarks.md)
 * --dist DIR      the build that is measured (dist)
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { effectsReference } from "./effects.mjs";
import { checkSettings } from "./encoders.mjs";
import { measureEqualBytes, score } from "./equal-bytes.mjs";
import { measureFresh } from "./fresh.mjs";
import { measureInterleaved } from "./interleaved.mjs";
import { loadPeers, PEERS } from "./peers.mjs";
import { count, fixed, helpOf, mb, ms, msRange, surroundings, table, times, writeDocument } from "./report.mjs";
import { referenceOf, SOURCES, sourceOf } from "./sources.mjs";
import { ratioTarget, targetsOf } from "./targets.mjs";
import { FORMAT_NAMES, FRESH_TASKS, TASKS } from "./tasks.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const QUALITY_WIDTH = 720;
const SECTIONS = ["fresh", "tasks", "stages", "quality"];
/** Full: 41 rounds give quartiles that a single slow second does not move; the budgets keep the whole run within its time. */
const FULL = { rounds: 41, minRounds: 5, warmUps: 3, budgetMs: 12_000, freshRuns: 3, timedRuns: 11, repeat: 5 };
const QUICK = { rounds: 15, minRounds: 3, warmUps: 1, budgetMs: 2000, freshRuns: 1, timedRuns: 5, repeat: 2 };

const options = readOptions();
const bounds = options.quick ? QUICK : FULL;
const picture = readFileSync(options.picture);
await checkPicture();
const wanted = (section) => options.only.includes(section);
/** Of a table of tasks, those that were asked for. */
const chosen = (all) => all.filter(({ title, quick }) => title.includes(options.task) && (quick || !options.quick));

const { peers, missing } = await loadPeers(Object.keys(PEERS), {
  dist: options.dist,
  formats: ["avif"],
  fetch: !options.quick,
});
if (peers.opalens === undefined) fail(missing.join("\n"));
for (const sentence of missing) console.error(sentence);
const figures = { ...surroundings(), command: commandLine(), picture: await describe(picture), missing };
figures.versions = Object.values(peers).map(({ version }) => version);
if (wanted("quality")) await checkSettings(peers.opalens, picture, QUALITY_WIDTH); // at once: not after minutes of measuring
if (wanted("fresh")) figures.fresh = await measureAllFresh();
if (wanted("tasks") || wanted("stages")) figures.tasks = await measureAllTasks();
if (wanted("quality")) figures.quality = await measureQuality();
for (const peer of Object.values(peers)) peer.end();
report();
process.exit(0); // worker threads of the peers would keep it

async function measureAllFresh() {
  const result = [];
  for (const task of chosen(FRESH_TASKS)) {
    const contenders = task.contenders.filter(({ engine }) => engine in peers);
    progress(`fresh: ${task.title}`);
    const source = await sourceOf(task.source, picture);
    const { title, targets, maxBytes, repeat = bounds.repeat } = task;
    const runs = Object.keys(targets).length > 0 ? bounds.timedRuns : bounds.freshRuns; // memory needs fewer than time does
    const rows = await measureFresh({ ...task, contenders }, source, { dist: options.dist, runs, repeat });
    result.push({ title, targets, maxBytes, repeat, rows });
  }
  return result;
}

async function measureAllTasks() {
  const result = [];
  for (const task of chosen(TASKS)) {
    progress(task.title);
    const source = await sourceOf(task.source, picture);
    const rows = await measureInterleaved(
      task.contenders.filter(({ engine }) => engine in peers).map((one) => runnable(one, task, source)),
      bounds,
    );
    const reference = await (task.effects ? effectsReference(source, task) : referenceOf(source, task.width));
    const scored = [];
    for (const { data, ...row } of rows) scored.push({ ...row, bytes: data.length, ...(await score(data, reference)) });
    result.push({ title: task.title, targets: task.targets, fidelity: task.fidelity, rows: scored });
  }
  return result;
}
/** A contender as measureInterleaved takes it. One that has a `run` of its own, for tasks beyond a resize, keeps it. */
function runnable({ engine, label, options: settings, run }, task, source) {
  if (run !== undefined) return { label, run: () => run(source, peers[engine], task) };
  const { width, format, quality } = task;
  const request = { width, format, quality, options: settings };
  const peer = peers[engine];
  if (peer.timed !== undefined) return { label, run: () => peer.timed(source, request) };
  return { label, run: async () => ({ data: await peer.run(source, request) }) };
}

async function measureQuality() {
  if (peers.sharp === undefined) return [];
  const width = QUALITY_WIDTH;
  const reference = await referenceOf(picture, width);
  const result = [];
  for (const format of ["jpeg", "webp", "avif"]) {
    progress(`quality: ${format}`);
    const common = { opalens: peers.opalens, native: peers.sharp, source: picture, reference, width, quick: options.quick };
    result.push(await measureEqualBytes(format, common));
  }
  return result;
}

function report() {
  const sections = { head: headMarkdown(), targets: targetsMarkdown() };
  if (figures.fresh !== undefined) sections.fresh = figures.fresh.map(freshMarkdown).join("\n\n");
  if (wanted("tasks")) sections.tasks = figures.tasks.map(taskMarkdown).join("\n\n");
  if (wanted("stages")) sections.stages = stagesMarkdown(figures.tasks);
  if (figures.quality !== undefined) sections.quality = figures.quality.map(qualityMarkdown).join("\n\n");
  console.log(Object.values(sections).join("\n\n"));
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, undefined, 2)}\n`);
  if (options.write !== undefined) writeDocument(options.write, sections);
}
function headMarkdown() {
  const { machine, node, commit, date, command, versions, picture } = figures;
  const lines = [
    `- machine: ${machine}; Node ${node}`,
    `- commit ${commit}, ${date}: \`${command}\``,
    `- ${versions.join(", ")}`,
    `- picture: ${picture}`,
    ...Object.entries(SOURCES).map(([name, { title }]) => `- source "${name}": ${title}`),
    ...missing,
  ];
  return lines.join("\n");
}
function targetsMarkdown() {
  return table(
    ["target", "figure", "to reach", "reached", ""],
    targetsOf(figures).map((target) => [target.task, target.what, target.limit, target.reached ?? "–", verdict(target)]),
  );
}
function verdict({ met }) {
  return met === undefined ? "not measured" : met ? "met" : "**missed**";
}
/** The cell of a contender's row: what its ratio should be, and whether it is. */
function targetCell(task, row) {
  const target = ratioTarget(task, row);
  return target === undefined ? "" : `${target.limit} ${verdict(target)}`;
}
function freshMarkdown(task) {
  const { title, repeat, rows } = task;
  const head = [
    title,
    "spawn to first answer, ms",
    "opalens ÷ this",
    "less the empty process",
    "target",
    "peak MB, first answer",
    `peak MB, ${repeat + 1} answers`,
  ];
  return table(
    head,
    rows.map((row, i) => [
      row.label,
      msRange(row.firstMs),
      i < 2 ? "" : times(row.ratio),
      i < 2 ? "" : row.net.toFixed(2),
      i === 1 && task.maxBytes !== undefined ? `≤ ${mb(task.maxBytes)} MB` : targetCell(task, row),
      mb(row.onceBytes),
      mb(row.repeatedBytes),
    ]),
  );
}
function taskMarkdown(task) {
  const { title, rows } = task;
  const rounds = `${title} (${rows[0].rounds} rounds)`;
  const head = [rounds, "ms", "opalens ÷ this", "target", "bytes", "PSNR Y", "PSNR RGB", "SSIM Y"];
  return table(
    head,
    rows.map((row, i) => [
      row.label,
      msRange(row.ms),
      i === 0 ? "" : times(row.ratio),
      targetCell(task, row),
      count(row.bytes),
      fixed(row.psnrY, 2),
      fixed(row.psnrRgb, 2),
      fixed(row.ssim, 4),
    ]),
  );
}
function stagesMarkdown(all) {
  const stages = [...new Set(all.flatMap(({ rows }) => Object.keys(rows[0].stages)))];
  return table(
    ["opalens, median ms by stage", ...stages, "whole"],
    all.map(({ title, rows: [own] }) => [
      title,
      ...stages.map((stage) => (own.stages[stage] === undefined ? "" : ms(own.stages[stage]))),
      ms(own.ms.middle),
    ]),
  );
}
function qualityMarkdown({ format, mark, rows }) {
  const title = `${FORMAT_NAMES[format]} at ${count(mark.bytes)} bytes (${mark.label}, quality ${mark.quality})`;
  return table(
    [title, "SSIM Y", "PSNR Y", "PSNR RGB", "bytes at equal SSIM", "bytes at equal PSNR Y", "encoder, ms"],
    rows.map((row) => [
      row.label,
      fixed(row.ssim, 4),
      fixed(row.psnrY, 2),
      fixed(row.psnrRgb, 2),
      share(row.bytesAtEqualSsim, mark.bytes),
      share(row.bytesAtEqualPsnr, mark.bytes),
      row.ms === undefined ? "" : ms(row.ms),
    ]),
  );
}
function share(bytes, of) {
  return bytes === undefined ? "–" : `${((bytes / of) * 100).toFixed(1)} %`;
}

async function checkPicture() {
  const { format, orientation = 1 } = await sharp(picture).metadata();
  if (format !== "jpeg" || orientation !== 1) fail(`${options.picture} is not an upright JPEG`);
}
async function describe(bytes) {
  const { width, height, chromaSubsampling } = await sharp(bytes).metadata();
  return `${basename(options.picture)}, ${width}×${height}, ${chromaSubsampling}, ${count(bytes.length)} bytes`;
}
function commandLine() {
  const given = process.argv.slice(2).map((text) => (text.includes("/") ? basename(text) : text));
  return ["node test/bench/compare.mjs", ...given].join(" ");
}
function progress(text) {
  console.error(`${(process.uptime() / 60).toFixed(1)} min  ${text}`);
}
function fail(message) {
  console.error(`compare: ${message}`);
  process.exit(2);
}

function readOptions() {
  let parsed;
  try {
    parsed = parseArgs({
      options: {
        picture: { type: "string", default: join(ROOT, "fixtures/images/road.jpg") },
        quick: { type: "boolean", default: false },
        only: { type: "string", default: SECTIONS.join() },
        task: { type: "string", default: "" },
        json: { type: "string" },
        write: { type: "string" },
        dist: { type: "string", default: join(ROOT, "dist") },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    fail(`${error.message}; try --help`);
  }
  if (parsed.values.help) {
    console.log(helpOf(import.meta.url));
    process.exit(0);
  }
  const only = parsed.values.only.split(",");
  const unknown = only.find((section) => !SECTIONS.includes(section));
  if (unknown !== undefined) fail(`--only: no section ${unknown}; there are ${SECTIONS.join(", ")}`);
  const whole = SECTIONS.every((section) => only.includes(section)) && parsed.values.task === "";
  // One head stands for all sections of the document
  if (parsed.values.write !== undefined && !whole) fail("--write: only a whole run can be written, without --only and --task");
  return { ...parsed.values, only };
}
