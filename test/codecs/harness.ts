import type { Codec, EncodeOptions } from "../../src/core/codec.ts";
import { needsOf } from "../../src/core/defer.ts";
import { createLessor } from "../../src/core/lease.ts";
import type { Raster } from "../../src/core/raster.ts";
import { collectRows } from "../../src/core/rows.ts";
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
  return {
    async decode(bytes) {
      const header = probe(bytes);
      const rows = collectRows(() => undefined);
      const { raster, covers } = await codec.decode(bytes, header, needsOf([], header), { lease, rows });
      if (covers.width !== header.width || covers.height !== header.height || covers.x !== 0 || covers.y !== 0) {
        throw new Error("expected the whole picture");
      }
      return pixelsOf(raster);
    },
    encode: ({ width, height, data }, quality = codec.defaultQuality, alpha = true, options = {}) =>
      codec.encode(
        { layout: "rgba8", width, height, data, alpha },
        { quality, progressive: false, lossless: false, ...options },
        { lease },
      ),
    memory: () => largest,
  };
}
function pixelsOf(raster: Raster): Pixels & { readonly alpha: boolean } {
  if (raster.layout !== "rgba8") throw new Error(`expected rgba8, got ${raster.layout}`);
  return raster;
}

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
