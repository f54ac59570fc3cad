import { beforeAll, expect, test } from "vitest";
import type { FontFile, LoadFont } from "../../src/core/fonts.ts";
import type { FontName, TextSpec } from "../../src/core/text.ts";
import { cleaned, clustersOf } from "../../src/text/characters.ts";
import { createShaper, type Shaper } from "../../src/text/harfbuzz.ts";
import { createAccess } from "../../src/text/index.ts";
import { type Layout, layOut } from "../../src/text/layout.ts";
import { type Run, splitRuns } from "../../src/text/runs.ts";
import { loadFont, recordingFonts } from "../support/fonts.ts";
import { loadWasm } from "../support/library.ts";

let shaper: Shaper;
beforeAll(async () => {
  shaper = createShaper(await loadWasm("harfbuzz")).api;
});

const runsOf = (text: string, font: FontName = "wqy-zenhei"): Promise<readonly Run[]> => {
  return splitRuns(text, font, createAccess(shaper, loadFont));
};
const parts = async (text: string, font?: FontName): Promise<[FontFile, string][]> => {
  return (await runsOf(text, font)).map(({ file, text: part }) => [file, part]);
};
const layoutOf = (text: string, more: Partial<TextSpec> = {}): Promise<Layout> => {
  const spec: TextSpec = { text, font: "wqy-zenhei", size: 40, color: "000000", shadow: 0, rotateDeg: 0, ...more };
  return layOut(spec, createAccess(shaper, loadFont));
};
const texts = (text: string): string[] => clustersOf(cleaned(text)).map((cluster) => cluster.text);

test("runs: each script takes its own font, in one line", async () => {
  expect(await parts("Hello 图片服务! مرحبا 😀👍🏽")).toEqual([
    ["sans.ttf", "Hello "],
    ["han-sans.ttf", "图片服务"],
    ["sans.ttf", "! "],
    ["arabic.ttf", "مرحبا"],
    ["sans.ttf", " "],
    ["emoji.ttf", "😀👍🏽"],
  ]);
  expect(await parts("Ωμέγα Жизнь")).toEqual([
    ["sans.ttf", "Ωμέγα "],
    ["sans.ttf", "Жизнь"],
  ]);
  expect((await runsOf("Ωμέγα Жизнь")).map(({ script }) => script)).toEqual(["Grek", "Cyrl"]);
  expect(await parts("ひらカナ한글 ①★→∑ Việt")).toEqual([
    ["han-sans.ttf", "ひらカナ"],
    ["han-sans.ttf", "한글"],
    ["sans.ttf", " "],
    ["symbols.ttf", "①★→∑"],
    ["sans.ttf", " Việt"],
  ]);
  expect(await parts("שלום")).toEqual([["hebrew.ttf", "שלום"]]);
});

test("runs: the font name picks the face of Han and of the alphabet beside it", async () => {
  expect(await parts("A图", "fangzhengshusong")).toEqual([
    ["serif.ttf", "A"],
    ["han-song.ttf", "图"],
  ]);
  expect(await parts("A图", "fangzhengfangsong")).toEqual([
    ["serif.ttf", "A"],
    ["han-song.ttf", "图"],
  ]);
  expect(await parts("A图", "fangzhengkaiti")).toEqual([
    ["serif.ttf", "A"],
    ["han-kai.ttf", "图"],
  ]);
  for (const font of ["wqy-microhei", "fangzhengheiti", "droidsansfallback"] as const) {
    expect(await parts("A图", font)).toEqual([
      ["sans.ttf", "A"],
      ["han-sans.ttf", "图"],
    ]);
  }
});

test("runs: punctuation that Chinese sets wide goes with the Chinese beside it, where its font has it", async () => {
  expect(await parts("“图片”", "fangzhengshusong")).toEqual([["han-song.ttf", "“图片”"]]);
  expect(await parts("图片……", "fangzhengkaiti")).toEqual([["han-kai.ttf", "图片……"]]);
  expect(await parts("“it’s”", "fangzhengshusong")).toEqual([["serif.ttf", "“it’s”"]]);
});

test("runs: an absent Song or Kai is served by the sans, a text that needs another absent font is not supported", async () => {
  const without: LoadFont = async (file) => (file === "han-song.ttf" || file === "han-sans.ttf" ? undefined : loadFont(file));
  const fresh = async (load: LoadFont) => createAccess(createShaper(await loadWasm("harfbuzz")).api, load);
  const songAbsent: LoadFont = (file) => (file === "han-sans.ttf" ? loadFont(file) : without(file));
  const runs = await splitRuns("图片", "fangzhengshusong", await fresh(songAbsent));
  expect(runs.map(({ file, text }) => [file, text])).toEqual([["han-sans.ttf", "图片"]]);
  await expect(splitRuns("图片", "wqy-zenhei", await fresh(without))).rejects.toMatchObject({ code: "NOT_SUPPORTED" });
});

test("runs: emoji have no direction of their own", async () => {
  const inOrder = async (text: string) =>
    (await parts(text, "wqy-zenhei")).filter(([, drawn]) => drawn !== " ").map(([file]) => file);
  expect(await inOrder("سلام 😀🎉")).toEqual(["emoji.ttf", "arabic.ttf"]);
  expect(await inOrder("😀 سلام")).toEqual(["arabic.ttf", "emoji.ttf"]);
  expect(await inOrder("😀 hello 🎉")).toEqual(["emoji.ttf", "sans.ttf", "emoji.ttf"]);
});

test("runs: fonts are loaded when a sign needs them, once", async () => {
  const expected: readonly [string, readonly FontFile[]][] = [
    ["", []],
    ["\u200d\u0007", []],
    ["Hello, Жизнь é", ["sans.ttf"]],
    ["مرحبا", ["arabic.ttf"]],
    ["图片图片", ["han-sans.ttf"]],
    ["😀😀", ["emoji.ttf"]],
    ["→", ["symbols.ttf"]],
    ["नमस्ते", ["sans.ttf", "symbols.ttf"]],
  ];
  for (const [text, files] of expected) {
    const fonts = recordingFonts();
    await splitRuns(text, "wqy-zenhei", createAccess(createShaper(await loadWasm("harfbuzz")).api, fonts.loadFont));
    expect(fonts.asked, text).toEqual(files);
  }
});

test("runs: direction follows UAX #9, with numbers left to right inside Arabic", async () => {
  const drawn = async (text: string): Promise<string[]> => (await runsOf(text)).map((run) => `${run.level % 2}${run.text}`);
  expect(await drawn("abc שלום 123 x")).toEqual(["0abc ", "0123", "1שלום ", "0 x"]);
  expect(await drawn("السعر 123 ريال")).toEqual(["1ريال", "1 ", "0123", "1السعر "]);
  expect(await drawn("مرحبا abc")).toEqual(["0abc", "1مرحبا "]);
  expect(await drawn("\u202eabc\u202c def")).toEqual(["1abc", "0 def"]);
  expect(await drawn("\u2067abc\u2069")).toEqual(["0abc"]); // an isolate's letters keep their own direction
});

test("layout: Arabic letters are joined and stand from right to left", async () => {
  const word = "مرحبا";
  const shaped = (text: string): number[] => shaper.shape("arabic.ttf", text, true, "Arab").map(({ id }) => id);
  await runsOf(word);
  const joined = shaped(word);
  const isolated = Array.from(word, (letter) => shaped(letter)).reverse();
  expect(joined).toHaveLength(5);
  // Drawn from the left: alef and beh joined, hah joined, reh final, meem initial; none has its isolated form but none else
  const changed = joined.filter((id, i) => isolated[i]?.[0] !== id);
  expect(changed).toHaveLength(5);
  const layout = await layoutOf("م1ا"); // the digit splits the word, so its place shows the direction
  const [first, digit, last] = layout.glyphs;
  expect([first?.file, digit?.file, last?.file]).toEqual(["arabic.ttf", "sans.ttf", "arabic.ttf"]);
  expect(first?.id).toBe(shaped("ا")[0]);
  expect(last?.id).toBe(shaped("م")[0]);
  expect(first?.x).toBeLessThan(digit?.x ?? 0);
  expect(digit?.x).toBeLessThan(last?.x ?? 0);
});

test("layout: emoji sequences are one glyph in color, and what the font does not join is drawn in its parts", async () => {
  const joined = ["👍🏽", "👨‍👩‍👧‍👦", "🇨🇳", "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}", "❤️", "1️⃣", "👨🏽‍🌾"];
  for (const text of joined) {
    const { glyphs, pieces, runs } = await layoutOf(text);
    expect(
      runs.map(({ file }) => file),
      text,
    ).toEqual(["emoji.ttf"]);
    expect(glyphs, text).toHaveLength(1);
    expect(
      pieces.every(({ color }) => color !== undefined),
      text,
    ).toBe(true);
  }
  for (const text of ["👨‍💩", "🇨🇳🇺", "🍎🏽"]) {
    const { glyphs, runs } = await layoutOf(text);
    expect(
      runs.map(({ file }) => file),
      text,
    ).toEqual(["emoji.ttf"]);
    expect(glyphs, text).toHaveLength(2);
  }
  // Text style on request, and by default for what is a symbol first
  for (const text of ["☀︎", "❤", "©"]) {
    expect(
      (await layoutOf(text)).pieces.map(({ color }) => color),
      text,
    ).toEqual([undefined]);
  }
});

test("layout: a sign that no font has is U+FFFD, a mark that its base's font lacks is left out", async () => {
  expect(await parts("aनb")).toEqual([["sans.ttf", "a\ufffdb"]]);
  expect(await parts("\ud800x\udc00\udc00")).toEqual([["sans.ttf", "\ufffdx\ufffd\ufffd"]]);
  const { glyphs } = await layoutOf("图\u0ecb\u0301");
  expect(glyphs.every(({ id }) => id !== 0)).toBe(true);
  expect((await layoutOf("a\u0000b\u001b\u202a\u2060")).glyphs).toHaveLength(2);
  expect(await parts("a\nb\tc")).toEqual([["sans.ttf", "a b c"]]);
});

test("layout: decomposed letters and syllables are drawn like composed ones", async () => {
  const ids = async (text: string): Promise<number[]> => (await layoutOf(text)).glyphs.map(({ id }) => id);
  expect(await ids("e\u0301")).toEqual(await ids("é"));
  expect(await ids("한글".normalize("NFD"))).toEqual(await ids("한글"));
  expect(await ids("が".normalize("NFD"))).toEqual(await ids("が"));
});

test("layout: the line box depends on size and advance, not on the letters' heights", async () => {
  const heights = ["x", "Ág", "图", "😀", "مرحبا", " "].map(async (text) => (await layoutOf(text)).box);
  for (const box of await Promise.all(heights)) expect([box.y, box.height]).toEqual([-38, 48]);
  // Marks that leave it are not cut
  const stacked = await layoutOf(`Z${"\u0351".repeat(12)}`);
  expect(stacked.box.y).toBeLessThan(-60);
  // Room for the shadow on the right and below: 2 px at size 40
  const shadowed = (await layoutOf("x", { shadow: 50 })).box;
  const plain = (await layoutOf("x")).box;
  expect(shadowed).toEqual({ ...plain, width: plain.width + 2, height: plain.height + 2 });
});

test("clusters: what belongs together stays together", () => {
  expect(texts("e\u0301x")).toEqual(["e\u0301", "x"]);
  expect(texts("👍🏽a🏽")).toEqual(["👍🏽", "a", "🏽"]);
  expect(texts("🇨🇳🇺🇸🇩")).toEqual(["🇨🇳", "🇺🇸", "🇩"]);
  expect(texts("👩🏽‍❤️‍👨🏿!")).toEqual(["👩🏽‍❤️‍👨🏿", "!"]);
  expect(texts("\ufe0f\u200da\u200b")).toEqual(["a"]);
});
