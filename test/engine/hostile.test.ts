import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import type { Library } from "../../src/library.ts";
import { encodeBase64Url } from "../../src/syntax/base64.ts";
import { fixture, testLibrary } from "../support/library.ts";
import { encodeWithSharp, scene } from "../support/pictures.ts";
import {
  bmpFiles,
  corpusFiles,
  damaged,
  find,
  fixtureFiles,
  insideOf,
  pick,
  pngFiles,
  profiles,
  randomFrom,
  type Seed,
  tiffFiles,
} from "./hostile-sources.ts";

const FULL = process.env["OPALENS_TEST_FULL"] === "1";
/** What damaged bytes may end in; INTERNAL would be a 500. BAD_ARGUMENT: a crop that the damaged size leaves outside. */
const EXPECTED = [
  "CORRUPT_IMAGE",
  "UNSUPPORTED_FORMAT",
  "SOURCE_TOO_LARGE",
  "OUTPUT_TOO_LARGE",
  "WATERMARK_FAILED",
  "BAD_ARGUMENT",
];
/** Small, so that a damaged size costs little; what is right beyond it is the business of other tests. */
const LIMITS = { maxPixels: 3_000_000, maxOutputPixels: 3_000_000, maxMemoryBytes: 768 * 1024 * 1024 };
/** Stages ask for the time every few ms of work; a picture within the limits takes none of them this far. */
const MOST_CHECKPOINTS = 3_000;

const text = (value: string, more: string) => `watermark,text_${encodeBase64Url(value)},size_18,${more}`;
const mark = (more: string) => `watermark,image_${encodeBase64Url("mark")},${more}`;
const SHRINK = ["image/resize,w_40/format,png"];
const PLANS = [
  ...SHRINK,
  "image/trim,12/resize,m_fill,w_48,h_32/format,jpg/quality,q_70",
  "image/resize,w_60/blur,r_20,s_10/format,webp",
  "image/resize,w_50/rotate,33/format,png",
  "image/crop,x_9,y_7,w_30,h_20/sharpen,150/bright,20/contrast,-30/format,jpg/interlace,1",
  "image/resize,w_44/rounded-corners,r_max/format,webp/lossless,1",
  "image/circle,r_24/pixelate,5/saturate,-40/format,tiff",
  `image/resize,w_90/${text("Ωμέγα 図 שלום", "rotate_20,shadow_50")}/format,png`,
  "image/resize,w_64/format,jpg/maxbytes,900",
  "image/resize,w_30/format,avif/meta,keep",
  "image/format,bmp/flip,h",
  "image/average-hue",
  "image/info",
];
/** Results of these are read by libvips too, metadata included. */
const KEEPING = ["jpg", "png", "webp", "avif"].map((name) => `image/resize,w_32/format,${name}/meta,keep`);
const DRAWING = [
  `image/${mark("fill_1,t_60,padx_3,pady_5")}/format,png`,
  `image/${mark("g_center,x_0")}/format,jpg`,
  `image/watermark,image_${encodeBase64Url("mark?x-oss-process=image/resize,P_40/rotate,33/rounded-corners,r_5")},t_70/format,webp`,
  `image/${mark(`g_sw,text_${encodeBase64Url("both")},size_12,order_1`)}/format,png`,
];

interface Tally {
  pictures: number;
  readonly errors: Map<string, number>;
  slowestMs: number;
  slowest: string;
  mostCheckpoints: number;
  peakBytes: number;
  /** Growth of the process from the middle to the end. */
  grownBytes: number;
}
const tallies = new Map<string, Tally>();

afterAll(() => {
  if (!FULL) return;
  for (const [name, { errors, ...rest }] of tallies) console.log(name, { ...rest, ...Object.fromEntries(errors) });
});

const CASES: readonly [
  name: string,
  seeds: () => Promise<readonly Seed[]>,
  plans: readonly string[],
  short: number,
  long: number,
][] = [
  ["files of every format", async () => [...fixtureFiles(), ...corpusFiles(FULL ? CORPUS_FOLDERS : [])], PLANS, 200, 12_000],
  ["TIFF", async () => [...(await tiffFiles(await made("tiff"))), ...corpusFiles(FULL ? ["bmp-tiff"] : [])], PLANS, 150, 6000],
  ["BMP", async () => bmpFiles([await made("bmp"), await made("bmp", false)]), PLANS, 150, 4000],
  ["PNG of other depths", async () => [...(await pngFiles()), ...corpusFiles(FULL ? ["png"] : [])], PLANS, 100, 5000],
  ["profiles", profilesEverywhere, ["image/resize,w_40/format,png", "image/format,png", "image/average-hue"], 300, 12_000],
  ["EXIF that is kept", exifSeeds, KEEPING, 150, 6000],
  ["AVIF of 10 bits", deepAvif, SHRINK, 60, 2500],
];
const CORPUS_FOLDERS = ["png", "webp", "avif", "jpeg", "orientation", "broken", "edge", "icc", "logos"];

async function made(format: string, alpha = true): Promise<Uint8Array> {
  const source = await encodeWithSharp(scene(41, 29, alpha), "png");
  return (await testLibrary().transform(source, `image/format,${format}`)).data;
}
async function profilesEverywhere(): Promise<readonly Seed[]> {
  const spin = await fixture("spin.avif");
  const at = find(spin, "acsp") - 36;
  return [...(await profiles()), insideOf("spin.avif", spin, at, new DataView(spin.buffer, spin.byteOffset).getUint32(at))];
}
async function exifSeeds(): Promise<readonly Seed[]> {
  const [landscape, owl, paris] = [await fixture("landscape-6.jpg"), await fixture("owl.jpg"), await fixture("paris.avif")];
  const small = async (format: "png" | "webp" | "jpeg" | "avif") =>
    new Uint8Array(await sharp(owl).resize(48).keepExif().toFormat(format).toBuffer());
  const seeds = [
    insideOf("landscape-6.jpg", landscape, find(landscape, "Exif\0\0"), 180),
    insideOf("small JPEG", await small("jpeg"), find(await small("jpeg"), "Exif\0\0"), 480),
    insideOf("small PNG", await small("png"), find(await small("png"), "eXIf") + 4, 470),
    insideOf("small WebP", await small("webp"), find(await small("webp"), "EXIF") + 8, 470),
    insideOf("paris.avif", paris, find(paris, "Exif\0\0"), 1126),
  ];
  return seeds;
}
async function deepAvif(): Promise<readonly Seed[]> {
  const owl = sharp(await fixture("owl.jpg"))
    .resize(200)
    .toColourspace("rgb16");
  const file = new Uint8Array(await owl.avif({ bitdepth: 10, quality: 80, effort: 0 }).toBuffer());
  expect((await testLibrary().probe(file)).bitDepth).toBe(10);
  const picture = find(file, "mdat") + 4;
  const inside = insideOf("AVIF, 10 bits", file, picture + 700, file.length - picture - 700); // behind the frame's header
  return [{ name: "AVIF, 10 bits", bytes: file }, inside, ...(FULL ? corpusFiles(["avif"]) : [])];
}

describe("damaged bytes end in a picture or a typed client error, and the engine goes on", () => {
  test.each(CASES)("%s", { timeout: 3_600_000 }, async (name, seeds, plans, short, long) => {
    const all = await seeds();
    await batter(name, FULL ? long : short, (random) => {
      const seed = pick(all, random);
      const bytes = damaged(seed.bytes, random);
      return { what: seed.name, bytes: seed.wrap?.(bytes) ?? bytes, plan: pick(plans, random) };
    });
  });

  test("watermark pictures", { timeout: 3_600_000 }, async () => {
    const below = await encodeWithSharp(scene(80, 60), "png");
    const marks = [
      ...(await tiffFiles(await made("tiff"))),
      ...bmpFiles([await made("bmp")]),
      ...(await pngFiles()),
      ...(await profiles()),
      { name: "WebP", bytes: await encodeWithSharp(scene(30, 20, true), "webp") },
      { name: "JPEG", bytes: await encodeWithSharp(scene(30, 20), "jpeg") },
      { name: "AVIF", bytes: await encodeWithSharp(scene(30, 20, true), "avif") },
    ];
    await batter("watermarks", FULL ? 8000 : 150, (random) => {
      const seed = pick(marks, random);
      const bytes = damaged(seed.bytes, random);
      return { what: `mark ${seed.name}`, bytes: below, plan: pick(DRAWING, random), mark: seed.wrap?.(bytes) ?? bytes };
    });
  });
});

// biome-ignore format: one row per case
test.each([
  ["255³ nodes of 3",  3, 3, 255],
  ["255³ nodes of 15", 3, 15, 255],
  ["64⁴ nodes of 15",  4, 15, 64],
])("a profile of a few hundred bytes that claims a table of %s takes no more memory than was planned", async (_name, ...claim) => {
  const seed = (await profiles()).find(({ name }) => name === "profile table in JPEG");
  if (seed?.wrap === undefined) throw new Error("there is no such profile");
  const profile = seed.bytes.slice();
  profile.set(claim, 144 + 8); // ICC.1:2022 section 10.10: input channels, output channels, grid points
  const library = testLibrary();
  const file = seed.wrap(profile);
  const { peakBytes } = await library.transform(file, "image/format,png");
  expect(peakBytes).toBeLessThan(await plannedBytes(library, file, "image/format,png"));
});

interface Attempt {
  readonly what: string;
  readonly bytes: Uint8Array;
  readonly plan: string;
  readonly mark?: Uint8Array;
}

/**
 * Many attempts on one library. Work is bounded by the count of checkpoints, memory by what the process holds at the end
 * against the middle; some attempts are repeated on a library that has seen nothing, which must say the same.
 */
async function batter(name: string, rounds: number, attempt: (random: () => number) => Attempt): Promise<void> {
  const library = testLibrary();
  const good = await fixture("example.jpg");
  const before = await library.transform(good, "image/resize,w_40/format,png");
  const random = randomFrom(20_000);
  const tally: Tally = {
    pictures: 0,
    errors: new Map(),
    slowestMs: 0,
    slowest: "",
    mostCheckpoints: 0,
    peakBytes: 0,
    grownBytes: 0,
  };
  tallies.set(name, tally);
  const [triedPlans, madePlans] = [new Set<string>(), new Set<string>()];
  let halfway = 0;
  for (let round = 0; round < rounds; round++) {
    const tried = attempt(random);
    const label = `${name}, round ${round}: ${tried.what}, ${tried.plan}`;
    const outcome = await outcomeOf(library, tried, label, tally);
    tally.errors.set(
      outcome.slice(0, outcome.indexOf(" ")),
      (tally.errors.get(outcome.slice(0, outcome.indexOf(" "))) ?? 0) + 1,
    );
    triedPlans.add(tried.plan);
    if (outcome.startsWith("picture ")) madePlans.add(tried.plan);
    if (round % 50 === 0) expect(await outcomeOf(testLibrary(), tried, label, tally), label).toBe(outcome);
    if (round === Math.floor(rounds / 2)) halfway = residentBytes();
  }
  tally.grownBytes = residentBytes() - halfway;
  expect(tally.grownBytes).toBeLessThan(64 * 1024 * 1024); // at most 10 MB in 6000 rounds were seen
  if (FULL) expect(madePlans).toEqual(triedPlans); // a plan that never makes anything tries nothing
  expect(tally.pictures).toBeGreaterThan(0); // some damage is harmless; none at all would mean that nothing was decoded
  expect((await library.transform(good, "image/resize,w_40/format,png")).data).toEqual(before.data);
}

/** What came of it, in a form that can be compared; asserts that it may. */
async function outcomeOf(library: Library, { bytes, plan, mark }: Attempt, label: string, tally: Tally): Promise<string> {
  let checkpoints = 0;
  const signal = {
    get aborted() {
      checkpoints++;
      return false;
    },
  };
  const start = performance.now();
  try {
    const result = await library.transform(bytes, plan, { limits: LIMITS, signal, fetchObject: async () => mark });
    tally.pictures++;
    tally.peakBytes = Math.max(tally.peakBytes, result.peakBytes);
    if (mark === undefined)
      expect(result.peakBytes, label).toBeLessThan((await plannedBytes(library, bytes, plan)) + KEPT_BYTES);
    await expectReadable(result.data, result.format, plan, label);
    return `picture ${result.format} ${result.width}x${result.height} ${Buffer.from(result.data).toString("base64")}`;
  } catch (thrown) {
    if (!(thrown instanceof TransformError)) throw new Error(`${label}: ${(thrown as Error).stack}`);
    const { code, message, cause } = thrown;
    expect(EXPECTED, `${label}: ${code} ${message} ${(cause as Error | undefined)?.stack}`).toContain(code);
    return `${code} ${message}`;
  } finally {
    const ms = performance.now() - start;
    if (ms > tally.slowestMs) [tally.slowestMs, tally.slowest] = [ms, label];
    tally.mostCheckpoints = Math.max(tally.mostCheckpoints, checkpoints);
    expect(checkpoints, label).toBeLessThan(MOST_CHECKPOINTS);
  }
}

/** Instances of earlier attempts are kept up to this size, whatever the next one needs (src/core/lease.ts). */
const KEPT_BYTES = 32 * 1024 * 1024;
async function plannedBytes(library: Library, bytes: Uint8Array, plan: string): Promise<number> {
  return library.explain(plan, await library.probe(bytes), { byteLength: bytes.length }).memoryBytes;
}

/** What is carried over from a damaged source must not damage the result. */
async function expectReadable(data: Uint8Array, format: string, plan: string, label: string): Promise<void> {
  if (format === "json") return void JSON.parse(new TextDecoder().decode(data));
  if (!plan.includes("meta,keep")) return;
  const { exif } = await sharp(data).metadata();
  expect(exif === undefined || exif.length < 65_534, label).toBe(true);
  await sharp(data, { failOn: "warning" }).raw().toBuffer();
}

let collect: (() => void) | undefined;
function residentBytes(): number {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
  return process.memoryUsage().rss;
}
