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
const FULL = process.env["OPALENS_TEST_FULL"] === "1";
/** The first is asked twice, with test:full all are: the same bytes must come again. */
const QUERIES = ["w=320&h=320&format=webp", "x-oss-process=image/resize,w_100/format,png"];
const GREETING = encodeURIComponent("Hi 你好 سلام 😀");
/** Plans that use all the rest, one for each file in turn. BMP is not among them: libvips does not read it. */
const MORE_QUERIES = [
  "trim=12&w=120&h=90&fit=cover&meta=keep&format=jpg&progressive=1",
  `w=200&blur=4.5&rotate=33&wm_text=${GREETING}&wm_shadow=60&wm_rotate=15&format=webp`,
  "w=150&h=150&fit=pad&bg=336699C0&radius=max&lossless=1&format=webp",
  "w=240&sharpen=1.5&saturate=-30&contrast=20&wm=logos%2Fstar.png&wm_w=12&wm_fill=1&wm_t=40&format=png",
  "crop=1,1,300,300&pixelate=9&gray=1&bright=10&flip=hv&format=tiff",
  "w=160&maxbytes=3000&meta=copyright&format=avif",
  "x-oss-process=image/resize,w_130/circle,r_40/format,png",
  "x-oss-process=image/resize,m_fill,w_90,h_90/rounded-corners,r_20/sharpen,150/blur,r_3,s_2/format,jpg/interlace,1",
];

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

    function formatOf(query: string): string | undefined {
      const name = /format[=,](\w+)/.exec(query)?.[1];
      return name === "jpg" ? "jpeg" : name === "avif" ? "heif" : name;
    }

    /** Status, Code and digest of what one request gives; asserts that it is a picture or a typed 4xx. */
    async function outcome(file: string, query: string): Promise<string> {
      const path = file.split("/").map(encodeURIComponent).join("/");
      const response = await fetch(`${stack.urls.accessPoint}/${path}?${query}`);
      const body = Buffer.from(await response.arrayBuffer());
      if (response.status === 200) {
        const { format, width = 0, height = 0 } = await sharp(body).metadata();
        expect([file, query, format]).toEqual([file, query, formatOf(query)]);
        expect(Math.max(width, height)).toBeGreaterThan(0);
        expect(width).toBeLessThanOrEqual(400);
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
          for (const query of [...QUERIES, MORE_QUERIES[files.indexOf(file) % MORE_QUERIES.length]!]) {
            const first = await outcome(file, query);
            if (FULL || query === QUERIES[0]) expect(await outcome(file, query), file).toBe(first);
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
