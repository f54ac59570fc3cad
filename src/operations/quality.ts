import { integer, oneOf } from "../core/args.ts";
import { badArgument } from "../core/errors.ts";
import { defineSetting } from "../core/operation.ts";
import type { QualityRule, Settings } from "../core/plan.ts";

const percent = integer({ min: 1, max: 100 });

/**
 * Quality of a lossy result (OSS IMG reference, section 7.1): Q is a ceiling, q is relative to the source, a bare number
 * is read as Q. Extensions: `a` is exactly that quality, `d_format` each format's documented default.
 */
export const quality = defineSetting({
  name: "quality",
  summary: "quality of a lossy result: ceiling (Q), relative to the source (q), exact (a) or the format's default (d)",
  args: { Q: percent, q: percent, value: percent, a: percent, d: oneOf(["format"]) },
  bare: "value",
  set(args, settings) {
    const rule = ruleOf(args);
    if (rule === undefined) throw badArgument({ operation: "quality", expected: "Q, q or a number", kind: "missing" });
    return { ...settings, quality: rule };
  },
  get: ({ quality }) => textOf(quality),
});

function ruleOf(args: Parameters<typeof quality.set>[0]): QualityRule | undefined {
  const ceiling = args.Q ?? args.value;
  if (args.a !== undefined) return { rule: "absolute", value: args.a };
  if (args.d !== undefined) return { rule: "auto" };
  if (ceiling !== undefined) return { rule: "ceiling", value: ceiling };
  return args.q === undefined ? undefined : { rule: "relative", value: args.q };
}

function textOf(quality: Settings["quality"]): Readonly<Record<string, string>> | undefined {
  switch (quality.rule) {
    case "source":
      return undefined;
    case "auto":
      return { d: "format" };
    case "absolute":
      return { a: String(quality.value) };
    case "ceiling":
      return { Q: String(quality.value) };
    case "relative":
      return { q: String(quality.value) };
  }
}

/**
 * The encoder's quality 1..100. `source` is the estimated quality of a JPEG source, absent for others; `ijgQuality`
 * tells whether the result's format counts quality the same way.
 * A relative quality of a source without one counts from 100 (section 7.1) and, towards WebP, means the value itself.
 */
export function resolveQuality(rule: QualityRule, source: number | undefined, fallback: number, ijgQuality: boolean): number {
  switch (rule.rule) {
    case "absolute":
      return rule.value;
    case "ceiling":
      return source === undefined || !ijgQuality ? rule.value : Math.min(rule.value, source);
    case "relative":
      return ijgQuality ? Math.max(1, Math.floor((2 * (source ?? 100) * rule.value + 100) / 200)) : rule.value;
    case "source":
      return ijgQuality && source !== undefined ? source : fallback;
    case "auto":
      return fallback;
  }
}
