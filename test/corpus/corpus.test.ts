import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../src/stack/index.ts";
import { CORPUS, HAS_CORPUS } from "../support/corpus.ts";
import { ROOT } from "../support/library.ts";

const FOLDERS = [
  "photos",
  "jpeg",
  "orientation",
  "icc",
  "png",
  "webp",
  "avif",
  "logos",
  "broken",
  "edge",
  "oss",
  "bench",
  "animated",
  "bmp-tiff",
  "heic",
  "svg",
  "jxl",
  "video",
];
const QUERIES = ["w=320&h=320&format=webp", "x-oss-process=image/resize,w_100/format,png"];

const files = HAS_CORPUS
  ? FOLDERS.flatMap((folder) => readdirSync(join(CORPUS, folder)).map((name) => `${folder}/${name}`))
  : [];

// Without the corpus there is nothing to run on; the fixtures have tests of their own
describe.skipIf(files.length === 0)(
  "the deployed bundle on the corpus (skipped: no folder at OPALENS_CORPUS or ../shared/corpus)",
  () => {
    let stack: Stack;
    const lines: string[] = [];
    beforeAll(async () => {
      stack = await startStack({
        root: CORPUS,
        bundleDir: join(ROOT, "dist/fc"),
        instanceScript: join(ROOT, "dist/stack/instance.cjs"),
        maxInstances: 1,
        memoryMb: 2048,
        log: (line) => lines.push(line),
      });
    });
    afterAll(() => stack?.close());

    /** Status, Code and digest of what one request gives; asserts that it is a picture or a typed 4xx. */
    async function outcome(file: string, query: string): Promise<string> {
      const path = file.split("/").map(encodeURIComponent).join("/");
      const response = await fetch(`${stack.urls.accessPoint}/${path}?${query}`);
      const body = Buffer.from(await response.arrayBuffer());
      if (response.status === 200) {
        const { format, width = 0, height = 0 } = await sharp(body).metadata();
        expect(format).toBe(query.includes("webp") ? "webp" : "png");
        expect(Math.max(width, height)).toBeGreaterThan(0);
        expect(width).toBeLessThanOrEqual(320);
        return `200 ${width}x${height} ${createHash("sha256").update(body).digest("hex")}`;
      }
      const text = body.toString("utf8");
      expect([400, 403, 404], `${file}: ${response.status} ${text}`).toContain(response.status);
      expect(text).toMatch(/<Code>[A-Za-z]+<\/Code>/);
      return `${response.status} ${/<Code>(.*?)<\/Code>/.exec(text)?.[1]} ${/<Message>(.*?)<\/Message>/.exec(text)?.[1]}`;
    }

    test.each(FOLDERS)(
      "%s: every file ends in a picture or a typed 4xx, twice alike",
      async (folder) => {
        const report: string[] = [];
        for (const file of files.filter((name) => name.startsWith(`${folder}/`))) {
          for (const query of QUERIES) {
            const first = await outcome(file, query);
            expect(await outcome(file, query), file).toBe(first);
            report.push(`${file} ${first.slice(0, 90)}`);
          }
        }
        if (process.env["OPALENS_CORPUS_REPORT"] === "1") console.log(report.join("\n"));
        expect(report.length).toBeGreaterThan(0);
      },
      240_000,
    );

    test("no request was left without an answer and one instance served them all", async () => {
      const stats = stack.stats();
      expect(stats.accessPoint.unanswered).toBe(0);
      expect(stats.function.coldStarts).toBe(1);
      // The line is written after the client has its answer
      await expect.poll(() => lines.filter((line) => line.includes('"outcome"')).length).toBe(stats.accessPoint.requests);
    });
  },
);
