import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Made, Opened } from "../../../src/studio/engine/protocol.ts";
import { createStudioEngine, type StudioEngine } from "../../../src/studio/engine/studio-engine.ts";
import { encodeBase64Url } from "../../../src/syntax/base64.ts";
import { loadFont } from "../../support/fonts.ts";
import { fixture, loadWasm, ROOT, testLibrary } from "../../support/library.ts";

const library = testLibrary();
function createEngine(): StudioEngine {
  return createStudioEngine({ loadWasm, loadFont, now: () => performance.now() });
}
async function fixtureBlob(name: string): Promise<Blob> {
  return new Blob([await readFile(join(ROOT, "fixtures/images", name))]);
}
async function opened(name: string): Promise<StudioEngine> {
  const engine = createEngine();
  await engine.answer({ kind: "open", picture: await fixtureBlob(name) });
  return engine;
}
const draft = (engine: StudioEngine, process: string, side: number, geometry = false) =>
  engine.answer({ kind: "draft", process, side, geometry }) as Promise<Made>;

describe("open", () => {
  test("tells the upright size", async () => {
    const answer = (await createEngine().answer({ kind: "open", picture: await fixtureBlob("landscape-6.jpg") })) as Opened;
    expect([answer.width, answer.height, answer.probe.orientation]).toEqual([600, 400, 6]);
  });
  test("refuses what is no picture, and keeps the picture before", async () => {
    const engine = await opened("owl.jpg");
    await expect(engine.answer({ kind: "open", picture: new Blob(["no picture"]) })).rejects.toMatchObject({
      code: "UNSUPPORTED_FORMAT",
    });
    expect(await engine.answer({ kind: "explain", process: "" })).toMatchObject({ width: 1023, height: 682 });
  });
  test("with a side refuses a picture whose pixels cannot be read", async () => {
    const engine = await opened("owl.jpg");
    const picture = await fixtureBlob("truncated.png");
    await expect(engine.answer({ kind: "open", picture, side: 800 })).rejects.toMatchObject({ code: "CORRUPT_IMAGE" });
    expect(await engine.answer({ kind: "explain", process: "" })).toMatchObject({ width: 1023, height: 682 });
  });
  test("comes before everything else", async () => {
    await expect(createEngine().answer({ kind: "explain", process: "" })).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
  });
});

describe("explain", () => {
  // biome-ignore format: one row per case
  test.each([
    ["image/resize,w_100/crop,x_200,w_10/flip,h", "BAD_ARGUMENT",     1],
    ["image/crop,x_900/crop,x_900",               "BAD_ARGUMENT",     1],
    ["image/resize,w_16000,h_16000,m_fixed,limit_0", "OUTPUT_TOO_LARGE", 0],
    ["image/resize,w_9/format,png/chroma,444",    "BAD_ARGUMENT",     undefined],
  ])("says which operation of %s does not fit", async (process, code, call) => {
    const engine = await opened("owl.jpg");
    const error: unknown = await engine.answer({ kind: "explain", process }).then(String, (thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect((error as { call?: number }).call).toBe(call);
  });
});

describe("render", () => {
  let owl: Uint8Array;
  beforeAll(async () => {
    owl = await fixture("owl.jpg");
  });
  test("gives the bytes of the library, and their digest", async () => {
    const process = `image/resize,w_300/watermark,text_${encodeBase64Url("图片")}/format,webp`;
    const made = (await (await opened("owl.jpg")).answer({ kind: "render", process })) as Made;
    expect(made.data).toEqual((await library.transform(owl, process)).data);
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", made.data)).toString("hex");
    expect(made).toMatchObject({ sha256: digest, format: "webp", mimeType: "image/webp", width: 300, height: 200 });
  });
  test("gives the bytes of the picture where nothing is asked, and can do so again", async () => {
    const engine = await opened("owl.jpg");
    for (let time = 0; time < 2; time++) {
      const made = (await engine.answer({ kind: "render", process: "" })) as Made;
      expect(made.data).toEqual(owl);
      expect(made).toMatchObject({ format: "jpeg", mimeType: "image/jpeg", width: 1023, height: 682, timings: {} });
      structuredClone(made.data.buffer, { transfer: [made.data.buffer] }); // as the worker does
    }
  });
  test("draws pictures that were handed over, and says where there is none", async () => {
    const engine = await opened("owl.jpg");
    const process = `image/watermark,image_${encodeBase64Url("logo.png")}`;
    await expect(engine.answer({ kind: "render", process })).rejects.toMatchObject({ code: "WATERMARK_FAILED" });
    engine.setMarks({ pictures: [["logo.png", await fixtureBlob("dice.png")]] });
    const made = (await engine.answer({ kind: "render", process })) as Made;
    const dice = await fixture("dice.png");
    expect(made.data).toEqual((await library.transform(owl, process, { fetchObject: async () => dice })).data);
  });
});

describe("draft", () => {
  test("is at most as large as asked, has its pixels without loss, and can be made again", async () => {
    const engine = await opened("owl.jpg");
    for (const [process, width, height] of [
      ["", 400, 267],
      ["image/bright,10", 400, 267],
      ["image/resize,w_200", 200, 133],
    ] as const) {
      expect(await draft(engine, process, 400)).toMatchObject({ format: "bmp", width, height });
    }
  });
  test("has an original that is moved and cut alike beside it", async () => {
    const engine = await opened("owl.jpg");
    const process = "image/crop,w_400,h_400/bright,100/rotate,90";
    const [made, before] = [await draft(engine, process, 400), await draft(engine, process, 400, true)];
    expect([before.width, before.height]).toEqual([made.width, made.height]);
    expect(before.data).toEqual((await draft(engine, "image/crop,w_400,h_400/rotate,90", 400)).data);
    expect(before.data).not.toEqual(made.data);
  });
  test("leaves pixels as stored where the plan says so", async () => {
    const engine = await opened("landscape-6.jpg");
    expect(await draft(engine, "image/auto-orient,0/flip,h", 300)).toMatchObject({ width: 200, height: 300 });
    expect(await draft(engine, "image/flip,h", 300)).toMatchObject({ width: 300, height: 200 });
  });
  test("is transparent where the result will be, and white where that cannot be", async () => {
    const engine = await opened("owl.jpg");
    const corner = async (process: string) => {
      const { data } = await draft(engine, process, 100);
      const { data: png } = await library.transform(data, "image/crop,w_1,h_1/format,bmp");
      return [...png.subarray(-4)];
    };
    expect(await corner("image/rounded-corners,r_300/format,png")).toEqual([0, 0, 0, 0]);
    expect((await corner("image/rounded-corners,r_300")).slice(0, 3)).toEqual([255, 255, 255]);
  });
  test("looks like the result: a watermark picture has the same share of it", async () => {
    const engine = await opened("owl.jpg");
    engine.setMarks({ pictures: [["logo.png", await fixtureBlob("dice.png")]] });
    const mark = encodeBase64Url("logo.png?x-oss-process=image/crop,w_500,h_400,g_center");
    const process = `image/watermark,image_${mark},x_100,y_60`;
    const exact = (await engine.answer({ kind: "render", process: `${process}/resize,w_400/format,bmp` })) as Made;
    const made = await draft(engine, `${process}/format,bmp`, 400);
    expect([made.width, made.height]).toEqual([exact.width, exact.height]);
    expect(meanDifference(made.data, exact.data)).toBeLessThan(2);
  });
});

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((sum, value, index) => sum + Math.abs(value - (b[index] ?? 0)), 0) / a.length;
}
