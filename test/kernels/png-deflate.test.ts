import { deflateSync, inflateSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import type { PngEncoderExports } from "../../src/kernels/png/exports.ts";
import { noise } from "../support/noise.ts";
import { crc32 } from "./png-files.ts";
import { BUILDS, pngExports } from "./png-module.ts";

let [vectors, scalar]: PngEncoderExports[] = [];
beforeAll(async () => {
  [vectors, scalar] = await Promise.all(BUILDS.map(pngExports));
});

const ROOM = 512 * 1024;

/** Feeds `step` bytes at a time, as the encoder does with rows. */
function deflate(wasm: PngEncoderExports, data: Uint8Array, search: number, step = 40_000): Uint8Array {
  const start = wasm.mark();
  const tables = wasm.reserve(wasm.deflateBytes());
  const buffer = wasm.reserve(ROOM);
  const output = wasm.reserve(ROOM);
  const memory = new Uint8Array(wasm.memory.buffer);
  const parts: Uint8Array[] = [];
  wasm.deflateStart(tables, buffer, output, search);
  for (let at = 0, last = false; !last; ) {
    const part = data.subarray(at, at + step);
    if (wasm.deflateEnd() + part.length + 64 > buffer + ROOM) {
      const needed = wasm.deflateNeeded();
      memory.copyWithin(buffer, needed, wasm.deflateEnd());
      wasm.deflateMoved(needed - buffer);
    }
    memory.set(part, wasm.deflateEnd());
    at += part.length;
    last = at === data.length;
    wasm.deflateRun(part.length, last ? 1 : 0);
    parts.push(memory.slice(output, wasm.deflateOut()));
    wasm.deflateTaken(output);
  }
  wasm.reset(start);
  return new Uint8Array(Buffer.concat(parts));
}

/** Counts that grow as Fibonacci's numbers do make the longest codes there are, and so the limit of their length count. */
function fibonacci(): Uint8Array {
  const values: number[] = [];
  for (let [symbol, a, b] = [0, 1, 1]; symbol < 24; symbol++, [a, b] = [b, a + b]) {
    for (let i = 0; i < a; i++) values.push(symbol * 7);
  }
  const order = noise(values.length * 2, 3);
  const keys = values.map((_, i) => order[2 * i]! * 256 + order[2 * i + 1]!);
  return Uint8Array.from(
    values
      .map((value, i) => [keys[i]!, value] as const)
      .sort((p, q) => p[0] - q[0])
      .map(([, value]) => value),
  );
}

const text = new TextEncoder().encode(
  Array.from({ length: 4000 }, (_, i) => `${i * i} of ${["ink", "oil"][i % 2]}\n`).join(""),
);
const grain = noise(300_000);
const samples: readonly (readonly [string, Uint8Array])[] = [
  ["nothing", new Uint8Array(0)],
  ...Array.from({ length: 20 }, (_, i) => [`${i + 1} bytes`, noise(i + 1)] as const),
  ["20 equal bytes", new Uint8Array(20).fill(5)],
  ["text", text],
  ["noise", grain],
  ["one value", new Uint8Array(700_000).fill(9)],
  ["two values", grain.map((byte) => byte & 1)],
  ["residuals", grain.map((byte) => (byte < 220 ? byte & 3 : byte))],
  ["short periods", Uint8Array.from({ length: 200_000 }, (_, i) => ((i % ((i >> 12) + 1)) * 37 + (i >> 12)) & 255)],
  ["codes of every length", fibonacci()],
  ["noise, then text, then one value", Buffer.concat([grain.subarray(0, 90_000), text, new Uint8Array(90_000)])],
  [
    "matches as far back as there can be",
    Buffer.concat([1, 2, 3].flatMap(() => [grain.subarray(0, 32_700), text.subarray(0, 60)])),
  ],
  ["far matches beyond reach", Buffer.concat([1, 2, 3].flatMap(() => [grain.subarray(0, 32_900)]))],
];

describe.each([0, 1, 2])("deflate, search %i", (search) => {
  test.each(samples)("zlib inflates it, and both builds write the same: %s", (_name, data) => {
    const packed = deflate(vectors!, data, search);
    expect(Buffer.compare(inflateSync(packed), data)).toBe(0);
    expect(Buffer.compare(deflate(scalar!, data, search), packed), "SIMD and scalar build").toBe(0);
    expect(packed.length).toBeLessThanOrEqual(data.length + 64 + data.length / 500);
    for (const step of [100_000, 999, ...(data.length < 3000 ? [1] : [])]) {
      expect(Buffer.compare(inflateSync(deflate(vectors!, data, search, step)), data), `${step} at a time`).toBe(0);
    }
  });
});

test("packs about as well as zlib: quickly as at level 3, thoroughly as at level 9", () => {
  for (const name of ["text", "residuals", "codes of every length"]) {
    const data = samples.find(([known]) => known === name)![1];
    expect(deflate(vectors!, data, 0).length, name).toBeLessThan(1.35 * deflateSync(data, { level: 3 }).length);
    expect(deflate(vectors!, data, 2).length, name).toBeLessThan(1.08 * deflateSync(data, { level: 9 }).length);
  }
});

test("checksums, at every length and from every start", () => {
  for (const wasm of [vectors!, scalar!]) {
    const start = wasm.mark();
    const at = wasm.reserve(200_100);
    const memory = new Uint8Array(wasm.memory.buffer);
    const data = noise(200_000, 4).fill(255, 1000, 40_000);
    memory.set(data, at);
    const { adler32 } = wasm as unknown as { adler32(sum: number, at: number, count: number): number };
    for (const length of [...Array.from({ length: 70 }, (_, i) => i), 5535, 5536, 5537, 11_072, 65_000, 200_000]) {
      const stored = deflateSync(data.subarray(0, length), { level: 0 }).readUInt32BE(
        deflateSync(data.subarray(0, length), { level: 0 }).length - 4,
      );
      expect(adler32(1, at, length) >>> 0, `${length} bytes`).toBe(stored);
      const half = length >> 1;
      expect(adler32(adler32(1, at, half), at + half, length - half) >>> 0).toBe(stored);
      if (length > 70_000) continue;
      expect(wasm.crc32(0, at, length) >>> 0).toBe(crc32(data.subarray(0, length)));
      expect(wasm.crc32(wasm.crc32(0, at, half), at + half, length - half) >>> 0).toBe(crc32(data.subarray(0, length)));
    }
    wasm.reset(start);
  }
});
