/**
 * Damaged files on the decoders of the built library:
 *
 *   npm run build
 *   node test/fuzz/decoders.mjs --count 200000 --seed 1 [--format jpeg,png] [--corpus FOLDER] [--dist FOLDER] [--workers 2]
 *   node test/fuzz/decoders.mjs --seed 1 --only 4711          one input of a run again
 *   node test/fuzz/decoders.mjs --input FILE --plan image/…   a file that was kept
 *
 * Input number N is a function of the seed, N and the files it starts from. Each may end in a picture of the planned size
 * within the planned memory, or in a typed error that damage can cause, in time bounded by its bytes and pixels. Anything
 * else is a finding: its input is kept in a temporary folder, how to repeat it is printed, and the exit code is 1.
 */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { inputOf } from "./inputs.mjs";
import { loadLibrary } from "./judge.mjs";
import { FORMATS, loadSeeds } from "./seeds.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** An input may take two seconds by itself; ten times that on a busy machine is an endless loop. */
const HANG_MS = 20_000;
/** What the process may still grow by after the first quarter, in which modules are compiled and instances reach their size. */
const MOST_GROWTH_BYTES = 160 * 1024 * 1024;
/** Of one kind and message; the rest are counted. */
const KEPT_EACH = 3;

const { values: options } = parseArgs({
  options: {
    count: { type: "string", default: "3000" },
    seed: { type: "string", default: "1" },
    format: { type: "string", default: FORMATS.join() },
    corpus: { type: "string", default: process.env["OPALENS_CORPUS"] ?? join(ROOT, "../shared/corpus") },
    dist: { type: "string", default: join(ROOT, "dist") },
    workers: { type: "string", default: "2" },
    only: { type: "string" },
    input: { type: "string" },
    plan: { type: "string", default: "image/format,bmp" },
    json: { type: "boolean", default: false },
  },
});
const formats = options.format.split(",").filter((name) => FORMATS.includes(name));
const [seed, count] = [Number(options.seed), Number(options.count)];

const say = (line) => void process.stderr.write(`${line}\n`);

if (options.input !== undefined) {
  await once({ bytes: new Uint8Array(readFileSync(options.input)), plan: options.plan });
} else {
  const { probe } = await loadLibrary(options.dist, "main");
  const folders = [join(ROOT, "fixtures/images"), ...(options.corpus === "" ? [] : [options.corpus])];
  const seeds = await loadSeeds({ formats, folders, probe });
  if (options.only !== undefined) await once(inputOf(seeds, seed, Number(options.only)));
  else await run(seeds);
}

/** One input alone; prints what comes of it. */
async function once(input) {
  const result = await inWorker({ given: input, repeats: 1 });
  console.log(JSON.stringify({ plan: input.plan, name: input.name, bytes: input.bytes.length, ...result }, undefined, 2));
  if (result.fault !== undefined) process.exitCode = 1;
}

async function run(seeds) {
  const start = performance.now();
  const tally = createTally();
  const findings = createFindings(seeds);
  const workers = Math.max(1, Number(options.workers));
  await Promise.all(Array.from({ length: workers }, (_, first) => tryShare(seeds, first, workers, tally, findings)));
  const growth = tally.growth();
  if (growth > MOST_GROWTH_BYTES)
    findings.note(`growth: ${Math.round(growth / 1048576)} MiB between the first quarter and the end`);
  const seconds = (performance.now() - start) / 1000;
  const summary = {
    count,
    seed,
    seconds: Math.round(seconds),
    perSecond: Math.round(count / seconds),
    ...tally.summary(),
    findings: findings.list,
  };
  console.log(options.json ? JSON.stringify(summary) : printed(summary));
  if (findings.list.length > 0) process.exitCode = 1;
}

/** The inputs first, first + step, …; behind one that hangs, a new thread goes on. */
async function tryShare(seeds, first, step, tally, findings) {
  for (let next = first; next < count; ) {
    const suspects = [];
    const ended = await inWorker({ seeds, seed, first: next, end: count, step }, (message) => {
      tally.add(message);
      if (message.fault !== undefined) suspects.push(message);
    });
    for (const suspect of suspects) await findings.confirm(suspect);
    if (ended.hung === undefined) return;
    await findings.confirm({ index: ended.hung, fault: ended.fault });
    next = ended.hung + step;
  }
}

/** Runs a thread to its end: what it says last, or { hung, fault } when it was ended from here. */
function inWorker(data, onMessage = () => undefined) {
  const shared = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL("worker.mjs", import.meta.url), { workerData: { dist: options.dist, shared, ...data } });
  return new Promise((resolve, reject) => {
    let [last, since] = [-1, performance.now()];
    const end = (result) => {
      clearInterval(timer);
      worker.terminate().then(() => resolve(result), reject);
    };
    const timer = setInterval(() => {
      const now = Atomics.load(shared, 0);
      if (now !== last) [last, since] = [now, performance.now()];
      else if (performance.now() - since > HANG_MS) {
        end({ hung: now, fault: { kind: "hang", message: `no end within ${HANG_MS / 1000} s` } });
      }
    }, 250);
    worker.on("message", (message) => (message.done === undefined ? onMessage(message) : end(message.done)));
    worker.on("error", (error) => {
      end({ hung: Atomics.load(shared, 0), fault: { kind: "crash", message: error.stack ?? String(error) } });
    });
  });
}

/** Counts by format, what was slowest, and the memory of the process along the way. */
function createTally() {
  const byFormat = Object.fromEntries(
    formats.map((format) => [format, { inputs: 0, decoded: 0, outcomes: {}, traps: {}, ms: 0, slowest: { ms: 0 }, share: 0 }]),
  );
  const rss = [];
  let inputs = 0;
  return {
    add({ index, format, name, plan, bytes, outcome, decoded, ms, pixels, trap, share = 0 }) {
      const own = byFormat[format];
      inputs++;
      own.inputs++;
      own.decoded += Number(decoded);
      own.ms += ms;
      own.outcomes[outcome] = (own.outcomes[outcome] ?? 0) + 1;
      if (trap !== undefined)
        own.traps[trap] = { first: own.traps[trap]?.first ?? index, times: (own.traps[trap]?.times ?? 0) + 1 };
      if (ms > own.slowest.ms) own.slowest = { ms: Math.round(ms), index, name, plan, bytes, pixels };
      own.share = Math.max(own.share, share);
      if (inputs % Math.max(1, Math.floor(count / 64)) === 0) rss.push(process.memoryUsage.rss());
      if (inputs % 20_000 === 0) say(`${inputs} of ${count}, ${Math.round(process.memoryUsage.rss() / 1048576)} MiB`);
    },
    /** The lowest of the last eighth over the highest of the second eighth: what waits for the collector comes and goes. */
    growth() {
      const eighth = Math.max(1, Math.floor(rss.length / 8));
      return Math.min(...rss.slice(-eighth)) - Math.max(...rss.slice(eighth, eighth * 2));
    },
    summary: () => ({ rssMiB: rss.length === 0 ? 0 : Math.round(Math.max(...rss) / 1048576), formats: byFormat }),
  };
}

/** Suspects are tried again alone in a new thread, which has seen nothing; what is slow only on a busy machine drops out. */
function createFindings(seeds) {
  const list = [];
  const seen = new Map();
  let folder;
  return {
    list,
    note: (message) => list.push({ message }),
    async confirm({ index, fault }) {
      const key = `${fault.kind} ${fault.message.replace(/\d+/g, "#").slice(0, 120)}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
      if (seen.get(key) > KEPT_EACH) return;
      const input = inputOf(seeds, seed, index);
      const again = await inWorker({ given: input, repeats: fault.kind === "slow" ? 3 : 1 });
      if (fault.kind === "slow" && again.fault === undefined) return;
      folder ??= mkdtempSync(join(tmpdir(), "opalens-fuzz-"));
      const file = join(folder, `${seed}-${index}.${input.format}`);
      writeFileSync(file, input.bytes);
      const alone = again.fault === undefined ? "only after the inputs before it" : "alone as well";
      const repeat = `node test/fuzz/decoders.mjs --input ${file} --plan '${input.plan}'`;
      list.push({ kind: fault.kind, message: fault.message, alone, index, seed: input.name, format: input.format, repeat });
      say(
        `finding: ${fault.kind} (${alone}), input ${index} from ${input.format} ${input.name}: ${fault.message}\n  ${repeat}`,
      );
    },
  };
}

function printed({ seconds, perSecond, rssMiB, formats: byFormat, findings }) {
  const lines = Object.entries(byFormat).map(([format, { inputs, decoded, outcomes, ms, slowest, traps, share }]) => {
    const counts = Object.entries(outcomes)
      .sort(([, a], [, b]) => b - a)
      .map(([name, times]) => `${name} ${times}`);
    const trapped = Object.entries(traps)
      .sort(([, a], [, b]) => b.times - a.times)
      .slice(0, 6)
      .map(([name, { times, first }]) => `\n    trap ×${times}, such as input ${first}: ${name}`);
    const slow = `slowest ${slowest.ms} ms (input ${slowest.index}, ${slowest.plan}, ${slowest.bytes} bytes, ${slowest.pixels} px)`;
    return `${format}: ${inputs} inputs, ${decoded} of them decoded, ${(ms / Math.max(1, inputs)).toFixed(2)} ms each; ${counts.join(", ")}\n    ${slow}; largest instance ${share.toFixed(2)} of the plan${trapped.join("")}`;
  });
  const head = `${count} inputs of seed ${seed} in ${seconds} s (${perSecond}/s), at most ${rssMiB} MiB`;
  return [head, ...lines, findings.length === 0 ? "no findings" : `${findings.length} findings`].join("\n");
}
