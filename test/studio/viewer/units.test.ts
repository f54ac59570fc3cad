import { afterEach, expect, test } from "vitest";
import { locale } from "../../../src/studio/state/store.ts";
import { printBytes, printFormat, printMs, printNumber, printPercent, printSize } from "../../../src/studio/viewer/units.ts";

afterEach(() => {
  locale.value = "en";
});

// biome-ignore format: one row per case
test.each([
  [0, "0 B"], [999, "999 B"], [1000, "1.0 kB"], [137_707, "137.7 kB"], [999_949, "999.9 kB"],
  [999_950, "1.0 MB"], [1_234_567, "1.2 MB"], [999_950_000, "1.0 GB"], [116_100_000_000, "116.1 GB"], [2_500_000_000_000, "2,500.0 GB"],
])("printBytes: %i is %s", (bytes, text) => {
  expect(printBytes(bytes)).toBe(text);
});

// biome-ignore format: one row per case
test.each([
  [0, "0.0 ms"], [0.44, "0.4 ms"], [9.94, "9.9 ms"], [9.96, "10 ms"], [342.4, "342 ms"], [999.6, "1.00 s"], [1238, "1.24 s"], [12_340, "12.3 s"],
])("printMs: %d is %s", (ms, text) => {
  expect(printMs(ms)).toBe(text);
});

// biome-ignore format: one row per case
test.each([
  [0.625, false, "63%"], [0.034, false, "3.4%"], [1, false, "100%"], [0, true, "0%"], [0.12, true, "+12%"], [-0.84, true, "−84%"], [-0.004, true, "−0.4%"], [19.78, true, "+1,978%"],
])("printPercent: %d, signed %s, is %s", (fraction, signed, text) => {
  expect(printPercent(fraction, { signed })).toBe(text);
});

test("figures follow the language of the page", () => {
  locale.value = "zh";
  expect([printBytes(137_707), printPercent(-0.5, { signed: true }), printNumber(1_234.5, 1)]).toEqual([
    "137.7 kB",
    "−50%",
    "1,234.5",
  ]);
});

test("sizes are written as in a URL, formats by their names", () => {
  expect([printSize({ width: 1200, height: 80 }), printFormat("webp"), printFormat("jpeg"), printFormat("avif")]).toEqual([
    "1200 × 80",
    "WebP",
    "JPEG",
    "AVIF",
  ]);
});
