import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { FontFile, LoadFont } from "../../src/core/fonts.ts";

/** Fonts from where they are kept. */
export const loadFont: LoadFont = async (file) => {
  return new Uint8Array(await readFile(fileURLToPath(new URL(`../../src/text/fonts/${file}`, import.meta.url))));
};

/** The same, and a record of what was asked for, in order. */
export function recordingFonts(load: LoadFont = loadFont): { readonly loadFont: LoadFont; readonly asked: FontFile[] } {
  const asked: FontFile[] = [];
  return {
    asked,
    loadFont(file) {
      asked.push(file);
      return load(file);
    },
  };
}
