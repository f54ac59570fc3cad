/**
 * What is to be reached beside what was: { task, what, limit, reached, met } each, both figures as text; `met` is undefined where
 * nothing was measured. The figures are those that compare.mjs gathers.
 */
import { ALONE, against } from "./equal-bytes.mjs";

/** Share of the other encoder's bytes that a JPEG of the same quality may have. */
const JPEG_SHARE = 1.03;

export function targetsOf({ tasks = [], fresh = [], quality = [] }) {
  return [...tasks.flatMap(ofTask), ...fresh.flatMap(ofFresh), ...quality.flatMap(ofQuality)];
}
/** Of one contender's row; undefined where its task sets no target for it. */
export function ratioTarget({ title, targets }, { label, ratio }) {
  if (targets[label] === undefined) return undefined;
  return atMost(title, `time ÷ ${label}`, { limit: targets[label], reached: ratio?.middle, digits: 2 });
}

function ofTask(task) {
  const [own] = task.rows;
  const peer = task.rows.find(({ label }) => label === task.fidelity);
  const psnr = (name, field) =>
    atLeast(task.title, `${name}, ${task.fidelity}'s`, { limit: peer[field], reached: own[field], digits: 2 });
  return [...ratiosOf(task), ...(peer === undefined ? [] : [psnr("PSNR Y", "psnrY"), psnr("PSNR RGB", "psnrRgb")])];
}
function ofFresh(task) {
  const title = `fresh process: ${task.title}`;
  const ratios = ratiosOf({ ...task, title });
  if (task.maxBytes === undefined) return ratios;
  const [, own] = task.rows; // behind the empty process
  return [...ratios, atMost(title, "peak, MB", { limit: task.maxBytes / 1e6, reached: own.onceBytes / 1e6, digits: 0 })];
}
/** Also for contenders that are not there. */
function ratiosOf(task) {
  return Object.keys(task.targets).map((label) => ratioTarget(task, task.rows.find((row) => row.label === label) ?? { label }));
}

function ofQuality({ format, mark, rows }) {
  const title = `whole transforms, ${format}, at equal bytes`;
  const [own] = rows;
  if (format !== "jpeg") return [atLeast(title, `SSIM, ${mark.label}'s`, { limit: mark.ssim, reached: own.ssim, digits: 4 })];
  const pointsOf = (label) => rows.find((row) => row.label === label).points;
  const markAlone = pointsOf(ALONE + mark.label).find(({ quality }) => quality === mark.quality);
  return [
    ...sizes("JPEG, whole transforms", mark, own.points),
    ...sizes("JPEG, encoders alone", markAlone, pointsOf(`${ALONE}opalens`)),
  ];
}
function sizes(title, mark, points) {
  const { bytesAtEqualSsim, bytesAtEqualPsnr } = against(mark, points);
  const share = (bytes) => (bytes === undefined ? undefined : bytes / mark.bytes);
  return [
    atMost(title, "share of bytes at equal SSIM", { limit: JPEG_SHARE, reached: share(bytesAtEqualSsim), digits: 3 }),
    atMost(title, "share of bytes at equal PSNR Y", { limit: JPEG_SHARE, reached: share(bytesAtEqualPsnr), digits: 3 }),
  ];
}

function atMost(task, what, { limit, reached, digits }) {
  return entry(task, what, { sign: "≤", limit, reached, digits, met: reached <= limit });
}
function atLeast(task, what, { limit, reached, digits }) {
  return entry(task, what, { sign: "≥", limit, reached, digits, met: reached >= limit });
}
function entry(task, what, { sign, limit, reached, digits, met }) {
  return {
    task,
    what,
    limit: `${sign} ${limit.toFixed(digits)}`,
    reached: reached === undefined ? undefined : reached.toFixed(digits),
    met: reached === undefined ? undefined : met,
  };
}
