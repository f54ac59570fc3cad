import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { ROOT } from "../support/library.ts";

/** The sheets are looked at by people; `npm run sheets` draws them. */
const FOLDER = join(ROOT, "docs/sheets");
const readme = readFileSync(join(FOLDER, "README.md"), "utf8");
const listed = [...readme.matchAll(/!\[.*?\]\((.*?)\)/g)].map((match) => match[1]!);

describe("contact sheets", () => {
  test("README lists the sheets that are there, and no other", () => {
    const files = readdirSync(FOLDER).filter((name) => name !== "README.md");
    expect(listed.length).toBeGreaterThan(0);
    expect(files.sort()).toEqual([...listed].sort());
  });

  test.each(listed)("%s is a picture of bounded size that is not empty", async (name) => {
    const bytes = readFileSync(join(FOLDER, name));
    const { width, height } = await sharp(bytes).metadata();
    const { channels } = await sharp(bytes).stats();
    expect(width).toBe(1200);
    expect(height).toBeGreaterThan(300);
    expect(bytes.length).toBeLessThanOrEqual(300_000);
    expect(Math.max(...channels.map(({ stdev }) => stdev))).toBeGreaterThan(20);
  });
});
