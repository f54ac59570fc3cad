import fc from "fast-check";
import { expect, test } from "vitest";
import {
  defaultPreferences,
  type Preferences,
  parsePreferences,
  printPreferences,
} from "../../../src/studio/shell/preferences.ts";

// biome-ignore format: one row per case
test.each([
  [["zh-CN", "en"], "zh"], [["zh"], "zh"], [["zh-Hant-TW"], "zh"], [["en-GB", "zh"], "en"],
  [["de", "zh-CN"], "zh"], [["de", "fr"], "en"], [[], "en"], [["zha", "en"], "en"],
])("defaultPreferences: %j speaks %s", (languages, locale) => {
  expect(defaultPreferences(languages).locale).toBe(locale);
});

const defaults = defaultPreferences(["en"]);

test.each([null, undefined, "", "{", "null", "[]", "7", '"en"', '{"locale":"fr","theme":1,"view":null,"stripOpen":"no"}'])(
  "parsePreferences: %s leaves the defaults",
  (text) => {
    expect(parsePreferences(text, defaults)).toEqual(defaults);
  },
);

test("parsePreferences: keeps what is right beside what is not", () => {
  expect(parsePreferences('{"locale":"zh","theme":"pink","stripOpen":false}', defaults)).toEqual({
    ...defaults,
    locale: "zh",
    stripOpen: false,
  });
});

const chosen: fc.Arbitrary<Preferences> = fc.record({
  locale: fc.constantFrom("en", "zh"),
  theme: fc.constantFrom("auto", "light", "dark"),
  view: fc.constantFrom("divider", "side", "result"),
  stripOpen: fc.boolean(),
});

test("choices come back as they were kept", () => {
  fc.assert(
    fc.property(chosen, fc.constantFrom("en", "zh"), (preferences, language) => {
      const before = defaultPreferences([language]);
      expect(parsePreferences(printPreferences(preferences, before), before)).toEqual(preferences);
    }),
  );
});

test("a language that nobody chose follows the browser", () => {
  const text = printPreferences({ ...defaults, theme: "dark" }, defaults);
  expect(parsePreferences(text, defaultPreferences(["zh-CN"]))).toMatchObject({ locale: "zh", theme: "dark" });
});
