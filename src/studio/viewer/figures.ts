/** What the figures of a result amount to. */

export interface Savings {
  /** Part of the original's bytes that is saved; negative where the result has more. */
  readonly fraction: number;
  readonly isWorse: boolean;
  /** Bytes saved by a million views, which is no more than the difference a million times. */
  readonly perMillion: number;
}
const MILLION = 1_000_000;

export function savingsOf(originalBytes: number, resultBytes: number): Savings {
  const saved = originalBytes - resultBytes;
  return {
    fraction: originalBytes === 0 ? 0 : saved / originalBytes,
    isWorse: saved < 0,
    perMillion: saved * MILLION,
  };
}

export interface Stage {
  readonly name: string;
  readonly ms: number;
  /** Of the total, 0..1. */
  readonly share: number;
}
/** Stages too short to be drawn or to matter. */
const LEAST_SHARE = 0.005;

/** Stages in the order they ran, and as "rest" what the stages do not account for: short ones, and time between them. */
export function stagesOf(timings: Readonly<Record<string, number>>, totalMs: number): readonly Stage[] {
  const known = Object.entries(timings).filter(([, ms]) => ms > 0);
  const sum = known.reduce((ms, [, more]) => ms + more, 0);
  const whole = Math.max(totalMs, sum);
  if (whole <= 0) return [];
  const stages = known.map(([name, ms]) => ({ name, ms, share: ms / whole })).filter(({ share }) => share >= LEAST_SHARE);
  const rest = whole - stages.reduce((ms, stage) => ms + stage.ms, 0);
  return rest / whole < LEAST_SHARE ? stages : [...stages, { name: "rest", ms: rest, share: rest / whole }];
}

const EXTENSIONS: Readonly<Record<string, readonly string[]>> = { jpeg: ["jpg", "jpeg"], tiff: ["tiff", "tif"] };

/** File name of a result: the source's, with the extension of its new format. */
export function resultName(sourceName: string, format: string): string {
  const name = sourceName.slice(sourceName.lastIndexOf("/") + 1) || "picture";
  const dot = name.lastIndexOf(".");
  const extensions = EXTENSIONS[format] ?? [format];
  if (dot > 0 && extensions.includes(name.slice(dot + 1).toLowerCase())) return name;
  return `${dot > 0 ? name.slice(0, dot) : name}.${extensions[0]}`;
}
