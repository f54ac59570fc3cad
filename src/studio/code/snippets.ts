import type { Size } from "../../core/geometry.ts";
import type { Plan } from "../../core/plan.ts";
import type { Probe } from "../../core/probe.ts";
import { plainQuery, printPlan } from "../../syntax/index.ts";
import { fileName, printAddress } from "./address.ts";
import { type Frame, hasAlpha, inFormat, NOTHING_ASKED, TARGETS, type Target, widthsFor, withWidth } from "./variants.ts";

/** How a plan is written: OSS's `x-oss-process`, or plain names. */
export type Language = "oss" | "plain";

/** What the snippets are about. */
export interface Ask {
  /** Absent: nothing is asked, the address is the object's own. */
  readonly plan?: Plan;
  readonly base: string;
  readonly key: string;
  readonly language: Language;
  /** Format of the result, where it is known. */
  readonly format?: string;
  readonly frame?: Frame;
  readonly source?: Pick<Probe, "format" | "quality" | "alpha">;
}
/** What an <img> says besides its addresses. */
export interface Markup {
  readonly widths: readonly number[];
  readonly sizes: string;
  readonly alt: string;
}

/** fallback: plain names cannot say it, so it is in OSS's language · quality: plain names say all of it but the rule of quality. */
export type Note = "fallback" | "quality";
export interface Snippet {
  readonly text: string;
  readonly note?: Note;
}

/** The query of the address alone; undefined where nothing is asked. */
export function querySnippet(ask: Ask): Snippet | undefined {
  if (ask.plan === undefined) return undefined;
  return snippet(ask, [{ plan: ask.plan, format: ask.format }], ([query = ""]) => query);
}

export function addressSnippet(ask: Ask): Snippet {
  if (ask.plan === undefined) return { text: printAddress(ask.base, ask.key, undefined) };
  return snippet(ask, [{ plan: ask.plan, format: ask.format }], ([query]) => printAddress(ask.base, ask.key, query));
}

/** One line for a shell: the result as a file. */
export function curlSnippet(ask: Ask): Snippet {
  const { text, ...note } = addressSnippet(ask);
  return { text: `curl -o ${shellQuoted(fileName(ask.key, ask.format))} ${shellQuoted(text)}`, ...note };
}

/** `<picture>` with AVIF and WebP for those who can, and JPEG (PNG where something shows through) for all others. */
export function pictureSnippet(ask: Ask, markup: Markup): Snippet {
  const fallback = fallbackFormat(ask);
  const sets = (["avif", "webp", fallback] as const).map((format) => variantsOf(ask, markup.widths, format));
  return snippet(ask, sets.flat(), (queries) => {
    const addresses = queries.map((query) => printAddress(ask.base, ask.key, query));
    const perSet = addresses.length / sets.length;
    const [avif = [], webp = [], last = []] = sets.map((set, index) =>
      set.map(({ width }, at) => candidate(addresses[index * perSet + at] ?? "", width)),
    );
    const sources = [sourceTag("avif", avif, markup.sizes), sourceTag("webp", webp, markup.sizes)];
    const src = addresses[addresses.length - 1] ?? "";
    return ["<picture>", ...sources, imgTag(src, last.slice(0, -1), ask.frame, markup, "  "), "</picture>"].join("\n");
  });
}

/** `<img>` in the format of the result alone. */
export function imgSnippet(ask: Ask, markup: Markup): Snippet {
  const variants = variantsOf(ask, markup.widths, undefined);
  return snippet(ask, variants, (queries) => {
    const addresses = queries.map((query) => printAddress(ask.base, ask.key, query));
    const set = variants.map(({ width }, at) => candidate(addresses[at] ?? "", width));
    return imgTag(addresses[addresses.length - 1] ?? "", set.slice(0, -1), ask.frame, markup, "");
  });
}

/** A CSS background in the same three formats; the first line is for browsers without image-set(). */
export function cssSnippet(ask: Ask): Snippet {
  const formats = ["avif", "webp", fallbackFormat(ask)] as const;
  const plan = ask.plan ?? NOTHING_ASKED;
  const variants = formats.map((format) => ({ plan: inFormat(plan, format, ask.format), format }));
  return snippet(ask, variants, (queries) => {
    const urls = queries.map((query) => `url(${cssString(printAddress(ask.base, ask.key, query))})`);
    const set = formats.map((format, index) => `    ${urls[index]} type("${TARGETS[format].mimeType}")`);
    const plain = `  background-image: ${urls[urls.length - 1]};`;
    return [".picture {", plain, "  background-image: image-set(", set.join(",\n"), "  );", "}"].join("\n");
  });
}

interface Variant {
  readonly plan: Plan;
  readonly format: string | undefined;
  readonly width?: number;
}

/** The plan at each width, and last as it is. `format` undefined: the result's own. */
function variantsOf(ask: Ask, widths: readonly number[], format: Target | undefined): readonly Variant[] {
  const asked = ask.plan ?? NOTHING_ASKED;
  const plan = format === undefined ? asked : inFormat(asked, format, ask.format);
  const made = format ?? ask.format;
  const sized = widthsFor(widths, ask.frame).map((width) => ({ plan: withWidth(plan, width, ask.frame), format: made, width }));
  return [...sized, { plan, format: made }];
}

/** All variants in one language: plain names only if they can say every one. */
function snippet(ask: Ask, variants: readonly Variant[], print: (queries: readonly string[]) => string): Snippet {
  const plain = ask.language === "plain" ? variants.map(({ plan }) => plainQuery(plan)) : [];
  const said = plain.flatMap((query) => (query === undefined ? [] : [query]));
  if (ask.language === "oss" || said.length < variants.length) {
    const text = print(variants.map(({ plan }) => `x-oss-process=${printPlan(plan)}`));
    return ask.language === "oss" ? { text } : { text, note: "fallback" };
  }
  const text = print(said.map((query) => query.text));
  const differs = variants.some((variant, index) => said[index]?.exact === false && mayDiffer(ask, variant));
  return differs ? { text, note: "quality" } : { text };
}

/** OSS's rules of quality look at the source's own, which only a JPEG has and only a JPEG result counts by. */
function mayDiffer({ source }: Ask, { plan, format }: Variant): boolean {
  if (plan.settings.lossless) return false;
  return source === undefined || format === undefined || (source.quality !== undefined && source.format === format);
}

function fallbackFormat({ plan = NOTHING_ASKED, source }: Ask): Target {
  return hasAlpha(plan, source) ? "png" : "jpeg";
}

function candidate(address: string, width: number | undefined): string {
  return width === undefined ? address : `${address} ${width}w`;
}

function sourceTag(format: Target, candidates: readonly string[], sizes: string): string {
  const { mimeType } = TARGETS[format];
  const set = candidates.length > 1 ? candidates.slice(0, -1) : candidates;
  return ["  <source", attribute("type", mimeType, "    "), ...setAttributes(set, sizes, "    ")].join("\n") + "\n  >";
}

function imgTag(src: string, set: readonly string[], size: Size | undefined, { sizes, alt }: Markup, indent: string): string {
  const inner = `${indent}  `;
  const lines = [
    `${indent}<img`,
    attribute("src", src, inner),
    ...(set.length === 0 ? [] : setAttributes(set, sizes, inner)),
    ...(size === undefined ? [] : [`${inner}width="${size.width}" height="${size.height}"`]),
    attribute("alt", alt, inner),
    `${inner}loading="lazy" decoding="async"`,
  ];
  return `${lines.join("\n")}\n${indent}>`;
}

function setAttributes(set: readonly string[], sizes: string, indent: string): readonly string[] {
  if (set.length === 1) return [attribute("srcset", set[0] ?? "", indent), ...sizesAttribute(set, sizes, indent)];
  const lines = set.map((line) => `${indent}  ${htmlEscaped(line)}`).join(",\n");
  return [`${indent}srcset="\n${lines}"`, ...sizesAttribute(set, sizes, indent)];
}
/** HTML Living Standard, section 4.8.2.2: sizes belongs to candidates with widths. */
function sizesAttribute(set: readonly string[], sizes: string, indent: string): readonly string[] {
  const hasWidths = set.every((line) => line.includes(" ")); // an address has none
  return hasWidths ? [attribute("sizes", sizes, indent)] : [];
}
function attribute(name: string, value: string, indent: string): string {
  return `${indent}${name}="${htmlEscaped(value)}"`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
/** For text inside double quotes. */
export function htmlEscaped(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
}
/** For POSIX shells: single quotes keep everything but themselves. */
export function shellQuoted(text: string): string {
  return `'${text.replace(/'/g, "'\\''")}'`;
}
/** CSS Syntax Module Level 3, section 4.3.5: a string ends at its quote, at a newline, and a backslash escapes. */
export function cssString(text: string): string {
  return `"${text.replace(/[\\"\n]/g, (char) => `\\${char.charCodeAt(0).toString(16)} `)}"`;
}
