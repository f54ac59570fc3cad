import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Arg, ArgValue, Domain } from "../../src/core/args.ts";
import type { Size } from "../../src/core/geometry.ts";
import type { Operation } from "../../src/core/operation.ts";
import type { Call, Plan } from "../../src/core/plan.ts";
import type { Probe } from "../../src/core/probe.ts";
import { explainPlan } from "../../src/engine.ts";
import { OPERATIONS } from "../../src/operations/index.ts";
import { type DraftOf, draftPlan, geometryPlan } from "../../src/studio/state/draft.ts";
import { encodeBase64Url } from "../../src/syntax/base64.ts";
import { parseProcess } from "../../src/syntax/oss-process.ts";
import { printPlan } from "../../src/syntax/print.ts";

const LARGE: Size = { width: 6000, height: 4000 };
/** A copy of LARGE at 1/4. */
const QUARTER: DraftOf = { source: LARGE, proxySide: 1500, side: 1500, keepsAlpha: true };

function draftOf(process: string, of: Partial<DraftOf> = {}): string {
  return printPlan(draftPlan(parseProcess(process), { ...QUARTER, ...of }).plan);
}

/** Header of a PNG of that size. */
function header({ width, height }: Size): Probe {
  const plain = { orientation: 1, alpha: true, frames: 1, bitDepth: 8, colorSpace: "rgb", icc: "none" } as const;
  return { format: "png", width, height, ...plain, colorimetry: "srgb", exif: {} };
}
function sizeOf(plan: Plan, source: Size): Size {
  const { width, height } = explainPlan(plan, header(source), 1000);
  return { width, height };
}

// biome-ignore format: one row per case
test.each([
  ["a length of an effect shrinks with the picture",     "image/blur,sigma_10",                   "image/blur,sigma_2.5/format,bmp"],
  ["a length stays in its range",                        "image/blur,r_2,s_1/pixelate,3",         "image/blur,r_1,s_1/pixelate,2/format,bmp"],
  ["halves are rounded up",                              "image/pixelate,18",                     "image/pixelate,5/format,bmp"],
  ["what is no length stays",                            "image/bright,20/contrast,-8",           "image/bright,20/contrast,-8/format,bmp"],
  ["a word in the place of a length stays",              "image/rounded-corners,r_max",           "image/rounded-corners,r_max/format,bmp"],
  ["a thumbnail is drafted at its true size",            "image/resize,w_600",                    "image/resize,w_600,h_400,m_fixed,limit_0/format,bmp"],
  ["a large result is drafted at the size of drafts",    "image/resize,w_3000",                   "image/resize,w_1500,h_1000,m_fixed,limit_0/format,bmp"],
  ["lengths behind a resize follow what it leaves",      "image/resize,w_600/blur,sigma_3",       "image/resize,w_600,h_400,m_fixed,limit_0/blur,sigma_3/format,bmp"],
  ["lengths before a resize follow the copy",            "image/blur,sigma_8/resize,w_600",       "image/blur,sigma_2/resize,w_600,h_400,m_fixed,limit_0/format,bmp"],
  ["a percentage becomes the size it means",             "image/resize,p_10",                     "image/resize,w_600,h_400,m_fixed,limit_0/format,bmp"],
  ["a fill keeps its box",                               "image/resize,m_fill,w_300,h_300",       "image/resize,w_300,h_300,m_fill,limit_0/format,bmp"],
  ["a padding keeps its color",                          "image/resize,m_pad,w_300,h_300,color_FF0000", "image/resize,w_300,h_300,m_pad,limit_0,color_FF0000/format,bmp"],
  ["a cover keeps its anchor",                           "image/fit,w_300,h_300,g_fp:0.2:0.3",    "image/fit,w_300,h_300,enlarge_1,g_fp:0.2:0.3/format,bmp"],
  ["a resize that the limit forbids is left out",        "image/resize,w_7000",                   "image/format,bmp"],
  ["a crop is the rectangle that it means",              "image/crop,w_1000,h_400,g_se",          "image/crop,w_250,h_100,x_1250,y_900/format,bmp"],
  ["a crop to the edge stays whole",                     "image/crop,x_1001",                     "image/crop,w_1250,h_1000,x_250/format,bmp"],
  ["slices do not drift",                                "image/indexcrop,x_101,i_50",            "image/crop,w_25,h_1000,x_1263/format,bmp"],
  ["behind a trim nothing is known, so all is scaled",   "image/trim,5/resize,w_600/crop,w_100",  "image/trim,5/resize,w_150/crop,w_25/resize,l_1500/format,bmp"],
  ["a canvas that grows is made smaller at last",        "image/rotate,45",                       "image/rotate,45/resize,l_1500/format,bmp"],
  ["only what is seen of the settings counts",           "image/resize,w_600/quality,q_5/maxbytes,100/meta,keep/interlace,1/effort,small/format,webp", "image/resize,w_600,h_400,m_fixed,limit_0/format,bmp"],
  ["a background is seen",                               "image/rounded-corners,r_400/background,00FF0080", "image/rounded-corners,r_100/background,00FF0080/format,bmp"],
])("draftPlan: %s", (_name, process, expected) => {
  expect(draftOf(process)).toBe(expected);
});

// biome-ignore format: one row per case
test.each([
  ["white",                 "image/rounded-corners,r_400",                     "image/rounded-corners,r_100/background,FFFFFF/format,bmp"],
  ["the asked color",       "image/rounded-corners,r_400/background,00FF0A",   "image/rounded-corners,r_100/background,00FF0A/format,bmp"],
  ["the asked color on white", "image/rounded-corners,r_400/background,00FF0080", "image/rounded-corners,r_100/background,7FFF7F/format,bmp"],
])("draftPlan: behind a format without alpha lies %s", (_name, process, expected) => {
  expect(draftOf(process, { keepsAlpha: false })).toBe(expected);
});

describe("draftPlan of watermarks", () => {
  const text = `text_${encodeBase64Url("图片")}`;
  const image = (mark: string) => `image/watermark,image_${encodeBase64Url(mark)},x_40,y_8`;
  const markOf = (process: string, of: Partial<DraftOf> = {}) => {
    const [call] = draftPlan(parseProcess(process), { ...QUARTER, ...of }).plan.calls;
    return { args: call?.args, mark: call?.mark?.plan === undefined ? undefined : printPlan(call.mark.plan) };
  };

  test("a text, its insets and gaps shrink with the picture", () => {
    const process = `image/watermark,t_50,g_nw,x_0,y_40,voffset_-10,padx_8,${text},size_100`;
    expect(draftOf(process)).toBe(`image/watermark,t_50,g_nw,x_0,voffset_-2,padx_2,${text},size_25/format,bmp`);
  });
  test("a picture is made smaller first, since it is as large as ever", () => {
    const { args, mark } = markOf(image("a.png"));
    expect(mark).toBe("image/resize,p_25");
    expect(args).toMatchObject({ x: 10, y: 2 });
  });
  test("lengths of its own plan shrink with it", () => {
    expect(markOf(image("a.png?x-oss-process=image/resize,w_200/rounded-corners,r_20")).mark).toBe(
      "image/resize,p_25/resize,w_50/rounded-corners,r_5",
    );
  });
  test("a size in percent of the picture it is drawn on is right already", () => {
    expect(markOf(image("a.png?x-oss-process=image/crop,w_80/resize,P_30/rounded-corners,r_20")).mark).toBe(
      "image/crop,w_80/resize,P_30/rounded-corners,r_5",
    );
  });
  test("it stays where the picture is as large as it will be", () => {
    expect(markOf(image("a.png"), { proxySide: 6000 }).mark).toBe(undefined);
  });
});

// biome-ignore format: one row per case
const REAL = [
  "image/resize,w_800", "image/resize,h_333", "image/resize,l_1200", "image/resize,s_700,m_mfit", "image/resize,p_37",
  "image/resize,w_900,h_500,m_fixed", "image/resize,m_fill,w_500,h_900", "image/resize,m_pad,w_1000,h_1000",
  "image/resize,w_16000,h_1000,m_fixed,limit_0", "image/fit,w_640,h_360", "image/fit,m_pad,w_640,h_640", "image/fit,m_fill,w_640,h_640,enlarge_1",
  "image/crop,x_500,y_300,w_1200,h_800", "image/crop,w_2000,h_2000,g_center", "image/indexcrop,y_500,i_3", "image/indexcrop,x_700,i_8",
  "image/rotate,90", "image/rotate,30", "image/flip,h", "image/circle,r_900", "image/circle,r_4000", "image/rounded-corners,r_200",
  "image/crop,w_3000,h_1500,g_fp:0.3:0.6/resize,w_1200/rotate,270/circle,r_100", "image/resize,w_2000/crop,w_700,h_700,g_se/resize,p_200",
  "image/rotate,15/resize,m_fill,w_800,h_800/blur,sigma_4", "image/crop,w_2000/resize,p_110/resize,w_300",
];
const SOURCES: readonly Size[] = [
  LARGE,
  { width: 3000, height: 4512 },
  { width: 1023, height: 682 },
  { width: 5000, height: 333 },
];
describe.each(SOURCES)("a draft of $width×$height", (source) => {
  const proxySide = Math.min(1600, Math.max(source.width, source.height));
  test.each(REAL)("%s has the size of its plan, reduced", (process) => {
    const plan = parseProcess(process);
    const wanted = sizeOf(plan, source);
    const draft = draftPlan(plan, { source, proxySide, side: 1600, keepsAlpha: true });
    const proxy = sizeOf(parseProcess("image/resize,l_1600"), source);
    const size = sizeOf(draft.plan, proxy);
    const longest = Math.max(wanted.width, wanted.height) * draft.factor;
    const factor = draft.factor * Math.min(1, 1600 / longest);
    expect(Math.max(size.width, size.height)).toBeLessThanOrEqual(1600);
    // Each of at most four roundings moves an edge by less than a pixel of the draft
    expect(Math.abs(size.width - wanted.width * factor)).toBeLessThan(4);
    expect(Math.abs(size.height - wanted.height * factor)).toBeLessThan(4);
  });
});

const PIXEL_OPERATIONS = [...OPERATIONS.values()].filter(({ kind }) => kind === "pixels");

/** A process text of up to four operations with arguments in their ranges; not all belong together. */
const anyProcess = fc
  .array(fc.constantFrom(...PIXEL_OPERATIONS).chain(anyCall), { maxLength: 4 })
  .map((parts) => ["image", ...parts, "format,png"].join("/"));

function anyCall({ name, args, bare }: Operation): fc.Arbitrary<string> {
  const texts = Object.entries<Arg<ArgValue>>(args).map(([arg, { domain }]) => {
    return fc.option(
      textOf(domain).map((text) => (arg === bare ? text : `${arg}_${text}`)),
      { nil: undefined },
    );
  });
  return fc.tuple(...texts).map((parts) => [name, ...parts.filter((part) => part !== undefined)].join(","));
}
function textOf(domain: Domain): fc.Arbitrary<string> {
  switch (domain.kind) {
    case "integer":
      return fc.integer({ min: domain.min, max: domain.max }).map(String);
    case "decimal":
      return fc.integer({ min: Math.ceil(domain.min * 10), max: domain.max * 10 }).map((tenths) => String(tenths / 10));
    case "words":
      return fc.constantFrom(...domain.words);
    case "flag":
      return fc.constantFrom("0", "1");
    case "color":
      return fc.constantFrom("FF0000", "00FF80");
    case "anchor":
      return fc.constantFrom("nw", "center", "se");
    case "text":
      return fc.constant(encodeBase64Url("a.png"));
  }
}

test("any plan is drafted with arguments in their ranges, which print and parse", () => {
  let tried = 0;
  fc.assert(
    fc.property(anyProcess, fc.double({ min: 0.01, max: 1, noNaN: true }), (process, ratio) => {
      const plan = planOf(process);
      if (plan === undefined) return;
      tried++;
      const draft = draftPlan(plan, { ...QUARTER, proxySide: Math.max(1, Math.round(6000 * ratio)) }).plan;
      expect(draft.calls.flatMap(outOfRange)).toEqual([]);
      expect(parseProcess(printPlan(draft))).toEqual(draft);
    }),
    { numRuns: 2000 },
  );
  expect(tried).toBeGreaterThan(200);
});

function planOf(process: string): Plan | undefined {
  try {
    return parseProcess(process);
  } catch {
    return undefined; // two ways of saying one thing, or half of one
  }
}
function outOfRange({ name, args }: Call): readonly string[] {
  const specs: Readonly<Record<string, Arg<ArgValue>>> = OPERATIONS.get(name)?.args ?? {};
  return Object.entries(args).flatMap(([arg, value]) => {
    const spec = specs[arg];
    return spec?.parse(spec.print(value)) === undefined ? [`${name}.${arg}: ${String(value)}`] : [];
  });
}

describe("geometryPlan", () => {
  test("keeps what moves and cuts, and the ground it lies on", () => {
    const process =
      "image/resize,w_600/bright,10/crop,w_100/blur,sigma_3/rotate,20/auto-orient,0/background,FF0000/format,jpg/quality,Q_50";
    expect(printPlan(geometryPlan(parseProcess(process)))).toBe(
      "image/resize,w_600/crop,w_100/rotate,20/auto-orient,0/background,FF0000/format,jpg",
    );
  });
  test("a result without geometry has its whole original beside it", () => {
    expect(geometryPlan(parseProcess("image/bright,10/rounded-corners,r_9")).calls).toEqual([]);
  });
});
