import type { Codec } from "../../src/core/codec.ts";
import { createLessor } from "../../src/core/lease.ts";
import { DEFAULT_LIMITS } from "../../src/core/limits.ts";
import { type Job, type Parts, run } from "../../src/core/pipeline.ts";
import type { Probe } from "../../src/core/probe.ts";
import type { Raster } from "../../src/core/raster.ts";
import type { Step } from "../../src/core/step.ts";
import type { TextEngine } from "../../src/core/text.ts";
import { createKernels } from "../../src/kernels/index.ts";
import { createPlaneKernels } from "../../src/kernels/planes.ts";
import { OPERATIONS } from "../../src/operations/index.ts";
import { resolveQuality } from "../../src/operations/quality.ts";
import { applyStep, stepScratchBytes, takePlanes } from "../../src/pixels/index.ts";
import { toLayout } from "../../src/pixels/layout.ts";
import { receive, sinkBytes } from "../../src/pixels/sink.ts";
import { underlay } from "../../src/pixels/underlay.ts";
import { parseProcess } from "../../src/syntax/oss-process.ts";
import { loadWasm } from "../support/library.ts";
import type { Pixels } from "../support/pictures.ts";

/** A codec that writes nothing: what its encoder is given is kept in `encoded`. */
export interface FakeCodec extends Codec {
  readonly encoded: { raster: Raster; quality: number }[];
}
export function fakeCodec(
  rest: Partial<Omit<Codec, "supports">> & { readonly supports?: Partial<Codec["supports"]> },
): FakeCodec {
  const encoded: FakeCodec["encoded"] = [];
  return {
    format: "jpeg",
    mimeType: "image/fake",
    defaultQuality: 77,
    maxSide: 16383,
    modules: { decode: [], encode: [] },
    checkProbe: () => undefined,
    decodeBytes: () => 0,
    encodeBytes: () => 0,
    decode: async () => {
      throw new Error("this fake does not decode");
    },
    async encode(raster, { quality }) {
      encoded.push({ raster, quality });
      return new Uint8Array([1, 2, 3]);
    },
    ...rest,
    supports: {
      alpha: true,
      animation: false,
      quality: true,
      progressive: false,
      lossless: false,
      exif: false,
      chroma: false,
      ijgQuality: false,
      containerOrientation: false,
      layouts: ["rgba8"],
      ...rest.supports,
    },
    encoded,
  };
}

const NO_TEXT: TextEngine = {
  measure: async () => {
    throw new Error("no text here");
  },
  draw: async () => {
    throw new Error("no text here");
  },
};

/** A decoder of pixels that are there already, whole. */
export function decodesWhole(picture: Pixels, alpha = false): Codec["decode"] {
  const covers = { x: 0, y: 0, width: picture.width, height: picture.height };
  return async (_bytes, _probe, _needs, { rows }) =>
    rows.whole({ layout: "rgba8", ...picture, data: picture.data.slice(), alpha }, covers);
}

export interface Ran {
  readonly steps: readonly { readonly kind: string; readonly input: Raster }[];
  readonly result: Awaited<ReturnType<typeof run>>;
}
/** One process on fake codecs, with the real operations and pixel stages; `steps` are those that were applied. */
export async function runFake(
  process: string,
  probe: Probe,
  codecs: readonly Codec[],
  job: Partial<Job> = {},
  rest: Partial<Parts> = {},
): Promise<Ran> {
  const kernels = loadWasm("pixels").then(createKernels);
  const planes = () => loadWasm("pixels").then(createPlaneKernels);
  const steps: { kind: string; input: Raster }[] = [];
  const parts: Parts = {
    planner: {
      operations: OPERATIONS,
      codecs: new Map(codecs.map((codec) => [codec.format, codec])),
      scratchBytes: stepScratchBytes,
      sinkBytes,
      textBytes: ({ width, height }) => width * height * 5,
      quality: resolveQuality,
    },
    probe: () => probe,
    readColor: () => undefined,
    readMetadata: () => undefined,
    applyStep(input: Raster, step: Step, tools) {
      steps.push({ kind: step.kind, input });
      return applyStep(input, step, { ...tools, kernels: () => kernels, planes });
    },
    underlay: async (raster, background, keepsAlpha) => underlay(raster, background, keepsAlpha, await kernels),
    describeHue: async () => "{}",
    toLayout: (raster, layouts) => toLayout(raster, layouts, planes),
    receive: (request, tools, work) => receive(request, { ...tools, planes, now: () => 0 }, work),
    takePlanes,
    now: () => 0,
    ...rest,
  };
  const lease = createLessor(loadWasm, () => undefined);
  const result = await run(new Uint8Array(9), parseProcess(process), parts, {
    limits: DEFAULT_LIMITS,
    checkpoint: () => undefined,
    lease,
    text: NO_TEXT,
    onMemory: () => undefined,
    ...job,
  });
  return { steps, result };
}
