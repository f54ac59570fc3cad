import type { Codec, EncodeOptions } from "../../src/core/codec.ts";
import { leadingOf } from "../../src/core/defer.ts";
import { createLessor, type LeaseWasm } from "../../src/core/lease.ts";
import type { Probe } from "../../src/core/probe.ts";
import type { Raster } from "../../src/core/raster.ts";
import { createPlaneKernels } from "../../src/kernels/planes.ts";
import { toLayout } from "../../src/pixels/layout.ts";
import { receive } from "../../src/pixels/sink.ts";
import { probe } from "../../src/probe/index.ts";
import { loadWasm } from "../support/library.ts";
import type { Pixels } from "../support/pictures.ts";

/** One codec on a lessor of its own, as an engine holds it. */
export interface CodecHarness {
  decode(bytes: Uint8Array): Promise<Pixels & { readonly alpha: boolean }>;
  encode(picture: Pixels, quality?: number, alpha?: boolean, options?: Partial<EncodeOptions>): Promise<Uint8Array>;
  /** Largest linear memory of any instance so far. */
  memory(): number;
}
export function harness(codec: Codec): CodecHarness {
  let largest = 0;
  const lease = createLessor(loadWasm, (bytes) => {
    largest = Math.max(largest, bytes);
  });
  const tools = codecTools(lease);
  return {
    async decode(bytes) {
      const header = probe(bytes);
      const { raster, covers } = await decodeBy(codec, bytes, header, tools);
      if (covers.width !== header.width || covers.height !== header.height || covers.x !== 0 || covers.y !== 0) {
        throw new Error("expected the whole picture");
      }
      return pixelsOf(await toLayout(raster, ["rgba8"], tools.planes));
    },
    encode: ({ width, height, data }, quality = codec.defaultQuality, alpha = true, options = {}) =>
      codec.encode(
        { layout: "rgba8", width, height, data, alpha },
        { quality, progressive: false, lossless: false, effort: "fast", chroma: "420", ...options },
        tools,
      ),
    memory: () => largest,
  };
}
export function codecTools(lease: LeaseWasm) {
  return {
    lease,
    checkpoint: () => undefined,
    planes: () => loadWasm("pixels").then(createPlaneKernels),
    now: () => 0,
    mark: () => Promise.reject(new Error("no mark")),
    colorMeaning: () => undefined,
  };
}
/** The whole picture, through the sink that an engine gives a decoder. */
export function decodeBy(codec: Codec, bytes: Uint8Array, header: Probe, tools: ReturnType<typeof codecTools>) {
  const leading = leadingOf([], header);
  return receive({ leading, rows: codec.rowsOf?.(header, leading.needs) !== undefined }, tools, (rows) =>
    codec.decode(bytes, header, leading.needs, { ...tools, rows }),
  );
}
function pixelsOf(raster: Raster): Pixels & { readonly alpha: boolean } {
  if (raster.layout !== "rgba8") throw new Error(`expected rgba8, got ${raster.layout}`);
  return raster;
}

/**
 * How far our JPEG decoder may be from libjpeg-turbo's on a picture that is not damaged, of RGBA: its inverse DCT works in 16
 * bits and rounds otherwise than libjpeg's "islow", which makes 1 or 2 of a sample, and the conversion of color up to 3.
 */
export const OF_LIBJPEG = { mean: 0.15, largest: 4 } as const;

/** A view into a larger buffer that is full of other bytes. */
export function offsetView(bytes: Uint8Array, offset: number): Uint8Array {
  const buffer = new Uint8Array(bytes.length + offset + 64).fill(0xa5);
  buffer.set(bytes, offset);
  return buffer.subarray(offset, offset + bytes.length);
}

/** Lengths that cut a file: all short ones, then spread over the rest. */
export function cuts(length: number, count: number): readonly number[] {
  const short = [0, 1, 2, 3, 4, 8, 12, 16, 20, 24, 30, 33, 40, 64];
  const spread = Array.from({ length: count }, (_, i) => Math.floor((length * (i + 1)) / (count + 1)));
  return [...new Set([...short, ...spread, length - 12, length - 4, length - 2, length - 1])].filter(
    (at) => at >= 0 && at < length,
  );
}
