import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { createLessor } from "../../src/core/lease.ts";
import type { RgbaRaster } from "../../src/core/raster.ts";
import { FONT_NAMES, type TextEngine, type TextSpec } from "../../src/core/text.ts";
import { textBytes } from "../../src/text/bytes.ts";
import { createTextEngine } from "../../src/text/index.ts";
import { loadFont, recordingFonts } from "../support/fonts.ts";
import { loadWasm } from "../support/library.ts";
import { pixelAt } from "../support/pictures.ts";

const MIXED = "Hello 图片服务! مرحبا 😀👍🏽";
const newEngine = (load = loadFont): TextEngine => {
  return createTextEngine({ lease: createLessor(loadWasm, () => undefined), loadFont: load });
};
const engine = newEngine();
const specOf = (text: string, more: Partial<TextSpec> = {}): TextSpec => {
  return { text, font: "wqy-zenhei", size: 40, color: "C02040", shadow: 0, rotateDeg: 0, ...more };
};
const draw = (text: string, more?: Partial<TextSpec>): Promise<RgbaRaster> => engine.draw(specOf(text, more));

const alphas = ({ data }: RgbaRaster): Uint8Array => data.filter((_, i) => i % 4 === 3);
const sum = (values: Uint8Array): number => values.reduce((total, value) => total + value, 0) / 255;
/** Coverage on the border, where ink would have been cut. */
function borderInk({ width, height, data }: RgbaRaster): number {
  let total = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) total += data[(y * width + x) * 4 + 3] ?? 0;
    }
  }
  return total / 255;
}

test("draw: the text's color where there is text, nothing elsewhere, in the size that measure gives", async () => {
  for (const more of [{}, { rotateDeg: 30, shadow: 50 }, { size: 1 }, { size: 200, font: "fangzhengkaiti" }] as const) {
    const raster = await draw(MIXED, more);
    expect(await engine.measure(specOf(MIXED, more))).toEqual({ width: raster.width, height: raster.height });
    expect(raster.data).toHaveLength(raster.width * raster.height * 4);
    expect(raster).toMatchObject({ layout: "rgba8", alpha: true });
  }
  const raster = await draw("Ж图م");
  for (let i = 0; i < raster.data.length; i += 4) {
    const [r, g, b, a] = raster.data.subarray(i, i + 4);
    expect([r, g, b]).toEqual(a === 0 ? [0, 0, 0] : [0xc0, 0x20, 0x40]);
  }
});

test("draw: the ink has the weight and place that Pango gives the same font", async () => {
  const cases = [
    ["sans.ttf", "Noto Sans", "Straßburg, Ελλάδα ЖЩ"],
    ["han-sans.ttf", "Droid Sans Fallback", "图片服务ひらカナ"],
  ];
  for (const [file = "", family = "", text = ""] of cases) {
    const fontfile = new URL(`../../src/text/fonts/${file}`, import.meta.url).pathname;
    const theirs = await sharp({ text: { text, font: `${family} 200`, fontfile, dpi: 72, rgba: true } })
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const ours = await draw(text, { size: 200, color: "000000" });
    const ink = inkBox(ours);
    const peer = { layout: "rgba8", ...theirs.info, data: new Uint8Array(theirs.data), alpha: true } as RgbaRaster;
    const peerInk = inkBox(peer);
    expect(Math.abs(ink.width - peerInk.width), text).toBeLessThanOrEqual(4); // they place glyphs on whole px
    expect(Math.abs(ink.height - peerInk.height), text).toBeLessThanOrEqual(2);
    expect(sum(alphas(ours)) / sum(alphas(peer)), text).toBeGreaterThan(0.99);
    expect(sum(alphas(ours)) / sum(alphas(peer)), text).toBeLessThan(1.01);
  }
});

function inkBox({ width, height, data }: RgbaRaster): { readonly width: number; readonly height: number } {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if ((data[(y * width + x) * 4 + 3] ?? 0) < 64) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return { width: right - left + 1, height: bottom - top + 1 };
}

test("draw: quarter turns are the turned raster", async () => {
  const upright = await draw(MIXED, { shadow: 60 });
  for (const rotateDeg of [90, 180, 270]) {
    const turned = await draw(MIXED, { shadow: 60, rotateDeg });
    const { width, height, data } = upright;
    const expected = await sharp(data, { raw: { width, height, channels: 4 } })
      .rotate(rotateDeg)
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([turned.width, turned.height]).toEqual([expected.info.width, expected.info.height]);
    let largest = 0;
    for (let i = 0; i < turned.data.length; i++) {
      // Color of what is nearly clear is rounding
      if (i % 4 === 3 || (turned.data[i | 3] ?? 0) > 32) {
        largest = Math.max(largest, Math.abs((turned.data[i] ?? 0) - (expected.data[i] ?? 0)));
      }
    }
    expect(largest, `${rotateDeg}°`).toBeLessThanOrEqual(6);
  }
});

test("draw: turning keeps the amount of ink and cuts none", async () => {
  const upright = sum(alphas(await draw("Waterfall图片")));
  for (const rotateDeg of [1, 30, 45, 133, 315]) {
    const turned = await draw("Waterfall图片", { rotateDeg });
    expect(sum(alphas(turned)) / upright, `${rotateDeg}°`).toBeCloseTo(1, 2);
  }
  // Clockwise: at 30° the text runs down to the right, so its end is lower than its start
  const turned = await draw("WWWWWWWW", { rotateDeg: 30 });
  const half = (fromX: number, toX: number): number => {
    let [weight, total] = [0, 0];
    for (let y = 0; y < turned.height; y++) {
      for (let x = fromX; x < toX; x++) {
        const alpha = pixelAt(turned, x, y)[3] ?? 0;
        weight += alpha;
        total += alpha * y;
      }
    }
    return total / weight;
  };
  expect(half(0, Math.floor(turned.width / 2))).toBeLessThan(half(Math.floor(turned.width / 2), turned.width) - 40);
});

test("draw: ink that leaves the line box is not cut", async () => {
  for (const text of [`Z${"\u0351\u0327".repeat(9)}`, "ﷺ﷽", "j̈", "ﻼ\u064b"]) {
    const stacked = await draw(text);
    expect(borderInk(stacked), text).toBeLessThan(borderInk(await draw("Z")) + 12);
    const larger = await draw(text, { size: 80 });
    // Four times the area at twice the size: nothing was lost at either
    expect(sum(alphas(larger)) / sum(alphas(stacked)) / 4, text).toBeCloseTo(1, 1);
  }
});

test("draw: the shadow is black, as strong as asked for, below the text and to its lower right", async () => {
  const [plain, shadowed] = [await draw("I", { size: 100, shadow: 0 }), await draw("I", { size: 100, shadow: 40 })];
  expect([shadowed.width - plain.width, shadowed.height - plain.height]).toEqual([5, 5]);
  let shadowOnly = 0;
  for (let y = 0; y < shadowed.height; y++) {
    for (let x = 0; x < shadowed.width; x++) {
      const [r, g, b, a] = pixelAt(shadowed, x, y);
      const text = x < plain.width && y < plain.height ? (pixelAt(plain, x, y)[3] ?? 0) : 0;
      const cast = x >= 5 && y >= 5 ? (pixelAt(plain, x - 5, y - 5)[3] ?? 0) : 0;
      if (text === 255) expect([r, g, b, a]).toEqual([0xc0, 0x20, 0x40, 255]);
      else if (text === 0) {
        expect([r, g, b]).toEqual([0, 0, 0]);
        expect(Math.abs((a ?? 0) - cast * 0.4)).toBeLessThanOrEqual(1.5);
        if (cast === 255) shadowOnly++;
      }
    }
  }
  expect(shadowOnly).toBeGreaterThan(200);
});

test("draw: emoji are in color, whatever the text's color", async () => {
  const raster = await draw("😀", { size: 100, color: "0000FF" });
  const [r = 0, g = 0, b = 0, a] = pixelAt(raster, 50, 22); // the forehead
  expect(a).toBe(255);
  expect(r).toBeGreaterThan(200);
  expect(g).toBeGreaterThan(150);
  expect(b).toBeLessThan(120);
});

test("draw: text without ink gives an empty raster of the line's size", async () => {
  for (const text of ["   ", "\u0007", "\u200b", "\u3000"]) {
    const raster = await draw(text, { shadow: 50 });
    expect(raster.height).toBe(50);
    expect(raster.data.every((value) => value === 0)).toBe(true);
  }
  const turned = await draw(" ", { size: 1, rotateDeg: 45 });
  expect(Math.min(turned.width, turned.height)).toBeGreaterThanOrEqual(1);
});

test("draw: equal bytes twice, from another engine, and after other texts", async () => {
  const spec = specOf(MIXED, { size: 33, shadow: 30, rotateDeg: 17 });
  const first = await engine.draw(spec);
  await draw("something else 别的 غير", { font: "fangzhengkaiti" });
  expect((await engine.draw(spec)).data).toEqual(first.data);
  expect((await newEngine().draw(spec)).data).toEqual(first.data);
});

test("engine: texts drawn at once do not disturb each other", async () => {
  const texts = ["Hello", "图片服务", "مرحبا", "😀👍🏽"];
  const alone = [];
  for (const text of texts) alone.push((await draw(text)).data);
  const together = await Promise.all(texts.map((text) => draw(text)));
  expect(together.map(({ data }) => data)).toEqual(alone);
});

test("engine: a font stays loaded, and a failed load is tried again", async () => {
  const fonts = recordingFonts();
  const kept = newEngine(fonts.loadFont);
  await kept.draw(specOf("one"));
  await kept.draw(specOf("two"));
  expect(fonts.asked).toEqual(["sans.ttf"]);

  let failures = 1;
  const flaky = newEngine(async (file) => {
    if (failures-- > 0) throw new Error("connection reset");
    return loadFont(file);
  });
  await expect(flaky.draw(specOf("one"))).rejects.toMatchObject({ name: "TransformError", code: "INTERNAL" });
  expect((await flaky.draw(specOf("one"))).data).toEqual((await kept.draw(specOf("one"))).data);
});

test("engine: any text of 64 bytes and any setting ends in a raster of the measured size, in bounded time", async () => {
  const pools = [
    "a\u0301\u202e\u2067\u0000",
    "مرﷺ\u064b\u200d12",
    "👨\u200d👩🏽🇨🏴\u{e0067}\ufe0f",
    "图〈ガ한\u1161\ud800\udc00",
    "शไ\ue000\u{10ffff}",
  ];
  const sign = fc.oneof(
    fc.constantFrom(...pools.flatMap((pool) => pool.split(""))),
    fc.string({ unit: "binary", maxLength: 1 }),
  );
  const text = fc.array(sign, { minLength: 1, maxLength: 64 }).map((signs) => {
    let kept = signs.join("");
    while (new TextEncoder().encode(kept).length > 64) kept = kept.slice(0, -1);
    return kept;
  });
  const setting = fc.record({
    text,
    font: fc.constantFrom(...FONT_NAMES),
    size: fc.integer({ min: 1, max: 120 }),
    shadow: fc.integer({ min: 0, max: 100 }),
    rotateDeg: fc.integer({ min: 0, max: 359 }),
  });
  await fc.assert(
    fc.asyncProperty(setting, async (more) => {
      const spec = specOf(more.text, more);
      const size = await engine.measure(spec);
      const { width, height } = await engine.draw(spec);
      expect({ width, height }).toEqual(size);
      expect(textBytes(size)).toBeGreaterThan(width * height * 5);
    }),
    { numRuns: 150 },
  );
}, 60_000);
