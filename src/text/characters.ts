/** [first, last] of code points, sorted. */
type Ranges = readonly (readonly [number, number])[];

/*
 * Own tables instead of \p{…}: those of an engine are as old as the engine, and the same text must give the same picture in
 * all of them. They hold what the shipped fonts can draw (Unicode 15.0, Scripts.txt, DerivedGeneralCategory.txt and
 * emoji-data.txt); all else is one character at a time, and missing.
 */

const ARABIC: Ranges = [
  [0x600, 0x6ff],
  [0x750, 0x77f],
  [0x8a0, 0x8ff],
  [0xfb50, 0xfdff],
  [0xfe70, 0xfefc],
];
const HEBREW: Ranges = [
  [0x590, 0x5ff],
  [0xfb1d, 0xfb4f],
];
/** Han, kana, Hangul, bopomofo, their punctuation, full-width and enclosed forms. */
const EAST_ASIAN: Ranges = [
  [0x1100, 0x11ff],
  [0x2e80, 0x9fff],
  [0xac00, 0xd7ff],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe1f],
  [0xfe30, 0xfe6f],
  [0xff00, 0xffef],
  [0x20000, 0x3ffff],
];
const KANA: Ranges = [
  [0x3040, 0x30ff],
  [0x31f0, 0x31ff],
  [0xff66, 0xff9f],
];
const HANGUL: Ranges = [
  [0x1100, 0x11ff],
  [0x3130, 0x318f],
  [0xac00, 0xd7ff],
];
const GREEK: Ranges = [
  [0x370, 0x3ff],
  [0x1f00, 0x1fff],
];
const CYRILLIC: Ranges = [
  [0x400, 0x52f],
  [0x1c80, 0x1c8f],
  [0x2de0, 0x2dff],
  [0xa640, 0xa69f],
];
const LATIN: Ranges = [
  [0x41, 0x5a],
  [0x61, 0x7a],
  [0xaa, 0xaa],
  [0xba, 0xba],
  [0xc0, 0xd6],
  [0xd8, 0xf6],
  [0xf8, 0x2b8],
  [0x1d00, 0x1dbf],
  [0x1e00, 0x1eff],
  [0xfb00, 0xfb06],
];
/** Punctuation that Chinese typography sets a full em wide and European typography does not (East Asian Width "ambiguous"). */
const AMBIGUOUS: Ranges = [
  [0xb7, 0xb7],
  [0x2014, 0x2016],
  [0x2018, 0x2019],
  [0x201c, 0x201d],
  [0x2025, 0x2026],
];
/** Arrows, mathematics, technical signs, shapes, dingbats. */
const SYMBOLS: Ranges = [[0x2190, 0x2bff]];

/** Marks, joiners, and vowels and finals of decomposed Hangul: they belong to the character before them. */
const EXTENDING: Ranges = [
  [0x300, 0x36f],
  [0x483, 0x489],
  [0x591, 0x5bd],
  [0x5bf, 0x5bf],
  [0x5c1, 0x5c2],
  [0x5c4, 0x5c5],
  [0x5c7, 0x5c7],
  [0x610, 0x61a],
  [0x64b, 0x65f],
  [0x670, 0x670],
  [0x6d6, 0x6dc],
  [0x6df, 0x6e4],
  [0x6e7, 0x6e8],
  [0x6ea, 0x6ed],
  [0x8d3, 0x8e1],
  [0x8e3, 0x8ff],
  [0x1160, 0x11ff],
  [0x1ab0, 0x1aff],
  [0x1dc0, 0x1dff],
  [0x200c, 0x200d],
  [0x20d0, 0x20ff],
  [0x302a, 0x302f],
  [0x3099, 0x309a],
  [0xfe00, 0xfe0f],
  [0xfe20, 0xfe2f],
  [0x1f3fb, 0x1f3ff],
  [0xe0020, 0xe007f],
  [0xe0100, 0xe01ef],
];
/** Controls and formats that no one sees; those of direction have had their say by the time text is split. */
const INVISIBLE: Ranges = [
  [0x0, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x180e, 0x180e],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
  [0xe0000, 0xe001f],
];
const BREAKS: Ranges = [
  [0x9, 0xd],
  [0x85, 0x85],
  [0x2028, 0x2029],
];
/** Below the emoji blocks: what is shown as emoji unless a variation selector says otherwise. */
const EMOJI: Ranges = [
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x23f0, 0x23f0],
  [0x23f3, 0x23f3],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x2648, 0x2653],
  [0x267f, 0x267f],
  [0x2693, 0x2693],
  [0x26a1, 0x26a1],
  [0x26aa, 0x26ab],
  [0x26bd, 0x26be],
  [0x26c4, 0x26c5],
  [0x26ce, 0x26ce],
  [0x26d4, 0x26d4],
  [0x26ea, 0x26ea],
  [0x26f2, 0x26f3],
  [0x26f5, 0x26f5],
  [0x26fa, 0x26fa],
  [0x26fd, 0x26fd],
  [0x2705, 0x2705],
  [0x270a, 0x270b],
  [0x2728, 0x2728],
  [0x274c, 0x274c],
  [0x274e, 0x274e],
  [0x2753, 0x2755],
  [0x2757, 0x2757],
  [0x2795, 0x2797],
  [0x27b0, 0x27b0],
  [0x27bf, 0x27bf],
  [0x2b1b, 0x2b1c],
  [0x2b50, 0x2b50],
  [0x2b55, 0x2b55],
  [0x1f000, 0x1faff], // a few here are text by default; no font but that of the emoji has them
];
const FLAG_LETTERS: Ranges = [[0x1f1e6, 0x1f1ff]];
const SKIN_TONES: Ranges = [[0x1f3fb, 0x1f3ff]];
const TAGS: Ranges = [[0xe0020, 0xe007f]];

const JOINER = 0x200d;
const TEXT_STYLE = 0xfe0e;
const EMOJI_STYLE = 0xfe0f;
const KEYCAP = 0x20e3;
const REPLACEMENT = "\ufffd";

export type Kind = "emoji" | "arabic" | "hebrew" | "han" | "ambiguous" | "symbol" | "space" | "alphabet";

/** A character with all that belongs to it: what a reader takes for one sign. */
export interface Cluster {
  readonly text: string;
  /** Its first character alone. */
  readonly base: string;
  /** Index of its first UTF-16 unit. */
  readonly start: number;
  readonly kind: Kind;
  /** ISO 15924; undefined where any script may use it. */
  readonly script: string | undefined;
}

/** The same number of UTF-16 units with lone surrogates replaced and every kind of line break and tab made a space. */
export function cleaned(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) as number;
    if (code >= 0xd800 && code <= 0xdfff) return REPLACEMENT;
    return isIn(BREAKS, code) ? " " : character;
  }).join("");
}

/** Splits cleaned text. What is invisible is left out, so clusters need not be adjacent. */
export function clustersOf(text: string): Cluster[] {
  const clusters: Cluster[] = [];
  for (let start = 0; start < text.length; ) {
    const first = text.codePointAt(start) as number;
    const end = clusterEnd(text, start, first);
    const base = String.fromCodePoint(first);
    if (!isIn(INVISIBLE, first) && !isStray(first)) {
      const whole = text.slice(start, end);
      clusters.push({ text: whole, base, start, kind: kindOf(first, whole), script: scriptOf(first) });
    }
    start = end;
  }
  return clusters;
}

/** A selector, joiner or tag that follows nothing. */
function isStray(first: number): boolean {
  return (first >= 0xfe00 && first <= 0xfe0f) || (first >= 0xe0000 && first <= 0xe0fff) || first === 0x200c || first === JOINER;
}

/** A simplified UAX #29, section 3.1.1: a base and what extends it, emoji joined by ZWJ, flag letters in pairs. */
function clusterEnd(text: string, start: number, first: number): number {
  let at = start + lengthOf(first);
  if (isIn(INVISIBLE, first)) return at;
  if (isIn(FLAG_LETTERS, first)) {
    const second = text.codePointAt(at);
    if (second !== undefined && isIn(FLAG_LETTERS, second)) at += lengthOf(second);
  }
  const joins = isEmojiBase(first);
  for (let previous = first; at < text.length; ) {
    const next = text.codePointAt(at) as number;
    const joined = joins && previous === JOINER && isEmojiBase(next);
    if (!joined && !extendsCluster(next, joins)) break;
    at += lengthOf(next);
    previous = next;
  }
  return at;
}

/** Skin tones and tags are part of emoji only; after a letter a tone is a sign of its own. */
function extendsCluster(code: number, ofEmoji: boolean): boolean {
  return isIn(EXTENDING, code) && (ofEmoji || !(isIn(SKIN_TONES, code) || isIn(TAGS, code)));
}

function isEmojiBase(code: number): boolean {
  return isIn(EMOJI, code) || (code >= 0x2100 && code <= 0x2bff);
}

function kindOf(first: number, whole: string): Kind {
  if (isEmoji(first, whole)) return "emoji";
  if (first === 0x20 || first === 0xa0) return "space";
  if (isIn(ARABIC, first)) return "arabic";
  if (isIn(HEBREW, first)) return "hebrew";
  if (isIn(EAST_ASIAN, first)) return "han";
  if (isIn(AMBIGUOUS, first)) return "ambiguous";
  return isIn(SYMBOLS, first) ? "symbol" : "alphabet";
}

/** UTS #51: presentation is the base's own unless a selector, a keycap or an emoji joined to it decides. */
function isEmoji(first: number, whole: string): boolean {
  let joined = false;
  for (const character of whole) {
    const code = character.codePointAt(0) as number;
    if (code === TEXT_STYLE) return false;
    if (code === EMOJI_STYLE || code === KEYCAP) return true;
    joined = joined || (code !== first && isIn(EMOJI, code));
  }
  return joined || isIn(EMOJI, first);
}

function scriptOf(code: number): string | undefined {
  if (isIn(LATIN, code)) return "Latn";
  if (isIn(ARABIC, code)) return "Arab";
  if (isIn(KANA, code)) return "Kana";
  if (isIn(HANGUL, code)) return "Hang";
  if (isIn(HEBREW, code)) return "Hebr";
  if (isIn(GREEK, code)) return "Grek";
  if (isIn(CYRILLIC, code)) return "Cyrl";
  return code >= 0x2e80 && isIn(EAST_ASIAN, code) ? "Hani" : undefined;
}

function isIn(ranges: Ranges, code: number): boolean {
  return ranges.some(([first, last]) => code >= first && code <= last);
}

function lengthOf(code: number): number {
  return code > 0xffff ? 2 : 1;
}
