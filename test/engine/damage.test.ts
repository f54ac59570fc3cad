import { describe, expect, test } from "vitest";
import { fixture, testLibrary } from "../support/library.ts";
import { decodeWithSharp, difference, encodeWithSharp, type Pixels, rejectionOf, scene } from "../support/pictures.ts";

const library = testLibrary();
const SENTENCE = "the image data ends early";
const sources = { baseline: {}, progressive: { progressive: true } };
const picture = scene(400, 300);

/** A file without its last bytes. */
async function cut(options: object, share: number): Promise<Uint8Array> {
  const bytes = await encodeWithSharp(picture, "jpeg", { quality: 90, ...options });
  return bytes.subarray(0, Math.floor(bytes.length * share));
}
const rows = ({ width, data }: Pixels, from: number, to: number): Pixels => ({
  width,
  height: to - from,
  data: data.subarray(from * width * 4, to * width * 4),
});

test("truncated.jpg is what could be decoded, and says so", async () => {
  const result = await library.transform(await fixture("truncated.jpg"), "image/resize,w_50");
  expect(result).toMatchObject({ width: 50, format: "jpeg", warnings: [SENTENCE] });
  expect(await decodeWithSharp(result.data)).toMatchObject({ width: 50, format: "jpeg" });
});
test.each(["example.jpg", "road.jpg", "landscape-6.jpg", "cmyk.jpg", "dice.png"])("%s has nothing to warn of", async (name) => {
  expect((await library.transform(await fixture(name), "image/resize,w_50")).warnings).toEqual([]);
});
test("answers from a header alone have nothing to warn of, those from pixels do", async () => {
  const bytes = await fixture("truncated.jpg");
  expect((await library.transform(bytes, "image/info")).warnings).toEqual([]);
  expect((await library.transform(bytes, "image/average-hue")).warnings).toEqual([SENTENCE]);
});

describe.each(Object.entries(sources))("a %s JPEG that ends early", (_name, options) => {
  test.each(["image/format,png", "image/resize,w_133", "image/crop,x_100,y_150,w_200,h_150", "image/rotate,90/format,webp"])(
    "is a picture with a warning through %s",
    async (text) => {
      expect((await library.transform(await cut(options, 0.6), text)).warnings).toEqual([SENTENCE]);
      expect((await library.transform(await cut(options, 1), text)).warnings).toEqual([]);
    },
  );
  test("shows what is there", async () => {
    const [damaged, whole] = [await cut(options, 0.6), await cut(options, 1)];
    const shown = await decodeWithSharp((await library.transform(damaged, "image/format,png")).data);
    const complete = await decodeWithSharp((await library.transform(whole, "image/format,png")).data);
    expect(difference(rows(shown, 0, 120), rows(complete, 0, 120)).mean).toBeLessThan(3);
    expect(difference(shown, complete).mean).toBeGreaterThan(0.5);
  });
});

test("baseline rows before the cut are those of the whole file", async () => {
  const shown = await decodeWithSharp((await library.transform(await cut({}, 0.6), "image/format,png")).data);
  const complete = await decodeWithSharp((await library.transform(await cut({}, 1), "image/format,png")).data);
  expect(difference(rows(shown, 0, 120), rows(complete, 0, 120)).largest).toBe(0);
  expect(difference(rows(shown, 270, 300), rows(complete, 270, 300)).mean).toBeGreaterThan(5);
});

test("a JPEG cut before its first scan is no picture", async () => {
  const bytes = await fixture("example.jpg");
  const scan = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xda);
  const failure = await rejectionOf(library.transform(bytes.subarray(0, scan), "image/resize,w_50"));
  expect(failure.code).toBe("CORRUPT_IMAGE");
});
