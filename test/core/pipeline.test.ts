import { describe, expect, test } from "vitest";
import type { Codec, DecodeNeeds } from "../../src/core/codec.ts";
import { TransformError } from "../../src/core/errors.ts";
import type { Rect } from "../../src/core/geometry.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/core/limits.ts";
import type { Job } from "../../src/core/pipeline.ts";
import type { Raster, RgbaRaster } from "../../src/core/raster.ts";
import type { RowShape } from "../../src/core/rows.ts";
import type { TextEngine, TextSpec } from "../../src/core/text.ts";
import { difference, numbered, type Pixels, paint, probeOf, rejectionOf, scene } from "../support/pictures.ts";
import { decodesWhole, fakeCodec, runFake } from "./fakes.ts";

const source = scene(120, 80);
const probe = probeOf(120, 80);
const rgba = (raster: Raster | undefined): Pixels => {
  if (raster?.layout !== "rgba8") throw new Error(`expected rgba8, got ${raster?.layout}`);
  return raster;
};
function cut({ width, data }: Pixels, x: number, y: number, w: number, h: number): Pixels {
  const output = new Uint8Array(w * h * 4);
  for (let row = 0; row < h; row++)
    output.set(data.subarray(((y + row) * width + x) * 4, ((y + row) * width + x + w) * 4), row * w * 4);
  return { width: w, height: h, data: output };
}
/** Every second pixel's mean, as a decoder that scales by 1/2 in its transform would give it. */
function halved({ width, height, data }: Pixels): Pixels {
  const output = new Uint8Array((width / 2) * (height / 2) * 4);
  for (let y = 0, at = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      for (let c = 0; c < 4; c++, at++) {
        const sum = [0, 1, width, width + 1].reduce((total, next) => total + data[(y * width + x + next) * 4 + c]!, 0);
        output[at] = Math.round(sum / 4);
      }
    }
  }
  return { width: width / 2, height: height / 2, data: output };
}

const rowsOf: NonNullable<Codec["rowsOf"]> = (_probe, { region: { width, height } }) => ({ width, height, bytes: 4 });
/** Packed pixels of the size of what they cover. */
const rowShape = (covers: Rect): RowShape => ({
  kind: "rgba",
  alpha: false,
  covers,
  planes: [{ width: covers.width, height: covers.height, spanX: { of: 1, by: 1 }, spanY: { of: 1, by: 1 } }],
});

describe("run: a decoder that delivers the region only", () => {
  const regionOnly =
    (seen: DecodeNeeds[]): Codec["decode"] =>
    async (_bytes, _probe, needs, { rows }) => {
      seen.push(needs);
      const { x, y, width, height } = needs.region;
      const writer = rows.begin(rowShape(needs.region));
      const { data } = cut(source, x, y, width, height);
      for (let row = 0; row < height; row++) writer.write(0, data.subarray(row * width * 4, (row + 1) * width * 4));
      return writer.end();
    };
  test.each([
    ["image/crop,x_30,y_20,w_50,h_40", []],
    ["image/crop,x_30,y_20/crop,w_50,h_40", []],
    ["image/crop,x_30,y_20,w_50,h_40/rotate,90", ["turn"]],
    ["image/resize,w_60/crop,w_20", []], // rows are resampled as they come, and no more than is kept
    ["image/rotate,180/crop,w_20", ["turn", "crop"]],
  ])("gives the same pixels as a whole one: %s", async (text, applied) => {
    const [whole, region] = [fakeCodec({ decode: decodesWhole(source) }), fakeCodec({ decode: regionOnly([]), rowsOf })];
    await runFake(text, probe, [whole]);
    const { steps } = await runFake(text, probe, [region]);
    expect(steps.map(({ kind }) => kind)).toEqual(applied);
    expect(region.encoded[0]?.raster).toEqual(whole.encoded[0]?.raster);
  });
  test("is told the region in stored px, of a picture that lies on its side too", async () => {
    const seen: DecodeNeeds[] = [];
    const [whole, region] = [fakeCodec({ decode: decodesWhole(source) }), fakeCodec({ decode: regionOnly(seen), rowsOf })];
    const sideways = probeOf(120, 80, { orientation: 6 });
    const text = "image/crop,x_10,y_30,w_20,h_40/resize,w_10";
    await runFake(text, sideways, [whole]);
    await runFake(text, sideways, [region]);
    // Upright is 80x120 and shows stored (x, y) at (79 − y, x)
    expect(seen).toEqual([{ region: { x: 30, y: 50, width: 40, height: 20 }, size: { width: 20, height: 10 } }]);
    expect(region.encoded[0]?.raster).toEqual(whole.encoded[0]?.raster);
    expect(rgba(region.encoded[0]?.raster)).toMatchObject({ width: 10, height: 20 });
  });
});

test("run: a decoder that scales while decoding is finished by the resampling", async () => {
  const whole = fakeCodec({ decode: decodesWhole(source) });
  const scaling = fakeCodec({
    decode: async (_bytes, _probe, needs, { rows }) => {
      expect(needs.size).toEqual({ width: 45, height: 30 });
      return rows.whole({ layout: "rgba8", ...halved(source), alpha: false }, needs.region);
    },
  });
  await runFake("image/resize,w_45", probe, [whole]);
  const { steps, result } = await runFake("image/resize,w_45", probe, [scaling]);
  expect(steps).toMatchObject([{ kind: "scale", input: { width: 60, height: 40 } }]);
  expect(result).toMatchObject({ width: 45, height: 30, data: new Uint8Array([1, 2, 3]), mimeType: "image/fake" });
  expect(difference(rgba(whole.encoded[0]?.raster), rgba(scaling.encoded[0]?.raster)).mean).toBeLessThan(3);
});

describe("run: a raster is converted only where a step needs it", () => {
  /** Y of the scene, chroma 2x2: blue above, red below. */
  const ycbcr: Raster = {
    layout: "ycbcr8",
    width: 5,
    height: 4,
    subsampleX: 2,
    subsampleY: 2,
    alpha: false,
    planes: [
      { width: 5, height: 4, data: Uint8Array.from({ length: 20 }, (_, i) => 40 + i * 8) },
      { width: 3, height: 2, data: Uint8Array.from([220, 220, 220, 90, 90, 90]) },
      { width: 3, height: 2, data: Uint8Array.from([110, 110, 110, 240, 240, 240]) },
    ],
  };
  const gray: Raster = {
    layout: "gray8",
    width: 5,
    height: 4,
    alpha: false,
    data: Uint8Array.from({ length: 20 }, (_, i) => i * 12),
  };
  const small = probeOf(5, 4);
  const decodes =
    (raster: Raster): Codec["decode"] =>
    async (_bytes, _probe, _needs, { rows }) =>
      rows.whole(raster, { x: 0, y: 0, width: 5, height: 4 });

  test.each([
    ["ycbcr8", ycbcr],
    ["gray8", gray],
  ] as const)("an encoder that takes %s gets it untouched when no step lies between", async (layout, raster) => {
    const codec = fakeCodec({ decode: decodes(raster), supports: { layouts: [layout, "rgba8"], alpha: false } });
    await runFake("image/quality,Q_80", small, [codec]);
    expect(codec.encoded[0]?.raster).toBe(raster);
    expect(codec.encoded[0]?.quality).toBe(80);
  });
  test.each([
    ["ycbcr8", ycbcr],
    ["gray8", gray],
  ] as const)("one that does not take %s gets rgba8", async (_layout, raster) => {
    const codec = fakeCodec({ decode: decodes(raster) });
    await runFake("image/quality,Q_80", small, [codec]);
    expect(rgba(codec.encoded[0]?.raster)).toMatchObject({ width: 5, height: 4, alpha: false });
  });
  test("one that takes another compressed layout and rgba8 gets rgba8", async () => {
    const codec = fakeCodec({ decode: decodes(gray), supports: { layouts: ["ycbcr8", "rgba8"] } });
    await runFake("image/quality,Q_80", small, [codec]);
    expect(rgba(codec.encoded[0]?.raster).data.subarray(4, 8)).toEqual(Uint8Array.of(12, 12, 12, 255));
  });
  test("a step that takes rgba8 alone gets it, and the rest stays rgba8", async () => {
    const codec = fakeCodec({ decode: decodes(ycbcr), supports: { layouts: ["ycbcr8", "rgba8"] } });
    await runFake("image/bright,0/pixelate,2/crop,x_1,y_1", small, [codec]);
    expect(rgba(codec.encoded[0]?.raster)).toMatchObject({ width: 4, height: 3 });
  });
  test("planes that are cut between two chroma samples are packed, chroma interpolated", async () => {
    const codec = fakeCodec({ decode: decodes(ycbcr), supports: { layouts: ["ycbcr8", "rgba8"] } });
    await runFake("image/crop,x_1,y_1", small, [codec]);
    const [r, g, b] = rgba(codec.encoded[0]?.raster).data;
    // Y 40+8·(5+1)=88; chroma a quarter of the way from Cb 220, Cr 110 to 90, 240: about 188 and 142
    expect(Math.abs(r! - (88 + 1.402 * 14))).toBeLessThan(2);
    expect(Math.abs(g! - (88 - 0.344 * 60 - 0.714 * 14))).toBeLessThan(2);
    expect(Math.abs(b! - (88 + 1.772 * 60))).toBeLessThan(2);
  });
  test("planes that are cut between two pairs of pixels stay planes", async () => {
    const codec = fakeCodec({ decode: decodes(ycbcr), supports: { layouts: ["ycbcr8", "rgba8"] } });
    await runFake("image/crop,x_2,y_2", small, [codec]);
    expect(codec.encoded[0]?.raster).toMatchObject({
      layout: "ycbcr8",
      width: 3,
      height: 2,
      planes: [{ data: Uint8Array.of(136, 144, 152, 176, 184, 192) }, { data: Uint8Array.of(90, 90) }, { width: 2, height: 1 }],
    });
  });
});

describe("run: transparency", () => {
  const clear = scene(20, 10, true);
  const png = probeOf(20, 10, { format: "png", alpha: true });
  const decoder = () => fakeCodec({ format: "png", decode: decodesWhole(clear, true) });
  test("is flattened where the result cannot hold it, on the background that was asked for", async () => {
    const jpeg = fakeCodec({ supports: { alpha: false } });
    await runFake("image/format,jpg/background,FF0000", png, [decoder(), jpeg]);
    const flat = rgba(jpeg.encoded[0]?.raster);
    expect(flat).toMatchObject({ alpha: false });
    expect([...flat.data.subarray(18 * 4, 19 * 4)]).toEqual([255, 0, 0, 255]);
  });
  test("is kept where it can", async () => {
    const [png8, webp] = [decoder(), fakeCodec({ format: "webp" })];
    await runFake("image/format,webp", png, [png8, webp]);
    expect(rgba(webp.encoded[0]?.raster)).toMatchObject({ alpha: true, data: clear.data });
  });
  test("shows a background that was asked for in every format, a translucent one through itself", async () => {
    for (const [color, pixel, alpha] of [
      ["FF0000", [255, 0, 0, 255], false],
      ["FF000080", [255, 0, 0, 128], true],
    ] as const) {
      const [png8, webp] = [decoder(), fakeCodec({ format: "webp" })];
      await runFake(`image/format,webp/background,${color}`, png, [png8, webp]);
      expect(webp.encoded[0]?.raster.alpha).toBe(alpha);
      const laid = rgba(webp.encoded[0]?.raster);
      expect([...laid.data.subarray(18 * 4, 19 * 4)]).toEqual(pixel);
    }
  });
  test("a translucent background lies on white where the result must be opaque", async () => {
    const jpeg = fakeCodec({ supports: { alpha: false } });
    await runFake("image/format,jpg/background,FF000080", png, [decoder(), jpeg]);
    expect([...rgba(jpeg.encoded[0]?.raster).data.subarray(18 * 4, 19 * 4)]).toEqual([255, 127, 127, 255]);
  });
});

describe("run: what depends on pixels", () => {
  /** `scene` of 60x40 with a white border: 20 px left and right, 10 above and below. */
  const framed = paint(100, 60, (x, y) => {
    const inside = x >= 20 && x < 80 && y >= 10 && y < 50;
    return inside ? [200 - x, 3 * y, 2 * x, 255] : [255, 255, 255, 255];
  });
  const frame = probeOf(100, 60);
  const ran = async (text: string, job: Partial<Job> = {}) => {
    const codec = fakeCodec({ decode: decodesWhole(framed) });
    const { result, steps } = await runFake(text, frame, [codec], job);
    return { result, kinds: steps.map(({ kind }) => kind), raster: rgba(codec.encoded[0]?.raster) };
  };
  test("what follows a trim is planned for the picture that it left", async () => {
    const { result, raster, kinds } = await ran("image/trim,10/resize,w_30/crop,w_10,g_east");
    expect(kinds).toEqual(["trim", "scale", "crop"]);
    expect(result).toMatchObject({ width: 10, height: 20 }); // 60x40 became 30x20
    expect(raster).toMatchObject({ width: 10, height: 20 });
  });
  test("the result has the size that was left", async () => {
    expect((await ran("image/trim,10")).result).toMatchObject({ width: 60, height: 40 });
  });
  test("a second trim is planned again too", async () => {
    const { result, kinds } = await ran("image/trim,10/crop,w_50/trim,10/resize,h_20");
    expect(kinds).toEqual(["trim", "crop", "trim", "scale"]);
    expect(result).toMatchObject({ width: 25, height: 20 });
  });
  test("checks that failed only there are errors of the request", async () => {
    expect(await rejectionOf(ran("image/trim,10/crop,x_70"))).toMatchObject({ code: "BAD_ARGUMENT", operation: "crop" });
  });
  test("size and memory are checked again", async () => {
    const thin = paint(100, 60, (x) => (x === 50 ? [0, 0, 0, 255] : [255, 255, 255, 255]));
    const codec = fakeCodec({ decode: decodesWhole(thin) });
    // Of 100x60 it would be 200x120; of the line that is left it is 200x12000
    const work = (limits: Partial<Limits>) =>
      runFake("image/trim,10/resize,w_200,limit_0", frame, [codec], { limits: { ...DEFAULT_LIMITS, ...limits } });
    expect((await rejectionOf(work({ maxOutputPixels: 1_000_000 }))).code).toBe("OUTPUT_TOO_LARGE");
    expect((await rejectionOf(work({ maxMemoryBytes: 8 * 1024 * 1024 }))).code).toBe("SOURCE_TOO_LARGE");
  });
});

describe("run: texts", () => {
  const word: RgbaRaster = { layout: "rgba8", ...paint(4, 2, () => [1, 2, 3, 255]), alpha: true };
  test("are measured before they are placed, and drawn as measured", async () => {
    const asked: TextSpec[] = [];
    const text: TextEngine = {
      measure: async (spec) => {
        asked.push(spec);
        return { width: 4, height: 2 };
      },
      draw: async () => word,
    };
    const codec = fakeCodec({ decode: decodesWhole(source) });
    await runFake("image/watermark,text_SGk,size_30,x_5,y_6,rotate_360", probe, [codec], { text });
    expect(asked).toEqual([{ text: "Hi", font: "wqy-zenhei", size: 30, color: "000000", shadow: 0, rotateDeg: 0 }]);
    const { data } = rgba(codec.encoded[0]?.raster);
    const changed = [...Array(120 * 80).keys()].filter(
      (i) => data[i * 4] === 1 && data[i * 4 + 1] === 2 && data[i * 4 + 2] === 3,
    );
    expect(changed[0]).toBe((80 - 6 - 2) * 120 + 120 - 5 - 4);
    expect(changed).toHaveLength(8);
  });
  test("a text that would be too large is not drawn", async () => {
    const text: TextEngine = {
      measure: async () => ({ width: 60_000, height: 1200 }),
      draw: async () => {
        throw new Error("drawn");
      },
    };
    const work = runFake("image/watermark,text_SGk,size_1000", probe, [fakeCodec({ decode: decodesWhole(source) })], { text });
    expect(await rejectionOf(work)).toMatchObject({ code: "OUTPUT_TOO_LARGE", message: expect.stringContaining("size 1000") });
  });
  test("and their pixels count as memory", async () => {
    const large: RgbaRaster = { layout: "rgba8", width: 900, height: 400, data: new Uint8Array(900 * 400 * 4), alpha: true };
    const text: TextEngine = { measure: async () => ({ width: 900, height: 400 }), draw: async () => large };
    let peak = 0;
    const onMemory = (bytes: number) => {
      peak = Math.max(peak, bytes);
    };
    const codec = fakeCodec({ decode: decodesWhole(source) });
    await runFake("image/watermark,text_SGk", probe, [codec], { text, onMemory });
    expect(peak).toBe(120 * 80 * 4 + 900 * 400 * 4);
  });
});

describe("run: encoding", () => {
  test("settings reach the encoder, metadata only where its format can hold it", async () => {
    const seen: unknown[] = [];
    const codec = (exif: boolean) =>
      fakeCodec({
        decode: decodesWhole(source),
        supports: { lossless: true, exif },
        encode: async (_raster, options) => {
          seen.push(options);
          return new Uint8Array(1);
        },
      });
    const parts = { readMetadata: () => Uint8Array.of(7) };
    await runFake("image/interlace,1/lossless,1/quality,Q_70/meta,keep", probe, [codec(true)], {}, parts);
    await runFake("image/quality,Q_70", probe, [codec(false)], {}, parts);
    const usual = { effort: "fast", chroma: "420" };
    expect(seen).toEqual([
      { ...usual, progressive: true, lossless: true, quality: 70, exif: Uint8Array.of(7) },
      { ...usual, progressive: false, lossless: false, quality: 70 },
    ]);
  });
  test("maxbytes lowers the quality until the result fits; a format without quality is tried once", async () => {
    const qualities: number[] = [];
    const encode: Codec["encode"] = async (_raster, { quality }) => {
      qualities.push(quality);
      return new Uint8Array(quality * 10);
    };
    const { result } = await runFake("image/maxbytes,555", probe, [fakeCodec({ decode: decodesWhole(source), encode })]);
    expect(result.data).toHaveLength(550);
    expect(qualities.length).toBeLessThanOrEqual(8);
    qualities.length = 0;
    const lossless = fakeCodec({ decode: decodesWhole(source), encode, supports: { quality: false } });
    expect((await rejectionOf(runFake("image/maxbytes,555", probe, [lossless]))).code).toBe("OUTPUT_TOO_LARGE");
    expect(qualities).toHaveLength(1);
  });
  test.each([
    ["image/chroma,420", true, true],
    ["image/chroma,444", true, undefined],
    ["image/chroma,420", false, undefined],
  ])("%s, planes %s: the decoder is told whether half the chroma is enough", async (text, planar, expected) => {
    const seen: (boolean | undefined)[] = [];
    const decode = decodesWhole(source);
    const codec = fakeCodec({
      supports: { chroma: true, layouts: ["ycbcr8", "rgba8"] },
      decode: async (...args) => {
        seen.push(args[2].halvedChroma);
        return decode(...args);
      },
    });
    await runFake(text, probe, [codec], {}, { takePlanes: () => planar });
    expect(seen).toEqual([expected]);
  });
  test("lossless is refused where the format cannot", async () => {
    const work = runFake("image/lossless,1", probe, [fakeCodec({ decode: decodesWhole(source) })]);
    expect(await rejectionOf(work)).toMatchObject({ code: "BAD_ARGUMENT", operation: "lossless", value: "jpeg" });
  });
});

describe("run: deadline and abort", () => {
  /** Throws at the given call of the checkpoint. */
  const stopsAt = (call: number) => {
    let calls = 0;
    return {
      calls: () => calls,
      checkpoint: () => {
        if (++calls === call) throw new TransformError("TIMEOUT", "late");
      },
    };
  };
  test("are asked before decoding, before each step and before encoding", async () => {
    const text = "image/rotate,180/rotate,90";
    const never = stopsAt(0);
    await runFake(text, probe, [fakeCodec({ decode: decodesWhole(source) })], { checkpoint: never.checkpoint });
    expect(never.calls()).toBe(4);
    for (const [call, decoded, reports] of [
      [1, 0, 0],
      [2, 1, 1],
      [3, 1, 2],
      [4, 1, 3],
    ] as const) {
      let decodes = 0;
      const decode = decodesWhole(source);
      const codec = fakeCodec({
        decode: async (...args) => {
          decodes++;
          return decode(...args);
        },
      });
      const memory: number[] = [];
      const failure = await rejectionOf(
        runFake(text, probe, [codec], { checkpoint: stopsAt(call).checkpoint, onMemory: (bytes) => memory.push(bytes) }),
      );
      expect(failure.code).toBe("TIMEOUT");
      expect([decodes, memory.length, codec.encoded.length]).toEqual([decoded, reports, 0]);
    }
  });
  test("are asked between the bands of a decoder", async () => {
    const codec = fakeCodec({
      rowsOf,
      decode: async (_bytes, _probe, { region }, { rows }) => {
        const writer = rows.begin(rowShape(region));
        for (let row = 0; row < 80; row++) writer.write(0, source.data.subarray(row * 480, (row + 1) * 480));
        return writer.end();
      },
    });
    expect((await rejectionOf(runFake("image/quality,80", probe, [codec], { checkpoint: stopsAt(40).checkpoint }))).code).toBe(
      "TIMEOUT",
    );
  });
});

describe("run: marks", () => {
  const text = "image/watermark,image_bQ,g_nw,x_0,y_0"; // "m"
  const mark = numbered(6, 4);
  const codecs = () => [fakeCodec({ decode: decodesWhole(source) })];
  test("a missing object, an unreadable one and no way to fetch are WATERMARK_FAILED", async () => {
    for (const job of [{ fetchObject: async () => undefined }, {}]) {
      expect((await rejectionOf(runFake(text, probe, codecs(), job))).code).toBe("WATERMARK_FAILED");
    }
  });
  test("one that cannot be decoded too", async () => {
    let decodes = 0;
    const whole = decodesWhole(source);
    const codec = fakeCodec({
      decode: async (...args) => {
        if (decodes++ > 0) throw new TransformError("CORRUPT_IMAGE", "cut");
        return whole(...args);
      },
    });
    const failure = await rejectionOf(runFake(text, probe, [codec], { fetchObject: async () => new Uint8Array(1) }));
    expect(failure).toMatchObject({ code: "WATERMARK_FAILED" });
  });
  test("a fetch that fails is not a fault of ours", async () => {
    const fetchObject = async () => {
      throw new Error("socket hang up");
    };
    const failure = await runFake(text, probe, codecs(), { fetchObject }).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(TransformError);
    expect(["WATERMARK_FAILED", "UPSTREAM_FAILED"]).toContain((failure as TransformError).code);
  });
  test("each object is fetched once, however often it is drawn", async () => {
    const fetched: string[] = [];
    const codec = fakeCodec({
      decode: async (_bytes, _probe, _needs, { rows }) =>
        rows.whole({ layout: "rgba8", ...mark, data: mark.data.slice(), alpha: true }, { x: 0, y: 0, width: 6, height: 4 }),
    });
    const fetchObject = async (key: string) => {
      fetched.push(key);
      return new Uint8Array(1);
    };
    const { steps } = await runFake(`${text}/watermark,image_bQ/watermark,image_bg`, probeOf(6, 4, { alpha: true }), [codec], {
      fetchObject,
    });
    expect(fetched).toEqual(["m", "n"]);
    expect(steps.map(({ kind }) => kind)).toEqual(["composite", "composite", "composite"]);
  });
});
