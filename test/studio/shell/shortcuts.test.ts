import { expect, test } from "vitest";
import { type Keys, keysOf, shortcutOf, takesText } from "../../../src/studio/shell/shortcuts.ts";

const NONE: Keys = { key: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const ctrl = { ctrlKey: true };
const meta = { metaKey: true };
const shift = { shiftKey: true };

// biome-ignore format: one row per case
test.each<[Partial<Keys>, ReturnType<typeof shortcutOf>]>([
  [{ key: "z", ...ctrl }, "undo"],                [{ key: "z", ...meta }, "undo"],
  [{ key: "Z", ...ctrl, ...shift }, "redo"],      [{ key: "Z", ...meta, ...shift }, "redo"],
  [{ key: "y", ...ctrl }, "redo"],                [{ key: "y", ...meta }, undefined],
  [{ key: "o" }, "open"],                         [{ key: "o", ...ctrl }, undefined],
  [{ key: "O", ...shift }, undefined],            [{ key: "?", ...shift }, "help"],
  [{ key: "?" }, "help"],                         [{ key: "?", ...ctrl }, undefined],
  [{ key: "z" }, undefined],                      [{ key: "z", ...ctrl, altKey: true }, undefined],
  [{ key: "o", altKey: true }, undefined],        [{ key: "Escape" }, undefined],
])("shortcutOf: %j is %s", (keys, expected) => {
  expect(shortcutOf({ ...NONE, ...keys })).toBe(expected);
});

// biome-ignore format: one row per case
test.each([
  [{ tagName: "INPUT", type: "text" }, true],     [{ tagName: "INPUT", type: "number" }, true],
  [{ tagName: "INPUT" }, true],                   [{ tagName: "INPUT", type: "search" }, true],
  [{ tagName: "INPUT", type: "range" }, false],   [{ tagName: "INPUT", type: "checkbox" }, false],
  [{ tagName: "TEXTAREA" }, true],                [{ tagName: "SELECT" }, true],
  [{ tagName: "BUTTON" }, false],                 [{ tagName: "DIV", isContentEditable: true }, true],
  [{ tagName: "DIV", isContentEditable: false }, false],
])("takesText: %j is %s", (element, expected) => {
  expect(takesText(element)).toBe(expected);
});

test("keysOf: as the machine's keyboard names them", () => {
  expect([keysOf("undo", false), keysOf("undo", true)]).toEqual(["Ctrl+Z", "⌘Z"]);
  expect([keysOf("redo", false), keysOf("paste", true)]).toEqual(["Ctrl+Shift+Z", "⌘V"]);
});
