import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { fixture, testLibrary } from "../support/library.ts";
import { noise } from "../support/noise.ts";
import { randomFrom } from "./hostile-sources.ts";

/** Own encoders' settings matter here, so sources are real pictures at a size where fixed costs no longer hide the rest. */
const SIZE = { width: 1900, height: 1300, fit: "fill" } as const;
const opaque = async () =>
  sharp(await fixture("road.jpg"))
    .resize(SIZE)
    .jpeg({ quality: 92 })
    .toBuffer();
const translucent = async () =>
  sharp(await fixture("dice.png"))
    .resize(SIZE)
    .png({ compressionLevel: 1 })
    .toBuffer();
const noisy = async () =>
  sharp(await fixture("road.jpg"))
    .resize(SIZE)
    .ensureAlpha(0.5)
    .png({ compressionLevel: 1 })
    .toBuffer();

describe("what explain says a plan needs is not exceeded", () => {
  // `noisy` has alpha as well, and is the harder of the two
  const sources = process.env["OPALENS_TEST_FULL"] === "1" ? { opaque, translucent, noisy } : { opaque, noisy };
  const queries = [
    "format=jpg",
    "format=png",
    "format=webp",
    "format=avif",
    "w=1600&format=avif", // the slower speed of results up to 2 MP
    "format=jpg&progressive=1",
    "format=webp&lossless=1",
    "format=avif&lossless=1",
    "format=png&rotate=30",
    "format=jpg&blur=40&sharpen=2",
    "format=webp&radius=max&pixelate=20",
    "format=png&wm_text=Hello&wm_size=200&wm_fill=1",
    "w=500&format=webp",
    "w=500&h=500&fit=pad&format=webp",
  ];
  for (const [name, make] of Object.entries(sources)) {
    test.each(queries)(`${name}: %s`, async (query) => {
      const bytes = new Uint8Array(await make());
      const library = testLibrary(); // a new one: what earlier pictures left behind is not this plan's
      const { memoryBytes } = library.explain(query, await library.probe(bytes), { byteLength: bytes.length });
      const { peakBytes } = await library.transform(bytes, query);
      expect(peakBytes).toBeLessThanOrEqual(memoryBytes);
      // An estimate far above would refuse what fits. Our JPEG encoder is planned for noise, of which see below
      expect(peakBytes).toBeGreaterThan(memoryBytes / (query === "format=jpg" ? 6 : 5));
    });
  }
});

// What takes most tokens and bytes of all that a JPEG encoder can be given, and the planes of a picture without a resampling
test.each([
  ["baseline", "format=jpg&q=100&chroma=444"],
  ["progressive", "format=jpg&q=100&chroma=444&progressive=1"],
  ["of halved chroma", "format=jpg&q=100"],
])("noise as JPEG, %s, stays within what was planned, and not far below", async (_name, query) => {
  const { width, height } = SIZE;
  const data = noise(width * height * 3);
  const bytes = new Uint8Array(
    await sharp(data, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 60 })
      .toBuffer(),
  );
  const library = testLibrary();
  const { memoryBytes } = library.explain(query, await library.probe(bytes), { byteLength: bytes.length });
  const { peakBytes } = await library.transform(bytes, query);
  expect(peakBytes).toBeLessThanOrEqual(memoryBytes);
  expect(peakBytes).toBeGreaterThan(memoryBytes / 2.5);
});

// Where libwebp's histograms, whose number is bounded, weigh most against the pixels
test.each([
  [440, 376],
  [2698, 225],
])("what explain says a lossless WebP of %ix%i px needs is not exceeded", async (width, height) => {
  const { data } = await sharp(await fixture("boxes.png"))
    .resize(width, height, { fit: "fill" })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const random = randomFrom(7);
  const grain = data.map((value) => Math.max(0, Math.min(255, value + Math.floor(random() * 41) - 20))); // as of a scan
  const bytes = new Uint8Array(
    await sharp(grain, { raw: { width, height, channels: 4 } })
      .png({ compressionLevel: 1 })
      .toBuffer(),
  );
  const library = testLibrary();
  const query = "format=webp&lossless=1";
  const { memoryBytes } = library.explain(query, await library.probe(bytes), { byteLength: bytes.length });
  expect((await library.transform(bytes, query)).peakBytes).toBeLessThanOrEqual(memoryBytes);
});
