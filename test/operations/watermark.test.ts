import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ArgSpecs, type ArgsOf, parseArgs } from "../../src/core/args.ts";
import { GRAVITIES } from "../../src/core/geometry.ts";
import type { PlanInput, ResolvedMark, StepParams } from "../../src/core/step.ts";
import { markPosition, watermark } from "../../src/operations/watermark.ts";
import { probeOf } from "../support/pictures.ts";

const mark = { width: 60, height: 31 };
const picture = { width: 401, height: 267 };

// OSS IMG reference, section 10.1: 401 − 60 = 341, half 170; 267 − 31 = 236, half 118; x_7, y_11, voffset_-5
// biome-ignore format: one row per case
test.each([
  ["nw", 7, 11],     ["north", 170, 11],   ["ne", 334, 11],
  ["west", 7, 113],  ["center", 170, 113], ["east", 334, 113],
  ["sw", 7, 225],    ["south", 170, 225],  ["se", 334, 225],
] as const)("watermark.plan: at %s the mark's top left is %i,%i", (g, x, y) => {
  expect(markPosition(mark, picture, g, { x: 7, y: 11, voffset: -5 })).toEqual({ x, y });
});

test.each(GRAVITIES)("watermark.plan: voffset moves the middle row down and nothing else (%s)", (g) => {
  const at = (voffset: number) => markPosition(mark, picture, g, { x: 10, y: 10, voffset });
  const moved = ["west", "center", "east"].includes(g) ? 25 : 0;
  expect(at(25)).toEqual({ x: at(0).x, y: at(0).y + moved });
});

test("watermark.plan: a mark larger than the picture sticks out, halves floored", () => {
  expect(markPosition({ width: 404, height: 300 }, picture, "center", { x: 0, y: 0, voffset: 0 })).toEqual({ x: -2, y: -17 });
  expect(markPosition({ width: 404, height: 300 }, picture, "se", { x: 10, y: 10, voffset: 0 })).toEqual({ x: -13, y: -43 });
});

test("watermark.plan: what fits with its insets stays inside", () => {
  const nat = fc.nat(60);
  fc.assert(
    fc.property(nat, nat, fc.constantFrom(...GRAVITIES), (x, y, g) => {
      const at = markPosition(mark, picture, g, { x, y, voffset: 0 });
      expect(at.x >= 0 && at.y >= 0 && at.x + mark.width <= picture.width && at.y + mark.height <= picture.height).toBe(true);
    }),
  );
});

function planned(texts: Readonly<Record<string, string>>) {
  const args = parseArgs(watermark.name, watermark.args, { image: "a.png", ...texts });
  const resolved = { kind: "picture", key: "a.png", probe: probeOf(60, 31), byteLength: 100, steps: [], size: mark } as const;
  const input: PlanInput = { ...picture, keepsAlpha: false, ossStrict: false };
  const asked: PlanInput[] = [];
  const steps = watermark.plan(args as ArgsOf<typeof watermark.args> & ArgsOf<ArgSpecs>, input, {
    picture(main) {
      asked.push(main);
      return resolved;
    },
  });
  return { steps, asked };
}

describe("watermark.plan", () => {
  // biome-ignore format: one row per case
  test.each([[undefined, 255], ["100", 255], ["99", 252], ["50", 128], ["1", 3], ["90", 230]])("opacity of t_%s is %i of 255", (t, opacity) => {
    expect(planned(t === undefined ? {} : { t }).steps[0]).toMatchObject({ kind: "composite", params: { opacity }, output: picture });
  });
  test("an invisible mark is no step", () => {
    expect(planned({ t: "0" }).steps).toEqual([]);
  });
  test("is at se, 10 px from both edges, where nothing else is said", () => {
    expect(planned({}).steps[0]?.params).toMatchObject({ x: 331, y: 226 });
  });
  test("prepares its mark for the picture at this point of the chain", () => {
    expect(planned({}).asked).toMatchObject([picture]);
  });
});

describe("watermark.plan: text", () => {
  const read = (texts: Readonly<Record<string, string>>) => parseArgs(watermark.name, watermark.args, texts);
  test("is what OSS's defaults say", () => {
    expect(watermark.text?.(read({ text: "Hi" }))).toEqual({
      text: "Hi",
      font: "wqy-zenhei",
      size: 40,
      color: "000000",
      shadow: 0,
      rotateDeg: 0,
    });
    expect(watermark.text?.(read({ image: "a.png" }))).toBeUndefined();
  });

  const picture60x31: ResolvedMark = {
    kind: "picture",
    key: "a.png",
    probe: probeOf(60, 31),
    byteLength: 100,
    steps: [],
    size: { width: 60, height: 31 },
  };
  const spec = { text: "Hi", font: "wqy-zenhei", size: 40, color: "000000", shadow: 0, rotateDeg: 0 } as const;
  const text100x20: ResolvedMark = { kind: "text", text: spec, size: { width: 100, height: 20 } };
  const both = (texts: Readonly<Record<string, string>>) => {
    const input: PlanInput = { ...picture, keepsAlpha: false, ossStrict: false };
    const args = read({ text: "Hi", image: "a.png", ...texts });
    const steps = watermark.plan(args as ArgsOf<typeof watermark.args> & ArgsOf<ArgSpecs>, input, {
      picture: () => picture60x31,
      text: text100x20,
    });
    return steps.map(({ params }) => {
      const { mark, x, y } = params as StepParams["composite"];
      return `${mark.kind} ${x},${y}`;
    });
  };
  // Section 10.4: the block is 60 + interval + 100 wide and 31 high; at nw with no inset its top left is 0,0
  // biome-ignore format: one row per case
  test.each([
    [{},                                      ["picture 0,0", "text 60,11"]],
    [{ order: "1" },                          ["text 0,11", "picture 100,0"]],
    [{ interval: "7" },                       ["picture 0,0", "text 67,11"]],
    [{ align: "0" },                          ["picture 0,0", "text 60,0"]],
    [{ align: "1" },                          ["picture 0,0", "text 60,5"]],
    [{ order: "1", align: "1", interval: "5" }, ["text 0,5", "picture 105,0"]],
  ])("beside a picture: %j", (texts, expected) => {
    expect(both({ g: "nw", x: "0", y: "0", ...texts })).toEqual(expected);
  });
  test("beside a picture is placed as one block", () => {
    expect(both({ g: "se", x: "10", y: "10" })).toEqual(["picture 231,226", "text 291,237"]); // 401 − 160 − 10, 267 − 31 − 10
  });
});

describe("watermark.plan: fill", () => {
  test("repeats from the top left with gaps, whatever g, x and y say", () => {
    const { steps } = planned({ fill: "1", padx: "5", pady: "7", g: "se", x: "40", y: "50" });
    expect(steps).toHaveLength(1);
    expect(steps[0]?.params).toMatchObject({ x: 0, y: 0, tile: { periodX: 65, periodY: 38 } });
  });
});
