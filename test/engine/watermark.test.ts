import { describe, expect, test } from "vitest";
import { GRAVITIES } from "../../src/core/geometry.ts";
import { encodeBase64Url } from "../../src/syntax/base64.ts";
import { fixture, testLibrary } from "../support/library.ts";
import {
  decodeWithSharp,
  encodeWithSharp,
  numbered,
  type Pixels,
  paint,
  pixelAt,
  rejectionOf,
  scene,
} from "../support/pictures.ts";

const { transform } = testLibrary();
/** A header of one pixel, which is all that is read. */
const GIF = Uint8Array.from([...new TextEncoder().encode("GIF89a"), 1, 0, 1, 0, 0, 0, 0, 0x3b]);
const picture = scene(101, 67);
/** No two pixels alike, so a mark that is moved or mirrored shows. */
const mark: Pixels = (() => {
  const opaque = numbered(12, 7);
  for (let i = 3; i < opaque.data.length; i += 4) opaque.data[i] = 255;
  return opaque;
})();

async function drawn(
  process: string,
  marks: Readonly<Record<string, Pixels>> = { "m.png": mark },
  source = picture,
): Promise<Pixels> {
  const fetchObject = async (key: string) => (marks[key] === undefined ? undefined : encodeWithSharp(marks[key], "png"));
  const { data } = await transform(await encodeWithSharp(source, "png"), process, { fetchObject });
  return decodeWithSharp(data);
}
const image = (text: string) => `image_${encodeBase64Url(text)}`;
/** Exactly `expectMark` at its place over `below`, and nothing else changed. */
function expectDrawn(result: Pixels, below: Pixels, expectMark: Pixels, left: number, top: number): void {
  expect([result.width, result.height]).toEqual([below.width, below.height]);
  for (let y = 0; y < below.height; y++) {
    for (let x = 0; x < below.width; x++) {
      const [u, v] = [x - left, y - top];
      const inside = u >= 0 && v >= 0 && u < expectMark.width && v < expectMark.height;
      const want = inside ? pixelAt(expectMark, u, v) : pixelAt(below, x, y);
      if (pixelAt(result, x, y).join() !== want.join())
        throw new Error(`at ${x},${y}: ${pixelAt(result, x, y)} instead of ${want}`);
    }
  }
}

// 101 − 12 = 89, half 44; 67 − 7 = 60, half 30; insets x_3, y_5; voffset_-4
const AT: Readonly<Record<string, readonly [number, number]>> = {
  nw: [3, 5],
  north: [44, 5],
  ne: [86, 5],
  west: [3, 26],
  center: [44, 26],
  east: [86, 26],
  sw: [3, 55],
  south: [44, 55],
  se: [86, 55],
};
test.each(GRAVITIES)("watermark: at %s, pixel for pixel", async (g) => {
  const [left, top] = AT[g]!;
  expectDrawn(await drawn(`image/watermark,${image("m.png")},g_${g},x_3,y_5,voffset_-4`), picture, mark, left, top);
});
test("watermark: 10 px from the bottom right where nothing is said", async () => {
  expectDrawn(await drawn(`image/watermark,${image("m.png")}`), picture, mark, 79, 50);
});

// biome-ignore format: one row per case
test.each([
  ["a mark that sticks out",    "g_se,x_0,y_0,voffset_0",   scene(101, 67), numbered(12, 7), 89, 60],
  ["moved out below",           "g_center,voffset_34",      scene(101, 67), numbered(12, 7), 44, 64],
  ["moved out altogether",      "g_center,voffset_1000",    scene(101, 67), numbered(12, 7), 44, 1030],
  ["larger than the picture",   "g_center,voffset_0",       scene(9, 4),    numbered(12, 7), -2, -2],
  ["pushed over the far edge",  "g_nw,x_95,y_63",           scene(101, 67), numbered(12, 7), 95, 63],
])("watermark: is clipped: %s", async (_name, args, below, over, left, top) => {
  for (let i = 3; i < over.data.length; i += 4) over.data[i] = 255;
  expectDrawn(await drawn(`image/watermark,${image("m.png")},${args}`, { "m.png": over }, below), below, over, left, top);
});

describe("watermark: opacity", () => {
  const red = paint(20, 10, () => [255, 0, 0, 255]);
  const blue = paint(60, 40, (x) => [0, x, 255, 255]);
  const at = async (t: string) =>
    pixelAt(await drawn(`image/watermark,${image("m.png")},g_nw,x_0,y_0${t}`, { "m.png": red }, blue), 8, 5);
  // biome-ignore format: one row per case
  test.each([["", [255, 0, 0, 255]], [",t_100", [255, 0, 0, 255]], [",t_50", [128, 4, 127, 255]], [",t_0", [0, 8, 255, 255]], [",t_1", [3, 8, 252, 255]]])("%s", async (t, want) => {
    const got = await at(t);
    for (const [c, value] of want.entries()) expect(Math.abs(got[c]! - value), `${got}`).toBeLessThanOrEqual(1);
  });
  test("multiplies with the mark's own", async () => {
    const half = paint(20, 10, () => [255, 0, 0, 128]);
    const [r = 0, , b = 0] = pixelAt(
      await drawn(`image/watermark,${image("m.png")},g_nw,x_0,y_0,t_50`, { "m.png": half }, blue),
      8,
      5,
    );
    expect(Math.abs(r - 64)).toBeLessThanOrEqual(1);
    expect(Math.abs(b - 191)).toBeLessThanOrEqual(1);
  });
  test("over a clear picture the mark keeps its color", async () => {
    const clear = paint(60, 40, () => [0, 255, 0, 0]);
    const result = await drawn(`image/watermark,${image("m.png")},g_nw,x_0,y_0,t_50`, { "m.png": red }, clear);
    expect(pixelAt(result, 8, 5)).toEqual([255, 0, 0, 128]);
    expect(pixelAt(result, 40, 30)[3]).toBe(0);
  });
});

describe("watermark: preparation", () => {
  /** Where pixels are not white. */
  function box({ width, height, data }: Pixels): string {
    const inked = Array.from({ length: width * height }, (_, i) => i).filter((i) => data[i * 4 + 1]! < 128);
    const xs = inked.map((i) => i % width);
    const ys = inked.map((i) => Math.floor(i / width));
    const span = (values: readonly number[]) => Math.max(...values) - Math.min(...values) + 1;
    return inked.length === 0 ? "none" : `${span(xs)}x${span(ys)} at ${Math.min(...xs)},${Math.min(...ys)}`;
  }
  const white = paint(200, 100, () => [255, 255, 255, 255]);
  const ink = paint(40, 20, () => [200, 0, 0, 255]);
  const place = "g_nw,x_0,y_0";
  const prepared = (process: string) => `watermark,${image(`m.png?x-oss-process=image/${process}`)},${place}`;
  // biome-ignore format: one row per case
  test.each([
    ["P of the picture",                           prepared("resize,P_50"),                          "100x50 at 0,0"],
    ["P of the picture after a resize",            `resize,w_100/${prepared("resize,P_50")}`,        "50x25 at 0,0"],
    ["P of the picture before a resize",           `${prepared("resize,P_50")}/resize,w_100`,        "50x25 at 0,0"],
    ["P of the picture after a crop",              `crop,w_60,h_60/${prepared("resize,P_50")}`,      "30x15 at 0,0"],
    ["P of the picture after a quarter turn",      `rotate,90/${prepared("resize,P_50")}`,           "50x25 at 0,0"],
    ["a width",                                    prepared("resize,w_20"),                          "20x10 at 0,0"],
    ["a crop",                                     prepared("crop,w_8,h_6"),                         "8x6 at 0,0"],
    ["a quarter turn",                             prepared("rotate,90"),                            "20x40 at 0,0"],
    ["both in order",                              prepared("rotate,90/resize,w_10"),                "10x20 at 0,0"],
  ])("%s", async (_name, process, expected) => {
    expect(box(await drawn(`image/${process}`, { "m.png": ink }, white))).toBe(expected);
  });
  test("wm_w of the plain grammar is the mark's width", async () => {
    expect(box(await drawn("wm=m.png&wm_w=25&wm_g=nw&wm_x=0&wm_y=0", { "m.png": ink }, white))).toBe("50x25 at 0,0");
    expect(box(await drawn("w=100&wm=m.png&wm_w=25&wm_g=se&wm_x=5&wm_y=6", { "m.png": ink }, white))).toBe("25x13 at 70,31");
  });
  test("a mark that lies on its side is drawn upright", async () => {
    const fetchObject = async () => fixture("orientation-6.png"); // stored 200x100
    const source = await encodeWithSharp(
      paint(300, 300, () => [255, 255, 255, 255]),
      "png",
    );
    const result = await decodeWithSharp(
      (await transform(source, `image/watermark,${image("o")},${place}`, { fetchObject })).data,
    );
    const upright = await decodeWithSharp((await transform(await fixture("orientation-6.png"), "image/format,png")).data);
    expect([upright.width, upright.height]).toEqual([100, 200]);
    for (const [x, y] of [
      [5, 5],
      [95, 5],
      [5, 195],
      [50, 100],
      [80, 150],
    ] as const) {
      if (pixelAt(upright, x, y)[3] === 255) expect(pixelAt(result, x, y)).toEqual(pixelAt(upright, x, y));
    }
    expect(pixelAt(result, 150, 50)).toEqual([255, 255, 255, 255]);
  });
});

test("watermark: several are drawn in order, the later above", async () => {
  const red = paint(10, 10, () => [255, 0, 0, 255]);
  const blue = paint(10, 10, () => [0, 0, 255, 255]);
  const both = `image/watermark,${image("r")},g_nw,x_0,y_0/watermark,${image("b")},g_nw,x_5,y_5`;
  const result = await drawn(both, { r: red, b: blue });
  expect([pixelAt(result, 2, 2), pixelAt(result, 7, 7), pixelAt(result, 12, 12)]).toEqual([
    [255, 0, 0, 255],
    [0, 0, 255, 255],
    [0, 0, 255, 255],
  ]);
});
test("watermark: a mark of another format, on a JPEG", async () => {
  const fetchObject = async (key: string) => (key === "example.jpg" ? fixture("example.jpg") : undefined);
  const { width, height, format } = await transform(
    await fixture("road.jpg"),
    `image/resize,w_300/watermark,${image("example.jpg?x-oss-process=image/resize,P_30")},t_90,x_10,y_10`,
    { fetchObject },
  );
  expect({ width, format }).toEqual({ width: 300, format: "jpeg" });
  expect(height).toBeGreaterThan(100);
});
test("watermark: a missing, an unreadable and a broken object are WATERMARK_FAILED", async () => {
  const source = await encodeWithSharp(picture, "png");
  const good = await encodeWithSharp(mark, "png");
  for (const bytes of [undefined, new TextEncoder().encode("text"), good.subarray(0, 60)]) {
    const failure = await rejectionOf(
      transform(source, `image/watermark,${image("m.png")}`, { fetchObject: async () => bytes }),
    );
    expect(failure.code).toBe("WATERMARK_FAILED");
  }
  expect((await rejectionOf(transform(source, `image/watermark,${image("m.png")}`))).code).toBe("WATERMARK_FAILED");
});

test("watermark: a picture of a kind that cannot be read yet is WATERMARK_FAILED, not a fault of the source", async () => {
  const source = await fixture("example.jpg");
  const failure = await rejectionOf(
    transform(source, `image/watermark,image_${encodeBase64Url("pixel.gif")}`, { fetchObject: async () => GIF }),
  );
  expect(failure).toMatchObject({ code: "WATERMARK_FAILED" });
  expect(failure.message).toContain("pixel.gif");
});
test("watermark: a picture of inks is drawn in its colors", async () => {
  const source = await fixture("example.jpg");
  const process = `image/watermark,image_${encodeBase64Url("cmyk.jpg")},g_nw,x_0,y_0/format,png`;
  const drawn = await decodeWithSharp((await transform(source, process, { fetchObject: fixture })).data);
  const ink = await decodeWithSharp((await transform(await fixture("cmyk.jpg"), "image/format,png")).data);
  expect(pixelAt(drawn, 20, 20)).toEqual(pixelAt(ink, 20, 20));
});
