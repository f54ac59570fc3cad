/** Pictures to damage: files as they are, and files whose profile or EXIF is damaged before it is packed into them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import sharp, { type TiffOptions } from "sharp";
import { readColor } from "../../src/probe/color.ts";
import { probe } from "../../src/probe/index.ts";
import {
  bytes,
  chunk,
  le16,
  le24,
  le32,
  P3_PRIMARIES,
  rgbProfile,
  riffChunk,
  sampled,
  u16,
  u32,
  zeros,
} from "../probe/build.ts";
import { CORPUS, HAS_CORPUS } from "../support/corpus.ts";
import { fixture, ROOT } from "../support/library.ts";
import { encodeWithSharp, scene } from "../support/pictures.ts";

/** What is damaged, and the file it then is part of. */
export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Absent: the damaged bytes are the file. */
  readonly wrap?: (damaged: Uint8Array) => Uint8Array;
}

/** A linear congruential generator (Numerical Recipes), so that a failure can be run again. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}
export function pick<T>(of: readonly T[], random: () => number): T {
  return of[Math.floor(random() * of.length)] as T;
}

/** One to eight bytes changed, most of them in the header; one in five also cut short. */
export function damaged(bytes: Uint8Array, random: () => number): Uint8Array {
  const copy = bytes.slice();
  for (let change = 1 + Math.floor(random() * 8); change > 0; change--) {
    const range = random() < 0.6 ? Math.min(copy.length, 700) : copy.length;
    const kind = random();
    copy[Math.floor(random() * range)] = kind < 0.3 ? 255 : kind < 0.5 ? 0 : Math.floor(random() * 256);
  }
  return random() < 0.2 ? copy.slice(0, Math.floor(random() * copy.length)) : copy;
}

/** Small files of a folder; codecs spend their time on few pixels, so that there can be many of them. */
function filesOf(folder: string, most = 60_000): Seed[] {
  return readdirSync(folder)
    .map((name): Seed => ({ name, bytes: new Uint8Array(readFileSync(join(folder, name))) }))
    .filter(({ bytes }) => bytes.length > 20 && bytes.length < most);
}
export function fixtureFiles(): Seed[] {
  return filesOf(join(ROOT, "fixtures/images"));
}
export function corpusFiles(folders: readonly string[]): Seed[] {
  return HAS_CORPUS ? folders.flatMap((folder) => filesOf(join(CORPUS, folder))) : [];
}

/** TIFF: every compression that is read, tiles, planes of 16 bits, a palette, alpha; ours as well. */
export async function tiffFiles(ours: Uint8Array): Promise<Seed[]> {
  const raw = (alpha: boolean) => {
    const { width, height, data } = scene(61, 43, alpha);
    const image = sharp(data, { raw: { width, height, channels: 4 } });
    return alpha ? image : image.removeAlpha();
  };
  const options: readonly [string, boolean, TiffOptions][] = [
    ["plain", false, { compression: "none" }],
    ["LZW with alpha", true, { compression: "lzw", predictor: "horizontal" }],
    ["Deflate", false, { compression: "deflate", predictor: "horizontal" }],
    ["PackBits", false, { compression: "packbits" }],
    ["tiles", true, { compression: "lzw", tile: true, tileWidth: 16, tileHeight: 16 }],
    ["1 bit", false, { compression: "none", bitdepth: 1 }],
    ["4 bits", false, { compression: "lzw", bitdepth: 4 }],
    ["JPEG", false, { compression: "jpeg", quality: 80 }],
    ["JPEG in tiles", false, { compression: "jpeg", tile: true, tileWidth: 32, tileHeight: 32 }],
  ];
  const files = options.map(async ([name, alpha, tiff]) => {
    return { name: `TIFF, ${name}`, bytes: new Uint8Array(await raw(alpha).tiff(tiff).toBuffer()) };
  });
  const deep = await raw(false).toColourspace("rgb16").tiff({ compression: "deflate" }).toBuffer();
  return [
    { name: "TIFF, ours", bytes: ours },
    { name: "TIFF, 16 bits", bytes: new Uint8Array(deep) },
    ...(await Promise.all(files)),
  ];
}

/** BMP of 8 bits under run lengths (with a jump and an end of line), of 16 bits by masks, and ours of 24 and 32. */
export function bmpFiles(ours: readonly Uint8Array[]): Seed[] {
  const header = (width: number, height: number, bits: number, compression: number, colors: number, more: Uint8Array) =>
    bytes(
      ...[le32(40 + more.length * (compression === 3 ? 1 : 0)), le32(width), le32(height), le16(1), le16(bits)],
      ...[le32(compression), zeros(12), le32(colors), zeros(4), more],
    );
  const file = (head: Uint8Array, data: Uint8Array) =>
    bytes("BM", le32(14 + head.length + data.length), zeros(4), le32(14 + head.length), head, data);
  const palette = bytes(...Array.from({ length: 64 }, (_, i) => [i * 4, 255 - i, i, 0]));
  const lines = Array.from({ length: 20 }, (_, y) => [10, y, 0, 4, 1, 2, 3, y, 0, 2, 3, 0, 9, 63 - y, 0, 0]);
  const masks = bytes(le32(0xf800), le32(0x7e0), le32(0x1f));
  const words = bytes(...Array.from({ length: 24 * 17 }, (_, i) => le16((i * 2731) & 0xffff)));
  return [
    { name: "BMP, run lengths", bytes: file(header(30, 20, 8, 1, 64, palette), bytes(...lines, 0, 1)) },
    { name: "BMP, masks", bytes: file(header(24, 17, 16, 3, 0, masks), words) },
    ...ours.map((bytes, i) => ({ name: `BMP, ours ${i}`, bytes })),
  ];
}

/** PNG of kinds that need more than a copy: 16 bits, a palette with alpha, Adam7, gray. */
export async function pngFiles(): Promise<Seed[]> {
  const { width, height, data } = scene(61, 43, true);
  const raw = () => sharp(data, { raw: { width, height, channels: 4 } });
  const files: readonly [string, Promise<Buffer>][] = [
    ["16 bits", raw().toColourspace("rgb16").png().toBuffer()],
    ["16 bits, Adam7", raw().toColourspace("rgb16").png({ progressive: true }).toBuffer()],
    ["palette", raw().png({ palette: true, colors: 60 }).toBuffer()],
    ["palette, Adam7", raw().png({ palette: true, colors: 11, progressive: true }).toBuffer()],
    ["gray", raw().removeAlpha().toColourspace("b-w").png().toBuffer()],
  ];
  const seeds = await Promise.all(
    files.map(async ([name, file]): Promise<Seed> => ({ name: `PNG, ${name}`, bytes: new Uint8Array(await file) })),
  );
  return [...seeds, ...seeds.map((seed) => ({ ...seed, name: `${seed.name}, sealed`, wrap: withChecksums }))];
}

/** Checksums set right, so that damage reaches what they would keep it from. */
function withChecksums(file: Uint8Array): Uint8Array {
  const copy = file.slice();
  const view = new DataView(copy.buffer);
  for (let at = 8; at + 12 <= copy.length; ) {
    const end = at + 12 + view.getUint32(at);
    if (end > copy.length) break;
    seal(copy.subarray(at, end));
    at = end;
  }
  return copy;
}

/** Profiles, of matrix and curves, gray and tables, each damaged and then embedded in a file of every format that takes one. */
export async function profiles(): Promise<Seed[]> {
  const found: [string, Uint8Array][] = [
    [
      "built",
      rgbProfile(
        P3_PRIMARIES,
        sampled(64, (x) => x * x),
      ),
    ],
    ["table", tableProfile()],
  ];
  for (const name of ["p3.png", "gray-gamma22.jpg", "spin.avif"]) {
    const file = await fixture(name);
    const meaning = readColor(file, probe(file));
    if (meaning?.kind !== "icc") throw new Error(`${name} has no profile`);
    found.push([name, meaning.profile.slice()]);
  }
  const hosts = await hostFiles();
  return found.flatMap(([name, profile]) =>
    hosts.map((host): Seed => ({ name: `profile ${name} in ${host.name}`, bytes: profile, wrap: host.wrap })),
  );
}

/** ICC.1:2022 section 10.12 (mAB) and 10.10 (mft1): color by way of tables, which is where a color engine has most to check. */
function tableProfile(): Uint8Array {
  const identity = bytes(...Array.from({ length: 256 }, (_, i) => i));
  const one = bytes(0, 1, 0, 0);
  const matrix = bytes(one, zeros(12), one, zeros(12), one);
  const grid = bytes(
    ...Array.from({ length: 27 }, (_, i) => [(i % 3) * 127, (Math.floor(i / 3) % 3) * 127, Math.floor(i / 9) * 127]),
  );
  const table = bytes("mft1", zeros(4), 3, 3, 3, 0, matrix, identity, identity, identity, grid, identity, identity, identity);
  const header = bytes(
    u32(144 + table.length),
    zeros(4),
    2,
    0x40,
    zeros(2),
    "mntr",
    "RGB ",
    "Lab ",
    zeros(12),
    "acsp",
    zeros(88),
  );
  return bytes(header, u32(1), "A2B0", u32(144), u32(table.length), table);
}

type Host = { readonly name: string; readonly wrap: (profile: Uint8Array) => Uint8Array };
async function hostFiles(): Promise<Host[]> {
  const picture = scene(40, 30);
  const gray = new Uint8Array(
    await sharp(await encodeWithSharp(picture, "png"))
      .toColourspace("b-w")
      .jpeg()
      .toBuffer(),
  );
  const jpeg = await encodeWithSharp(picture, "jpeg");
  const png = await encodeWithSharp(picture, "png");
  const webp = await encodeWithSharp(picture, "webp");
  return [
    { name: "JPEG", wrap: (profile) => profileInJpeg(jpeg, profile) },
    { name: "gray JPEG", wrap: (profile) => profileInJpeg(gray, profile) },
    { name: "PNG", wrap: (profile) => profileInPng(png, profile) },
    { name: "WebP", wrap: (profile) => profileInWebp(webp, picture.width, picture.height, profile) },
  ];
}

/** ICC.1:2022 annex B.4: APP2 behind SOI. */
function profileInJpeg(file: Uint8Array, profile: Uint8Array): Uint8Array {
  const content = bytes("ICC_PROFILE", 0, 1, 1, profile.subarray(0, 65_000));
  return join8(file.subarray(0, 2), bytes(0xff, 0xe2, u16(content.length + 2)), content, file.subarray(2));
}
/** PNG (third edition) section 11.3.2.3, packed anew, so that the profile's own damage is reached. */
function profileInPng(file: Uint8Array, profile: Uint8Array): Uint8Array {
  return join8(file.subarray(0, 33), seal(chunk("iCCP", "p", 0, 0, new Uint8Array(deflateSync(profile)))), file.subarray(33));
}
/** RFC 9649 section 2.7.1.4. */
function profileInWebp(file: Uint8Array, width: number, height: number, profile: Uint8Array): Uint8Array {
  const header = riffChunk("VP8X", 0x20, zeros(3), le24(width - 1), le24(height - 1));
  const content = join8(header, riffChunk("ICCP", profile), file.subarray(12));
  return join8(bytes("RIFF", le32(content.length + 4), "WEBP"), content);
}

/** Writes the checksum of a chunk (PNG annex D). */
function seal(chunk: Uint8Array): Uint8Array {
  let crc = -1;
  for (const byte of chunk.subarray(4, chunk.length - 4)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  chunk.set(u32(~crc), chunk.length - 4);
  return chunk;
}

/** A part of a file, damaged where it lies: what surrounds it stays whole. */
export function insideOf(name: string, file: Uint8Array, from: number, length: number): Seed {
  return {
    name: `${name}, ${length} bytes inside`,
    bytes: file.slice(from, from + length),
    wrap(damaged) {
      const copy = file.slice();
      copy.set(damaged, from); // one cut short keeps its old end
      return copy;
    },
  };
}
/** Where a text first stands in a file; an error where it does not. */
export function find(file: Uint8Array, text: string): number {
  const at = Buffer.from(file.buffer, file.byteOffset, file.length).indexOf(text, 0, "latin1");
  if (at < 0) throw new Error(`there is no ${text}`);
  return at;
}

function join8(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
