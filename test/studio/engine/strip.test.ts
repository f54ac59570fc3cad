import { expect, test } from "vitest";
import { CODECS } from "../../../src/codecs/index.ts";
import { askedFor } from "../../../src/studio/engine/strip.ts";
import { parseProcess } from "../../../src/syntax/oss-process.ts";

const PLAN = parseProcess("image/resize,w_200/quality,q_40/chroma,444/maxbytes,9000/lossless,1/background,FF0000");

test("each format at its default quality, then the chosen one at several", () => {
  expect(askedFor(PLAN, "webp", true)).toEqual([
    { format: "jpeg", process: "image/resize,w_200/background,FF0000/format,jpg/quality,d_format/chroma,444" },
    { format: "webp", process: "image/resize,w_200/background,FF0000/format,webp/quality,d_format" },
    { format: "avif", process: "image/resize,w_200/background,FF0000/format,avif/quality,d_format/chroma,444" },
    { format: "png", process: "image/resize,w_200/background,FF0000/format,png" },
    ...[50, 65, 80, 90].map((quality) => ({
      format: "webp",
      quality,
      process: `image/resize,w_200/background,FF0000/format,webp/quality,a_${quality}`,
    })),
  ]);
});
test("no qualities of a format without loss, no PNG where nothing is transparent", () => {
  expect(askedFor(PLAN, "bmp", false).map(({ format }) => format)).toEqual(["jpeg", "webp", "avif"]);
});
test("what it knows of formats is what the codecs say", () => {
  for (const { format, process } of askedFor(PLAN, "bmp", true)) {
    const supports = CODECS.get(format)?.supports;
    expect([format, process.includes("quality,d_format"), process.includes("chroma,444")]).toEqual([
      format,
      supports?.quality,
      supports?.chroma,
    ]);
  }
});
