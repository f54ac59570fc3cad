/** Markdown of the results, and the marked regions of a document that they replace. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Everything a figure depends on besides the code measured. */
export function surroundings() {
  const processors = cpus();
  return {
    machine: `${processors[0]?.model.trim() ?? "unknown processor"}, ${processors.length} cores`,
    node: process.version,
    commit: commit(),
    date: new Date().toISOString().slice(0, 10),
  };
}
function commit() {
  const git = (...args) =>
    execFileSync("git", ["-C", ROOT, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  try {
    const changed = git("status", "--porcelain", "--untracked-files=no", "--", "src", "wasm").trim() !== "";
    return git("rev-parse", "--short", "HEAD").trim() + (changed ? " with uncommitted changes" : "");
  } catch {
    return "unknown";
  }
}

/** Rows of cells below a head of titles; all but the first column are figures. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_title, i) => (i === 0 ? "---" : "---:"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
export function ms(value) {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
/** Median with its quartiles. */
export function msRange({ low, middle, high }) {
  return `${ms(middle)} (${ms(low)}–${ms(high)})`;
}
export function times({ low, middle, high }) {
  return `${middle.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}
/** Megabytes of 10^6 bytes, in which the targets are given. */
export function mb(bytes) {
  return (bytes / 1e6).toFixed(0);
}
export function fixed(value, digits) {
  return value === undefined || Number.isNaN(value) ? "–" : Number.isFinite(value) ? value.toFixed(digits) : "equal";
}
/** Bytes with a comma between thousands, in every locale. */
export function count(value) {
  return value === undefined ? "–" : String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * Replaces what stands between `<!-- bench NAME -->` and `<!-- /bench NAME -->` by each section's Markdown. Throws where a
 * section has no region; a region that has no section stays as it is.
 */
export function writeRegions(text, sections) {
  return Object.entries(sections).reduce((done, [name, markdown]) => {
    const [open, close] = [`<!-- bench ${name} -->`, `<!-- /bench ${name} -->`];
    const [from, to] = [done.indexOf(open), done.indexOf(close)];
    if (from < 0 || to < from) throw new Error(`no region ${open} … ${close}`);
    return `${done.slice(0, from + open.length)}\n\n${markdown}\n\n${done.slice(to)}`;
  }, text);
}
export function writeDocument(path, sections) {
  writeFileSync(path, writeRegions(readFileSync(path, "utf8"), sections));
}
/** The text of a script's first comment, as its help. */
export function helpOf(url) {
  const text = readFileSync(fileURLToPath(url), "utf8");
  return /\/\*\*\n([\s\S]*?)\*\//
    .exec(text)[1]
    .replace(/^ \* ?/gm, "")
    .trim();
}
