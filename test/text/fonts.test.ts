import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { FONT_FILES } from "../../src/core/fonts.ts";
import { createShaper } from "../../src/text/harfbuzz.ts";
import { createAccess } from "../../src/text/index.ts";
import { splitRuns } from "../../src/text/runs.ts";
import { loadFont } from "../support/fonts.ts";
import { loadWasm } from "../support/library.ts";

const FOLDER = fileURLToPath(new URL("../../src/text/fonts/", import.meta.url));

/** All characters of GB2312 row by row, from the runtime's own table: rows 1 to 9 are symbols, 16 to 87 hanzi. */
function gb2312(): string[] {
  const decoder = new TextDecoder("gbk");
  const rows: string[] = [];
  for (let row = 1; row <= 87; row = row === 9 ? 16 : row + 1) {
    const cells = Array.from({ length: 94 }, (_, cell) => decoder.decode(Uint8Array.of(0xa0 + row, 0xa1 + cell)));
    rows.push(cells.filter((text) => !(GBK_ONLY.test(text) || text.includes("\ufffd"))).join(""));
  }
  return rows;
}
/** Private use; small Roman numerals (row 2), vertical forms (6), and Latin with marks (8) that GBK added. */
const GBK_ONLY = /[\ue000-\uf8ff\u2170-\u2179\ufe30-\ufe4f\u0251\u0261\u0144\u0148\u01f9\u1e3f\u20ac]/u;

test("fonts: all of GB2312 is drawn by a shipped font, under every kind of font name", async () => {
  const rows = gb2312();
  expect(rows.join("").match(/[\u4e00-\u9fff]/gu)).toHaveLength(6763);
  expect(rows.join("").length).toBeGreaterThan(7400);
  const shaper = createShaper(await loadWasm("harfbuzz")).api;
  const access = createAccess(shaper, loadFont);
  for (const font of ["wqy-zenhei", "fangzhengshusong", "fangzhengkaiti"] as const) {
    const missing: string[] = [];
    for (const row of rows) {
      const runs = await splitRuns(row, font, access);
      expect(runs.map(({ text }) => text).join("")).toBe(row);
      for (const { file, text, script } of runs) {
        const glyphs = shaper.shape(file, text, false, script);
        const drawn = glyphs.filter(({ id }) => id !== 0 && shaper.outline(file, id).length > 0);
        if (drawn.length !== Array.from(text.replace(/\u3000/g, "")).length) missing.push(`${text} in ${file}`);
      }
    }
    expect(missing, font).toEqual([]);
  }
}, 60_000);

test("fonts: the files are those of the README, and each has a license beside it", async () => {
  const readme = await readFile(`${FOLDER}README.md`, "utf8");
  for (const file of FONT_FILES) {
    const bytes = await readFile(FOLDER + file);
    expect(readme.includes(`${createHash("sha256").update(bytes).digest("hex")}  ${file}`), file).toBe(true);
    expect(readme.includes(bytes.length.toLocaleString("en-US")), file).toBe(true);
  }
  for (const license of readme.match(/[a-z-]+\.LICENSE\.txt/g) ?? []) {
    expect((await stat(FOLDER + license)).size).toBeGreaterThan(1000);
  }
});
