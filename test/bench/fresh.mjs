/** Cold start and peak memory: a fresh process per measurement, in which no other engine is loaded. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { spread } from "./arithmetic.mjs";

const CHILD = fileURLToPath(new URL("first-answer.mjs", import.meta.url));
/**
 * Of each contender: { label, firstMs: spread, onceBytes, repeatedBytes: medians }, the empty process first. firstMs runs
 * from the spawn to the first result, module load included; contenders are interleaved, their order reversed each round.
 */
export async function measureFresh({ format, width, quality, contenders }, source, { dist, runs, repeat }) {
  const folder = mkdtempSync(join(tmpdir(), "opalens-bench-"));
  try {
    const path = join(folder, "source");
    writeFileSync(path, source);
    const rows = [{ label: "empty process" }, ...contenders].map(({ label, engine, options }) => {
      const job = { engine, dist, source: path, request: { width, format, quality, options }, repeat };
      return { label, args: [CHILD, JSON.stringify(job)] };
    });
    const found = new Map(rows.map((row) => [row, []]));
    for (const row of rows) await measure(row.args); // the file cache is warm from here on
    for (let round = 0; round < runs; round++) {
      for (const row of round % 2 === 0 ? rows : [...rows].reverse()) found.get(row).push(await measure(row.args));
    }
    return rows.map((row) => summary(row.label, found.get(row)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
function summary(label, list) {
  return {
    label,
    firstMs: spread(list.map(({ firstMs }) => firstMs)),
    onceBytes: spread(list.map(({ once }) => once)).middle,
    repeatedBytes: spread(list.map(({ repeated }) => repeated)).middle,
  };
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
