/** Cold start and peak memory: a fresh process per measurement, in which no other engine is loaded. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { median, ratio, spread } from "./arithmetic.mjs";

const CHILD = fileURLToPath(new URL("first-answer.mjs", import.meta.url));
/**
 * Of each contender: { label, firstMs: spread, ratio: spread of first ÷ this per round, net, onceBytes, repeatedBytes: medians },
 * the empty process first, without ratios. firstMs runs from the spawn to the first result, module load included; net is the
 * ratio of the medians less the empty process's. Contenders are interleaved, their order reversed each round.
 */
export async function measureFresh({ format, width, quality, contenders }, source, { dist, runs, repeat }) {
  const folder = mkdtempSync(join(tmpdir(), "opalens-bench-"));
  try {
    const path = join(folder, "source");
    writeFileSync(path, source);
    const rows = [{ label: "empty process" }, ...contenders].map(({ label, engine, options }) => {
      const job = { engine, dist, source: path, request: { width, format, quality, options }, repeat };
      return { label, args: [CHILD, JSON.stringify(job)], found: [] };
    });
    for (const row of rows) await measure(row.args); // the file cache is warm from here on
    for (let round = 0; round < runs; round++) {
      for (const row of round % 2 === 0 ? rows : [...rows].reverse()) row.found.push(await measure(row.args));
    }
    return summaries(rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
/** rows: { label, found: [{ firstMs, once, repeated }] }; the first is the empty process, the second the one compared. */
export function summaries(rows) {
  const timesOf = ({ found }) => found.map(({ firstMs }) => firstMs);
  const [empty, own] = rows.map(timesOf);
  const less = (times) => median(times) - median(empty);
  return rows.map((row, i) => ({
    label: row.label,
    firstMs: spread(timesOf(row)),
    ...(i === 0 ? {} : { ratio: ratio(own, timesOf(row)), net: less(own) / less(timesOf(row)) }),
    onceBytes: median(row.found.map(({ once }) => once)),
    repeatedBytes: median(row.found.map(({ repeated }) => repeated)),
  }));
}

function measure(args) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    let firstMs;
    let text = "";
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
      if (firstMs === undefined && text.startsWith("answered\n")) firstMs = performance.now() - began;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0 || firstMs === undefined) reject(new Error(`the process ended with ${code}`));
      else resolve({ firstMs, ...JSON.parse(text.split("\n")[1]) });
    });
  });
}
