import bidiFactory from "bidi-js";
import type { FontFile } from "../core/fonts.ts";
import type { FontName } from "../core/text.ts";
import { type Cluster, cleaned, clustersOf, type Kind } from "./characters.ts";
import type { Shaper } from "./harfbuzz.ts";

/** Text in one font, script and direction. */
export interface Run {
  readonly file: FontFile;
  readonly script: string;
  /** Embedding level (UAX #9): odd runs right to left. */
  readonly level: number;
  readonly text: string;
}

/** The shaper, and a way to have a font in it: false where an optional file is absent. */
export interface FontAccess {
  readonly shaper: Shaper;
  open(file: FontFile): Promise<boolean>;
}

/** What an OSS font name stands for here: the face for Han, and the alphabet whose strokes go with it. */
interface Family {
  readonly han: readonly FontFile[];
  readonly alphabet: FontFile;
}
const SANS: Family = { han: ["han-sans.ttf"], alphabet: "sans.ttf" };
const SONG: Family = { han: ["han-song.ttf", "han-sans.ttf"], alphabet: "serif.ttf" };
const KAI: Family = { han: ["han-kai.ttf", "han-sans.ttf"], alphabet: "serif.ttf" };
/** Fangsong has no open font; Song is the nearest relative. */
const FAMILIES: Readonly<Record<FontName, Family>> = {
  "wqy-zenhei": SANS,
  "wqy-microhei": SANS,
  fangzhengheiti: SANS,
  droidsansfallback: SANS,
  fangzhengshusong: SONG,
  fangzhengfangsong: SONG,
  fangzhengkaiti: KAI,
};

/** Drawn for a sign that no font has: a reader sees that something is missing, and never the box of a font. */
const REPLACEMENT = "\ufffd";
/** ISO 15924 for what any script may use. */
const COMMON = "Zyyy";

/** Its tables take a millisecond to unpack; they hold no state of any text. */
let bidi: ReturnType<typeof bidiFactory> | undefined;

/**
 * Runs of a line in the order they are drawn, left to right.
 *
 * Direction is UAX #9 with the paragraph's level from its first strong character. Each sign takes the first font that can
 * draw all of it, else the first that can draw its base. Fonts are opened only when a sign asks for them.
 */
export async function splitRuns(text: string, font: FontName, fonts: FontAccess): Promise<readonly Run[]> {
  const line = cleaned(text);
  const family = FAMILIES[font];
  bidi = bidi ?? bidiFactory();
  const clusters = clustersOf(line);
  const { levels } = bidi.getEmbeddingLevels(asBidiReads(line, clusters));
  const runs: Run[] = [];
  for (let i = 0; i < clusters.length; i++) {
    const cluster = clusters[i] as Cluster;
    const previous = runs[runs.length - 1];
    const level = levels[cluster.start] ?? 0;
    const around = previous?.level === level ? previous.file : undefined;
    const choice = await chooseFont(cluster, candidates(kindAt(clusters, i), family, around), fonts);
    const { file, text: drawn } = choice ?? { file: family.alphabet, text: REPLACEMENT };
    if (choice === undefined) await fonts.open(file);
    const joins = previous !== undefined && previous.file === file && previous.level === level;
    const script = cluster.script ?? (joins ? previous.script : COMMON);
    if (joins && (previous.script === script || previous.script === COMMON)) {
      runs[runs.length - 1] = { file, level, script, text: previous.text + drawn };
    } else runs.push({ file, level, script, text: drawn });
  }
  return inDrawnOrder(runs);
}

/** bidi-js reads single UTF-16 units and takes halves of an emoji for letters; a bullet is neutral, as emoji are (UAX #9, ON). */
function asBidiReads(line: string, clusters: readonly Cluster[]): string {
  const emoji = clusters.filter(({ kind }) => kind === "emoji");
  return emoji.reduce(
    (read, { start, text }) => read.slice(0, start) + "\u2022".repeat(text.length) + read.slice(start + text.length),
    line,
  );
}

/** Ambiguous punctuation follows the nearest sign that is not ambiguous, the one before it first. */
function kindAt(clusters: readonly Cluster[], index: number): Kind {
  const kind = (clusters[index] as Cluster).kind;
  if (kind !== "ambiguous") return kind;
  for (const step of [-1, 1]) {
    let at = index + step;
    while (clusters[at]?.kind === "ambiguous") at += step;
    if (clusters[at]?.kind === "han") return "han";
  }
  return "alphabet";
}

/** Fonts to try for a sign, best first. `around`: that of the sign before it, where both run the same way. */
function candidates(kind: Kind, family: Family, around: FontFile | undefined): readonly FontFile[] {
  switch (kind) {
    case "emoji":
      return ["emoji.ttf", family.alphabet, "symbols.ttf"];
    case "arabic":
      return ["arabic.ttf"];
    case "hebrew":
      return ["hebrew.ttf"];
    case "han":
    case "ambiguous":
      return [...family.han, "symbols.ttf", family.alphabet];
    case "space": {
      // Arabic words stay in one run with the space between them
      return around === "arabic.ttf" || around === "hebrew.ttf" ? [around, family.alphabet] : [family.alphabet];
    }
    case "symbol":
      // The alphabets have a few of them, of another weight
      return ["symbols.ttf", family.alphabet, "emoji.ttf"];
    case "alphabet":
      return [family.alphabet, "symbols.ttf"];
  }
}

async function chooseFont(
  cluster: Cluster,
  files: readonly FontFile[],
  fonts: FontAccess,
): Promise<{ readonly file: FontFile; readonly text: string } | undefined> {
  for (const text of cluster.text === cluster.base ? [cluster.base] : [cluster.text, cluster.base]) {
    for (const file of files) {
      if ((await fonts.open(file)) && canDraw(fonts.shaper, file, text, cluster.script)) return { file, text: cluster.text };
    }
  }
  return undefined;
}

/** Asked of the shaper, not of the character map: it knows compositions and sequences as well. */
function canDraw(shaper: Shaper, file: FontFile, text: string, script = COMMON): boolean {
  const glyphs = shaper.shape(file, text, false, script);
  return glyphs.length > 0 && glyphs.every(({ id }) => id !== 0);
}

/** UAX #9, rule L2, on whole runs: from the highest level down, every stretch of that level or above is turned round. */
function inDrawnOrder(runs: readonly Run[]): readonly Run[] {
  const ordered = runs.slice();
  const highest = ordered.reduce((level, run) => Math.max(level, run.level), 0);
  for (let level = highest; level > 0; level--) {
    for (let from = 0; from < ordered.length; from++) {
      let to = from;
      while (to < ordered.length && (ordered[to] as Run).level >= level) to++;
      if (to > from) ordered.splice(from, to - from, ...ordered.slice(from, to).reverse());
      from = to;
    }
  }
  return ordered;
}
