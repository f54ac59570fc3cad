/** Times of several engines for one task, interleaved in one process. */
import { performance } from "node:perf_hooks";
import { median, ratio, spread } from "./arithmetic.mjs";

/**
 * Runs every contender once per round, the order reversed each round, until `rounds` are done or `budgetMs` is spent, but
 * at least `minRounds`. `warmUps` rounds before it count for nothing: compilers and caches settle there.
 * contenders: { label, run } where run() gives { data, timings? }; the first is the one that the others are compared with.
 * Gives of each { label, ms: spread, ratio: spread of first ÷ this per round, data, stages: median ms by stage }.
 */
export async function measureInterleaved(contenders, { rounds, minRounds, warmUps, budgetMs }) {
  const entries = contenders.map((contender) => ({ ...contender, list: [], stages: {} }));
  for (let i = 0; i < warmUps; i++) for (const entry of entries) entry.data = (await entry.run()).data;
  const began = performance.now();
  for (let round = 0; round < rounds; round++) {
    if (round >= minRounds && performance.now() - began > budgetMs) break;
    for (const entry of round % 2 === 0 ? entries : [...entries].reverse()) await measureOnce(entry);
  }
  const [first] = entries;
  return entries.map(({ label, list, data, stages }) => ({
    label,
    rounds: list.length,
    ms: spread(list),
    ratio: ratio(first.list, list),
    data,
    stages: Object.fromEntries(Object.entries(stages).map(([stage, times]) => [stage, median(times)])),
  }));
}

async function measureOnce(entry) {
  const from = performance.now();
  const { data, timings = {} } = await entry.run();
  entry.list.push(performance.now() - from);
  if (entry.data !== undefined && entry.data.length !== data.length)
    throw new Error(`${entry.label}: results differ between runs`);
  entry.data = data;
  for (const [stage, ms] of Object.entries(timings)) {
    entry.stages[stage] = entry.stages[stage] ?? [];
    entry.stages[stage].push(ms);
  }
}
