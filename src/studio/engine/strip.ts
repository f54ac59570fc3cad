import type { OutputFormat, Plan, QualityRule } from "../../core/plan.ts";
import type { Explanation } from "../../engine.ts";
import { printPlan } from "../../syntax/print.ts";
import type { Candidate } from "../state/store.ts";

/** A card of the comparison strip before it is made. */
export interface Asked {
  readonly format: OutputFormat;
  readonly quality?: number;
  readonly process: string;
}

const FORMATS: readonly OutputFormat[] = ["jpeg", "webp", "avif"];
/** What a person would try: small, good, like the original, hardly to be told from it. */
const QUALITIES = [50, 65, 80, 90] as const;
/** As the codec table says it (test/studio/engine/strip.test.ts compares): the table itself would load every codec's glue into the page. */
const LOSSY: ReadonlySet<string> = new Set<OutputFormat>(["jpeg", "webp", "avif"]);
const WITH_CHROMA: ReadonlySet<string> = new Set<OutputFormat>(["jpeg", "avif"]);

/** What the strip compares: each format at its default quality, and the format of the result, where it is lossy, at several. */
export function askedFor(plan: Plan, chosen: string, alpha: boolean): readonly Asked[] {
  const formats = alpha ? [...FORMATS, "png" as const] : FORMATS;
  const byFormat = formats.map((format): Asked => ({ format, process: processOf(plan, format) }));
  const format = FORMATS.find((name) => name === chosen);
  if (format === undefined) return byFormat;
  return [...byFormat, ...QUALITIES.map((quality): Asked => ({ format, quality, process: processOf(plan, format, quality) }))];
}

/** The same chain in another format. A limit of bytes would make all of one size, and what one format cannot do is left out. */
function processOf(plan: Plan, format: OutputFormat, value?: number): string {
  const { maxBytes: _limit, chroma, ...rest } = plan.settings;
  const quality: QualityRule = value === undefined ? { rule: "auto" } : { rule: "absolute", value };
  const settings = {
    ...rest,
    format,
    lossless: false,
    quality: LOSSY.has(format) ? quality : ({ rule: "source" } as const),
    ...(chroma !== undefined && WITH_CHROMA.has(format) ? { chroma } : {}),
  };
  return printPlan({ ...plan, settings });
}

/** Whether the result of a chain can be transparent somewhere although its source is not. */
export function showsThrough(explanation: Explanation | undefined): boolean {
  return (explanation?.steps ?? []).some(
    ({ kind, params }) => kind === "mask" || kind === "rotate" || (kind === "extend" && params["color"] === undefined),
  );
}

export function waiting({ format, quality }: Pick<Candidate, "format" | "quality">): Candidate {
  return { format, state: "waiting", ...(quality === undefined ? {} : { quality }) };
}
