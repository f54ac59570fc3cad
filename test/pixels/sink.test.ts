import { describe, expect, test } from "vitest";
import { leadingOf } from "../../src/core/defer.ts";
import type { Rect, Size } from "../../src/core/geometry.ts";
import { createLessor } from "../../src/core/lease.ts";
import { type Raster, rgbaOf } from "../../src/core/raster.ts";
import type { PlaneShape, RowShape, SampleKind } from "../../src/core/rows.ts";
import type { Step } from "../../src/core/step.ts";
import { kernelModule } from "../../src/core/wasm.ts";
import { createScaler, type ScalePlane } from "../../src/kernels/resize/scaler.ts";
import { toLayout } from "../../src/pixels/layout.ts";
import { scale } from "../../src/pixels/scale.ts";
import { receive, sinkBytes } from "../../src/pixels/sink.ts";
import { codecTools } from "../codecs/harness.ts";
import { loadWasm } from "../support/library.ts";
import { difference, type Pixels, rejectionOf, scene } from "../support/pictures.ts";
import { runStage } from "./run-stage.ts";

const lease = createLessor(loadWasm, () => undefined);
const tools = codecTools(lease);
const source = scene(120, 83);
const whole: Rect = { x: 0, y: 0, width: 120, height: 83 };

const scaled = (width: number, height: number, linear = false): Step => ({
  kind: "scale",
  params: { filter: "lanczos3", linear },
  output: { width, height },
});
const cropped = (rect: Rect): Step => ({ kind: "crop", params: { rect }, output: rect });

interface Given {
  readonly kind: SampleKind;
  readonly covers: Rect;
  readonly planes: readonly { readonly data: Uint8Array; readonly shape: PlaneShape }[];
}
/** Everything a decoder would leave in the sink, `band` rows at a time, planes in turn. */
function received(steps: readonly Step[], { kind, covers, planes }: Given, band = 7, wanted?: "420" | "444") {
  const shape: RowShape = { kind, alpha: false, covers, planes: planes.map((plane) => plane.shape) };
  const request = { leading: leadingOf(steps, whole), rows: true, ...(wanted === undefined ? {} : { planes: wanted }) };
  return receive(request, tools, async (rows) => {
    const writer = rows.begin(shape);
    for (let y = 0; planes.some((plane) => y < plane.shape.height); y += band) {
      planes.forEach((plane, index) => {
        const stride = plane.shape.width * (kind === "rgba" ? 4 : 1);
        writer.write(index, plane.data.subarray(y * stride, Math.min(y + band, plane.shape.height) * stride));
      });
    }
    return writer.end();
  });
}
const whole1 = { of: 1, by: 1 };
const packed = ({ width, height, data }: Pixels, covers: Rect): Given => ({
  kind: "rgba",
  covers,
  planes: [{ data, shape: { width, height, spanX: whole1, spanY: whole1 } }],
});
function cut({ width, data }: Pixels, rect: Rect): Pixels {
  const output = new Uint8Array(rect.width * rect.height * 4);
  for (let row = 0; row < rect.height; row++) {
    const start = ((rect.y + row) * width + rect.x) * 4;
    output.set(data.subarray(start, start + rect.width * 4), row * rect.width * 4);
  }
  return { width: rect.width, height: rect.height, data: output };
}
const byStage = (picture: Pixels, { width, height }: Size) =>
  runStage(scale, picture, { filter: "lanczos3", linear: false }, { alpha: false, output: { width, height } });

/** One channel of the scene, every `x`th and `y`th sample averaged. */
function plane(channel: number, x: number, y: number): { data: Uint8Array; shape: PlaneShape } {
  const width = Math.ceil(source.width / x);
  const height = Math.ceil(source.height / y);
  const data = new Uint8Array(width * height);
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      let sum = 0;
      let count = 0;
      for (let j = v * y; j < Math.min(source.height, v * y + y); j++) {
        for (let i = u * x; i < Math.min(source.width, u * x + x); i++, count++)
          sum += source.data[(j * 120 + i) * 4 + channel]!;
      }
      data[v * width + u] = Math.round(sum / count);
    }
  }
  return { data, shape: { width, height, spanX: { of: x, by: 1 }, spanY: { of: y, by: 1 } } };
}

describe("receive: rows that are resampled as they come", () => {
  test.each([1, 7, 83, 200])("are what the stage makes of the whole picture, %i at a time", async (band) => {
    const decoded = await received([scaled(50, 31)], packed(source, whole), band);
    expect(decoded).toMatchObject({ covers: whole, resampled: true });
    expect(decoded.raster).toEqual(await byStage(source, { width: 50, height: 31 }));
  });
  test("of a region are what the stage makes of the region, however much more is delivered", async () => {
    const region = { x: 17, y: 9, width: 60, height: 40 };
    const wider = { x: 16, y: 8, width: 72, height: 48 };
    const steps = [cropped(region), scaled(21, 15)];
    const expected = await byStage(cut(source, region), { width: 21, height: 15 });
    for (const covers of [region, wider, whole]) {
      const decoded = await received(steps, packed(cut(source, covers), covers));
      expect(decoded.raster).toEqual(expected);
      expect(decoded.covers).toEqual(region);
    }
  });
  test("are made only where a crop right behind the resampling wants them", async () => {
    const whole50 = await received([scaled(50, 31)], packed(source, whole));
    const part = { x: 7, y: 5, width: 21, height: 13 };
    const decoded = await received([scaled(50, 31), cropped(part)], packed(source, whole));
    expect(decoded.raster).toEqual({ layout: "rgba8", ...cut(rgbaOf(whole50.raster), part), alpha: false });
  });
  test("of R, G and B become packed pixels, each plane resampled from its own resolution", async () => {
    const planes = [plane(0, 1, 1), plane(1, 1, 1), plane(2, 1, 1)];
    const full = await received([scaled(40, 28)], { kind: "rgb", covers: whole, planes });
    expect(full.raster).toEqual(await byStage(source, { width: 40, height: 28 }));
    const coarse = await received([scaled(40, 28)], {
      kind: "rgb",
      covers: whole,
      planes: [planes[0]!, plane(1, 2, 2), plane(2, 2, 1)],
    });
    expect(difference(rgbaOf(coarse.raster), rgbaOf(full.raster)).mean).toBeLessThan(4);
  });
  test("of Y, Cb and Cr stay planes where planes are wanted, chroma at the size that is", async () => {
    const planes = [plane(0, 1, 1), plane(1, 2, 2), plane(2, 2, 2)];
    for (const [chroma, width, height] of [
      ["420", 21, 15],
      ["444", 41, 29],
    ] as const) {
      const { raster } = await received([scaled(41, 29)], { kind: "ycbcr", covers: whole, planes }, 16, chroma);
      expect(raster).toMatchObject({
        layout: "ycbcr8",
        width: 41,
        height: 29,
        planes: [
          { width: 41, height: 29 },
          { width, height },
          { width, height },
        ],
      });
    }
  });
  test("put halved chroma of an odd size where its pixels are", async () => {
    const planes = [plane(0, 1, 1), plane(1, 1, 1), plane(2, 1, 1)];
    const { raster } = await received([scaled(41, 29)], { kind: "ycbcr", covers: whole, planes }, 16, "420");
    const { raster: full } = await received([scaled(41, 29)], { kind: "ycbcr", covers: whole, planes }, 16, "444");
    if (raster.layout !== "ycbcr8" || full.layout !== "ycbcr8") throw new Error("expected planes");
    const [, half] = raster.planes;
    const [, fine] = full.planes;
    let worst = 0;
    for (let v = 0; v < 14; v++) {
      for (let u = 0; u < 20; u++) {
        const at = v * 2 * 41 + u * 2;
        const mean = (fine.data[at]! + fine.data[at + 1]! + fine.data[at + 41]! + fine.data[at + 42]!) / 4;
        worst = Math.max(worst, Math.abs(mean - half.data[v * 21 + u]!));
      }
    }
    expect(worst).toBeLessThan(26); // a shift by half a sample would be over 60 at the edges of the scene
  });
});

describe("receive: rows that are collected", () => {
  test("are the picture", async () => {
    const decoded = await received([], packed(source, whole));
    expect(decoded).toEqual({ raster: { layout: "rgba8", ...source, alpha: false }, covers: whole });
  });
  test.each([
    [1, 1],
    [2, 1],
    [2, 2],
    [4, 1],
    [1, 2],
  ])("of chroma %ix%i are planes of that", async (x, y) => {
    const planes = [plane(0, 1, 1), plane(1, x, y), plane(2, x, y)];
    const { raster } = await received([], { kind: "ycbcr", covers: whole, planes });
    expect(raster).toMatchObject({ layout: "ycbcr8", subsampleX: x, subsampleY: y });
    expect(raster.layout === "ycbcr8" && raster.planes.map(({ data }) => data)).toEqual(planes.map(({ data }) => data));
  });
  test("of unusual sampling are brought to full size", async () => {
    const planes = [plane(0, 1, 1), plane(1, 3, 1), plane(2, 1, 3)];
    const { raster } = await received([], { kind: "ycbcr", covers: whole, planes });
    expect(raster).toMatchObject({ layout: "ycbcr8", subsampleX: 1, subsampleY: 1, width: 120, height: 83 });
    const rgb = await received([], { kind: "rgb", covers: whole, planes });
    expect(difference(rgbaOf(rgb.raster), source).mean).toBeLessThan(8);
  });
  test("of inks keep their order", async () => {
    const planes = [plane(0, 1, 1), plane(1, 1, 1), plane(2, 1, 1), plane(0, 1, 1)];
    const { raster } = await received([], { kind: "cmyk", covers: whole, planes });
    if (raster.layout !== "cmyk8") throw new Error(raster.layout);
    expect([...raster.data.subarray(400, 404)]).toEqual([
      source.data[400],
      source.data[401],
      source.data[402],
      source.data[400],
    ]);
  });
  test("are collected for light that is added up as light", async () => {
    expect((await received([scaled(9, 9, true)], packed(source, whole))).resampled).toBeUndefined();
  });
});

describe("receive: a decoder that keeps no promise", () => {
  test("more rows than there are is a fault of ours, fewer a damaged picture", async () => {
    const given = packed(source, whole);
    const failing = (act: (write: (rows: Uint8Array) => void) => void) =>
      rejectionOf(
        receive({ leading: leadingOf([], whole), rows: true }, tools, async (rows) => {
          const writer = rows.begin({
            kind: "rgba",
            alpha: false,
            covers: whole,
            planes: given.planes.map(({ shape }) => shape),
          });
          act((part) => writer.write(0, part));
          return writer.end();
        }),
      );
    expect((await failing((write) => [write(source.data), write(source.data.subarray(0, 480))])).code).toBe("INTERNAL");
    expect((await failing((write) => write(source.data.subarray(0, 480)))).code).toBe("CORRUPT_IMAGE");
  });
  test("rows that were not announced are a fault of ours", async () => {
    const failure = rejectionOf(
      receive({ leading: leadingOf([], whole), rows: false }, tools, async (rows) =>
        rows.begin({ kind: "gray", alpha: false, covers: whole, planes: [] }).end(),
      ),
    );
    expect((await failure).code).toBe("INTERNAL");
  });
});

test("sinkBytes bounds the scaler's memory and what it gives", async () => {
  const size = { width: 900, height: 700 };
  for (const [width, height] of [
    [100, 80],
    [890, 20],
    [1800, 1400],
    [3, 900],
  ] as const) {
    const step = scaled(width, height);
    let held = 0;
    const counting = createLessor(loadWasm, (bytes) => {
      held = bytes;
    });
    const axis = (from: number, output: number) => ({ source: from, output, start: 0, length: from, by: 1 });
    const planes: ScalePlane[] = [{ channels: 4, x: axis(900, width), y: axis(700, height) }];
    await counting(kernelModule("resize"), createScaler, { code: "INTERNAL", message: "" }, (scaler) => {
      const run = scaler.begin(planes, { filter: "lanczos3", linear: false, alpha: true });
      run.write(0, scene(size.width, size.height).data);
      return run.end();
    });
    expect(held + width * height * 4).toBeLessThanOrEqual(
      sinkBytes({ ...size, bytes: 4 }, step.kind === "scale" ? step : undefined, true),
    );
  }
});

test("a raster of planes is packed like the same picture", async () => {
  const planes = [plane(0, 1, 1), plane(1, 2, 2), plane(2, 2, 2)];
  const { raster } = await received([], { kind: "ycbcr", covers: whole, planes });
  const rgba: Raster = await toLayout(raster, ["rgba8"], tools.planes);
  expect(rgba).toMatchObject({ layout: "rgba8", width: 120, height: 83, alpha: false });
});
