import { OPERATIONS } from "../../operations/index.ts";
import { printPlan } from "../../syntax/index.ts";
import { type Doc, planOf, setSetting } from "../state/document.ts";
import type { Candidate } from "../state/store.ts";
import { TARGETS } from "./variants.ts";

/** The comparison strip: formats at their default quality, and qualities of one format. */
export interface Rows {
  readonly formats: readonly Candidate[];
  readonly qualities: readonly Candidate[];
}
export function rowsOf(candidates: readonly Candidate[]): Rows {
  return {
    formats: candidates.filter(({ quality }) => quality === undefined),
    qualities: candidates.filter(({ quality }) => quality !== undefined),
  };
}

/** The candidate with the fewest bytes, once all of them are made or have failed. */
export function smallestOf(candidates: readonly Candidate[]): Candidate | undefined {
  if (candidates.some(({ state }) => state === "waiting" || state === "making")) return undefined;
  const made = candidates.filter(({ bytes }) => bytes !== undefined);
  if (made.length < 2) return undefined;
  return made.reduce((least, card) => ((card.bytes ?? 0) < (least.bytes ?? 0) ? card : least));
}

/** Bytes as a share (0..1) of the largest candidate's. */
export function shareOfLargest({ bytes = 0 }: Candidate, candidates: readonly Candidate[]): number {
  const largest = Math.max(...candidates.map((card) => card.bytes ?? 0));
  return largest === 0 ? 0 : bytes / largest;
}

/**
 * The document with the format and quality of a candidate. What the format does not have goes, as it went when the candidate
 * was made; a limit of bytes stays, because it was asked for and not compared.
 */
export function applyCandidate(doc: Doc, { format, quality }: Candidate): Doc {
  const traits = format in TARGETS ? TARGETS[format as keyof typeof TARGETS] : undefined;
  const rule = quality === undefined ? { d: "format" } : { a: String(quality) };
  let next = setSetting(doc, "format", { value: wordOf(format) });
  next = setSetting(next, "quality", traits?.quality === false ? undefined : rule);
  next = setSetting(next, "lossless", undefined);
  return traits?.chroma === false ? setSetting(next, "chroma", undefined) : next;
}

/** True where taking the candidate would change nothing: the document says the same, or its result has the very same size. */
export function isChosen(
  doc: Doc,
  candidate: Candidate,
  result: { readonly format: string; readonly bytes: number } | undefined,
): boolean {
  if (result !== undefined && result.format === candidate.format && result.bytes === candidate.bytes) return true;
  const [now, then] = [planOf(doc), planOf(applyCandidate(doc, candidate))];
  return "plan" in now && "plan" in then && printPlan(now.plan) === printPlan(then.plan);
}

/** The language's word for a format (jpg). */
function wordOf(format: Candidate["format"]): string {
  return OPERATIONS.get("format")?.args["value"]?.print(format) ?? format;
}
