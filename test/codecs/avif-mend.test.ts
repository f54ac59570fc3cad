import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { avif } from "../../src/codecs/avif.ts";
import { mendAvif } from "../../src/codecs/avif-mend.ts";
import { probe } from "../../src/probe/index.ts";
import { CORPUS, HAS_CORPUS } from "../support/corpus.ts";
import { fixture, testLibrary } from "../support/library.ts";
import { decodeWithSharp, difference, encodeWithSharp, rejectionOf, scene } from "../support/pictures.ts";
import { cuts, harness, offsetView } from "./harness.ts";

const { decode } = harness(avif);
const findText = (file: Uint8Array, text: string) =>
  file.findIndex((_, i) => [...text].every((letter, k) => file[i + k] === letter.charCodeAt(0)));

/** Makes the last item of the ipma box a box of its own with the same version and flags, and lets all later offsets follow. */
function splitAssociations(file: Uint8Array): Uint8Array {
  const type = findText(file, "ipma");
  const view = new DataView(file.buffer.slice(file.byteOffset, file.byteOffset + file.length));
  const start = type - 4;
  const end = start + view.getUint32(start);
  const count = view.getUint32(type + 8);
  let last = type + 12;
  for (let i = 0; i < count - 1; i++) last += 3 + view.getUint8(last + 2);
  const second = new Uint8Array(16 + end - last);
  second.set(file.subarray(start, start + 16));
  second.set(file.subarray(last, end), 16);
  new DataView(second.buffer).setUint32(0, second.length);
  new DataView(second.buffer).setUint32(12, 1);
  const copy = new Uint8Array(view.buffer);
  view.setUint32(start, last - start);
  view.setUint32(type + 8, count - 1);
  for (const name of ["meta", "iprp"]) {
    const at = findText(file, name) - 4;
    view.setUint32(at, view.getUint32(at) + 16);
  }
  const locations = findText(file, "iloc"); // version 0, every item with a base: what libheif writes
  if (view.getUint32(locations + 4) !== 0 || view.getUint16(locations + 8) !== 0x4440) throw new Error("another iloc");
  for (let i = 0, at = locations + 12; i < view.getUint16(locations + 10); i++) {
    view.setUint32(at + 4, view.getUint32(at + 4) + 16);
    at += 10 + view.getUint16(at + 8) * 8;
  }
  const output = new Uint8Array(copy.length + 16);
  output.set(copy.subarray(0, last));
  output.set(second, last);
  output.set(copy.subarray(end), last + second.length);
  return output;
}

describe("mendAvif", () => {
  test("hands sound files on as they are, without a copy", async () => {
    for (const name of ["paris.avif", "irot-alpha.avif", "spin.avif"]) {
      const file = await fixture(name);
      expect(mendAvif(file, probe(file))).toBe(file);
    }
  });
  test("two ipma boxes of one kind: the picture is that of one box, alpha too", async () => {
    const file = await encodeWithSharp(scene(61, 43, true), "avif", { quality: 80, chromaSubsampling: "4:4:4", effort: 0 });
    const split = splitAssociations(file);
    const before = split.slice();
    expect(mendAvif(split, probe(split))).not.toBe(split);
    expect((await decode(split)).data).toEqual((await decode(file)).data);
    expect((await decode(offsetView(split, 5))).data).toEqual((await decode(file)).data);
    expect(split).toEqual(before); // the caller's bytes are not written to
  });
  test("what sets boxes of one kind apart never reaches their version or how wide an index is", async () => {
    const split = splitAssociations(await encodeWithSharp(scene(31, 23, true), "avif", { effort: 0 }));
    const first = findText(split, "ipma") + 4;
    const second = first + 4 + findText(split.subarray(first + 4), "ipma") + 4;
    for (const at of [first, second]) split.set([0, 255, 255, 255], at);
    expect([...mendAvif(split, { width: 31, height: 23 }).subarray(second, second + 4)]).toEqual([0, 0, 0, 1]);
  });
  test("damaged anywhere, it ends in a picture or in CORRUPT_IMAGE", async () => {
    const file = await encodeWithSharp(scene(31, 23, true), "avif", { effort: 0 });
    const split = splitAssociations(file);
    for (const at of cuts(split.length, 20)) {
      const damaged = split.slice();
      damaged.fill(255, at, at + 3);
      for (const bytes of [split.subarray(0, at), damaged]) mendAvif(bytes, { width: 31, height: 23 });
    }
    expect((await rejectionOf(decode(split.subarray(0, split.length - 40)))).code).toBe("CORRUPT_IMAGE");
  });

  test.skipIf(!HAS_CORPUS).each([
    ["avif/plum-blossom-small.profile0.8bpc.yuv420.alpha-full.avif", 1],
    ["avif/plum-blossom-small.profile1.10bpc.yuv444.alpha-full.avif", 0.25],
    ["avif/kimono.crop.avif", 1],
  ])("corpus: %s comes out as libvips shows it (skipped without the corpus)", async (name, mean) => {
    const file = new Uint8Array(readFileSync(join(CORPUS, name)));
    const { data } = await testLibrary().transform(file, "image/format,png");
    expect(difference(await decodeWithSharp(data), await decodeWithSharp(file)).mean).toBeLessThanOrEqual(mean);
  });
});
