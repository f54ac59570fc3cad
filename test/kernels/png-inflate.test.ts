import { constants, deflateSync, inflateRawSync, inflateSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import type { ImageData } from "../../src/kernels/png/chunks.ts";
import type { PngDecoderExports } from "../../src/kernels/png/exports.ts";
import { inflatePng } from "../../src/kernels/png/inflate.ts";
import { noise } from "../support/noise.ts";
import { failureOf } from "../support/pictures.ts";
import { BUILDS, pngExports } from "./png-module.ts";

/** A stream given in pieces, as image data is. */
function source(stream: Uint8Array): ImageData {
  let at = 0;
  return {
    read(target) {
      const part = stream.subarray(at, at + target.length);
      target.set(part);
      at += part.length;
      return part.length;
    },
    ended: () => at === stream.length,
    finish: () => undefined,
  };
}

/** Takes `length` bytes out of a stream, a row of `row` at a time, and checks the rest of it. */
function inflate(wasm: PngDecoderExports, stream: Uint8Array, length: number, row = 1): Uint8Array {
  const start = wasm.mark();
  try {
    const inflated = inflatePng(wasm, source(stream), row);
    const output = new Uint8Array(length);
    inflated.start();
    for (let at = 0; at < length; ) {
      const rows = Math.min(inflated.rows(row), (length - at) / row);
      output.set(new Uint8Array(wasm.memory.buffer, inflated.at(), rows * row), at);
      inflated.drop(rows * row);
      at += rows * row;
    }
    inflated.finish();
    return output;
  } finally {
    wasm.reset(start);
  }
}

/** Bits of a hand-made DEFLATE stream, lowest first; Huffman codes are given as strings, highest bit first. */
function bits(...parts: readonly (readonly [value: number, count: number] | string)[]): Uint8Array {
  const all = parts.flatMap((part) =>
    typeof part === "string" ? [...part].map(Number) : Array.from({ length: part[1] }, (_, i) => (part[0] >> i) & 1),
  );
  const body = Array.from({ length: Math.ceil(all.length / 8) }, (_, i) =>
    all.slice(i * 8, i * 8 + 8).reduce((byte, bit, at) => byte | (bit << at), 0),
  );
  return Uint8Array.from([0x78, 0x01, ...body, 0, 0, 0, 0, 0, 0, 0, 0]);
}
/** Code lengths of a dynamic block, each written by a code of four bits of its own (0..15 alone). */
function dynamic(literals: readonly number[], distances: readonly number[], ...rest: readonly string[]): Uint8Array {
  const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
  const code = (length: number) => length.toString(2).padStart(4, "0");
  return bits(
    [1, 1],
    [2, 2],
    [literals.length - 257, 5],
    [distances.length - 1, 5],
    [15, 4],
    ...order.map((symbol) => [symbol < 16 ? 4 : 0, 3] as const),
    ...[...literals, ...distances].map(code),
    ...rest,
  );
}
function lengths(count: number, some: Readonly<Record<number, number>>): number[] {
  return Array.from({ length: count }, (_, i) => some[i] ?? 0);
}

/** What zlib makes of a stream, or undefined. */
function judged(stream: Uint8Array): Uint8Array | undefined {
  try {
    return new Uint8Array(inflateSync(stream));
  } catch {
    return undefined;
  }
}

const text = new TextEncoder().encode(
  Array.from({ length: 3000 }, (_, i) => `${i * i} bottles of ${["ink", "milk", "oil"][i % 3]}\n`).join(""),
);
const samples: readonly (readonly [string, Uint8Array])[] = [
  ["one byte", Uint8Array.of(7)],
  ["text", text],
  ["noise", noise(150_000)],
  ["one value", new Uint8Array(400_000).fill(9)],
  // Runs at every distance up to 40, so that all ways to copy a match are used
  ["short periods", Uint8Array.from({ length: 200_000 }, (_, i) => ((i % ((i >> 12) + 1)) * 37 + (i >> 12)) & 255)],
  ["residuals", Uint8Array.from(noise(200_000), (byte) => (byte < 200 ? byte & 3 : byte))],
  ["far matches", new Uint8Array(Buffer.concat(Array.from({ length: 4 }, () => noise(32_768)))).fill(1, 40_000, 40_010)],
];

describe.each(BUILDS)("inflate (%s)", (build) => {
  let wasm: PngDecoderExports;
  beforeAll(async () => {
    wasm = await pngExports(build);
  });

  const { Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED } = constants;
  test.each(samples)("gives back what zlib packed at every level and by every strategy: %s", (_name, data) => {
    for (let level = 0; level <= 9; level++) {
      for (const strategy of [Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED]) {
        const stream = deflateSync(data, { level, strategy });
        expect(Buffer.compare(inflate(wasm, stream, data.length), data), `level ${level}, strategy ${strategy}`).toBe(0);
      }
    }
  });
  test("whatever the window, and rows longer than it", () => {
    for (const windowBits of [9, 12, 15]) {
      const stream = deflateSync(text, { windowBits });
      for (const row of [1, 7, 300, text.length]) {
        const whole = text.subarray(0, Math.floor(text.length / row) * row);
        expect(Buffer.compare(inflate(wasm, stream, whole.length, row), whole)).toBe(0);
      }
    }
  });
  test("a stream of many small blocks", () => {
    const parts = Array.from({ length: 400 }, (_, i) => text.subarray(i * 100, i * 100 + 100));
    const bodies = parts.map((part, i) =>
      deflateSync(part, {
        level: i % 3 === 0 ? 0 : 9,
        strategy: i % 3 === 1 ? Z_FIXED : 0,
        finishFlush: constants.Z_SYNC_FLUSH,
      }),
    );
    const whole = text.subarray(0, 40_000);
    const tail = deflateSync(whole).subarray(-4); // checksum
    const stream = Buffer.concat([
      Uint8Array.of(0x78, 0x01),
      ...bodies.map((body) => body.subarray(2)),
      Uint8Array.of(3, 0),
      tail,
    ]);
    expect(new Uint8Array(inflateSync(stream))).toEqual(whole);
    expect(Buffer.compare(inflate(wasm, stream, whole.length), whole)).toBe(0);
  });

  const A = { 65: 1, 256: 1 };
  // biome-ignore format: one row per case
  const byHand: readonly (readonly [string, Uint8Array])[] = [
    ["a block of type 3",                      bits([1, 1], [3, 2])],
    ["a stored block whose lengths disagree",  Uint8Array.from([0x78, 0x01, 1, 4, 0, 4, 0, 1, 2, 3, 4, 0, 0, 0, 0])],
    ["a stored block cut off",                 Uint8Array.from([0x78, 0x01, 1, 4, 0, 0xfb, 0xff, 1, 2])],
    ["fixed: literals and the end",            bits([1, 1], [1, 2], "10010000", "0000000")],
    ["fixed: length symbol 286",               bits([1, 1], [1, 2], "10010000", "11000110", "00000", "0000000")],
    ["fixed: distance symbol 30",              bits([1, 1], [1, 2], "10010000", "0000001", "11110", "0000000")],
    ["fixed: a match before the beginning",    bits([1, 1], [1, 2], "10010000", "0000001", "00001", "0000000")],
    ["fixed: a match of the first byte",       bits([1, 1], [1, 2], "10010000", "0000001", "00000", "0000000")],
    ["287 literal symbols",                    dynamic(lengths(287, A), [1], "0", "1")],
    ["31 distance symbols",                    dynamic(lengths(257, A), lengths(31, { 0: 1 }), "0", "1")],
    ["286 and 30 symbols",                     dynamic(lengths(286, A), lengths(30, { 0: 1 }), "0", "1")],
    ["no end of block",                        dynamic(lengths(257, { 65: 1, 66: 1 }), [1], "0", "1")],
    ["only an end of block",                   dynamic(lengths(257, { 256: 1 }), [1], "0")],
    ["only an end of block, its other bit",    dynamic(lengths(257, { 256: 1 }), [1], "1")],
    ["an oversubscribed code of literals",     dynamic(lengths(257, { 65: 1, 66: 1, 256: 1 }), [1], "0", "1")],
    ["an incomplete code of literals",         dynamic(lengths(257, { 65: 2, 256: 2 }), [1], "00", "01")],
    ["an oversubscribed code of distances",    dynamic(lengths(258, { 65: 2, 66: 2, 256: 2, 257: 2 }), [1, 1, 1], "00", "10")],
    ["an incomplete code of distances",        dynamic(lengths(258, { 65: 2, 66: 2, 256: 2, 257: 2 }), [2, 2], "00", "10")],
    ["one distance, used",                     dynamic(lengths(258, { 65: 2, 66: 2, 256: 2, 257: 2 }), [1], "00", "11", "0", "10")],
    ["one distance, its other bit",            dynamic(lengths(258, { 65: 2, 66: 2, 256: 2, 257: 2 }), [1], "00", "11", "1", "10")],
    ["no distance, not used",                  dynamic(lengths(257, A), [0], "0", "1")],
    ["no distance, used",                      dynamic(lengths(258, { 65: 2, 66: 2, 256: 2, 257: 2 }), [0], "00", "11", "0", "10")],
    ["codes of 15 bits",                       dynamic(lengths(257, { ...Object.fromEntries(Array.from({ length: 14 }, (_, i) => [i, i + 1])), 100: 15, 256: 15 }), [1], "111111111111110", "0", "111111111111111")],
    ["a repeat before any length",             bits([1, 1], [2, 2], [0, 5], [0, 5], [15, 4], [1, 3], ...Array.from({ length: 17 }, () => [0, 3] as const), [1, 3], "0", [0, 2])],
    ["lengths that cannot be coded",           bits([1, 1], [2, 2], [0, 5], [0, 5], [0, 4], [1, 3], [1, 3], [1, 3], [0, 3])],
    ["no code of lengths",                     bits([1, 1], [2, 2], [0, 5], [0, 5], [0, 4], [0, 12])],
    ["a preset dictionary",                    Uint8Array.from([0x78, 0x20, 1, 0, 0, 0xff, 0xff, 0, 0, 0, 1])],
    ["another method",                         Uint8Array.from([0x79, 0x16, 1, 0, 0, 0xff, 0xff, 0, 0, 0, 1])],
    ["a window of 64 KiB",                     Uint8Array.from([0x88, 0x1c, 1, 0, 0, 0xff, 0xff, 0, 0, 0, 1])],
    ["a header that is not divisible by 31",   Uint8Array.from([0x78, 0x02, 1, 0, 0, 0xff, 0xff, 0, 0, 0, 1])],
  ];
  test.each(byHand)("agrees with zlib on %s", (_name, stream) => {
    const right = withChecksum(stream);
    const theirs = judged(right);
    if (theirs === undefined) expect(failureOf(() => inflate(wasm, right, 1)).code).toBe("CORRUPT_IMAGE");
    else expect(inflate(wasm, right, theirs.length)).toEqual(theirs);
  });
  test("those cases are of both kinds", () => {
    const verdicts = byHand.map(([, stream]) => judged(withChecksum(stream)) !== undefined);
    expect(verdicts.filter(Boolean).length).toBeGreaterThan(6);
    expect(verdicts.filter((taken) => !taken).length).toBeGreaterThan(15);
  });

  test("agrees with zlib on 6000 damaged streams, byte for byte where both read on", () => {
    const random = noise(40_000, 5);
    const seeds = samples.flatMap(([, data]) =>
      [0, 1, 6].map((level) => deflateSync(data.subarray(0, 3000), { level, strategy: level === 1 ? Z_FIXED : 0 })),
    );
    let [taken, refused] = [0, 0];
    for (let i = 0; i < 6000; i++) {
      const damaged = new Uint8Array(seeds[i % seeds.length]!);
      const hits = 1 + (random[i]! & 1);
      for (let hit = 0; hit < hits; hit++) {
        const at = 2 + ((random[6000 + 3 * i + hit]! * 256 + random[9000 + 3 * i + hit]!) % (damaged.length - 6));
        damaged[at]! ^= 1 << (random[20_000 + i]! & 7);
      }
      const stream = withChecksum(damaged);
      const theirs = judged(stream);
      if (theirs !== undefined && theirs.length > 0) {
        taken++;
        expect(Buffer.compare(inflate(wasm, stream, theirs.length), theirs)).toBe(0);
      } else {
        refused++;
        expect(failureOf(() => inflate(wasm, stream, 1 << 18).length).code).toBe("CORRUPT_IMAGE");
      }
    }
    expect(Math.min(taken, refused)).toBeGreaterThan(500);
  });
  test("a wrong checksum, and one that is cut off", () => {
    const stream = new Uint8Array(deflateSync(text));
    for (const length of [1, 2, 3, 4]) {
      expect(failureOf(() => inflate(wasm, stream.subarray(0, stream.length - length), text.length)).code).toBe(
        "CORRUPT_IMAGE",
      );
    }
    for (const at of [1, 2, 3, 4]) {
      const wrong = stream.slice();
      wrong[wrong.length - at]! ^= 1;
      expect(failureOf(() => inflate(wasm, wrong, text.length)).code).toBe("CORRUPT_IMAGE");
    }
    expect(inflate(wasm, stream, text.length)).toEqual(text);
  });
  test("more than was asked for is not worked through", () => {
    const bomb = deflateSync(new Uint8Array(200_000_000), { level: 1 });
    const start = performance.now();
    expect(inflate(wasm, bomb, 1000)).toEqual(new Uint8Array(1000));
    expect(performance.now() - start).toBeLessThan(50);
  });
});

/** The stream with the right checksum behind its data, where zlib gets as far as that. */
function withChecksum(stream: Uint8Array): Uint8Array {
  try {
    inflateSync(stream);
    return stream;
  } catch (thrown) {
    if (!String(thrown).includes("incorrect data check")) return stream;
  }
  // As raw DEFLATE, which has no checksum, it says how far it read
  const { buffer, engine } = inflateRawSync(stream.subarray(2), { info: true }) as unknown as {
    readonly buffer: Buffer;
    readonly engine: { readonly bytesWritten: number };
  };
  const sum = deflateSync(buffer).subarray(-4);
  return Uint8Array.from([...stream.subarray(0, 2 + engine.bytesWritten), ...sum]);
}
