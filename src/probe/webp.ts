import type { ColorMeaning, Probe } from "../core/probe.ts";
import { checkSize, colorOfProfile, corrupt, iccColor, STILL } from "./common.ts";
import type { Exif } from "./exif.ts";
import { NO_EXIF, readExif } from "./exif.ts";
import { iccMeaning } from "./icc.ts";
import { Reader } from "./reader.ts";

/** RFC 9649 section 2.4. */
export function isWebp(head: Reader): boolean {
  return head.spells(0, "RIFF") && head.spells(8, "WEBP");
}

/** RFC 9649: simple lossy (section 2.5), simple lossless (2.6) and extended (2.7) files. */
export function probeWebp(bytes: Uint8Array): Probe {
  const reader = new Reader(bytes, true);
  switch (reader.ascii(12, 4)) {
    case "VP8 ":
      return probeLossy(reader);
    case "VP8L":
      return probeLossless(reader);
    case "VP8X":
      return probeExtended(reader);
    default:
      throw corrupt("a WebP without an image chunk");
  }
}

/** RFC 6386 section 9.1: frame tag (bit 0 clear in a key frame), start code, 14-bit sides with 2 bits of scale. */
function probeLossy(reader: Reader): Probe {
  const keyFrame = (reader.u8(20) & 1) === 0;
  if (!keyFrame || reader.u24(23) !== 0x2a019d) throw corrupt("a WebP without a key frame");
  const width = reader.u16(26) & 0x3fff;
  const height = reader.u16(28) & 0x3fff;
  checkSize(width, height);
  return { ...STILL, format: "webp", width, height, lossy: true };
}

/** RFC 9649 section 3.4: signature, 14 bits width - 1, 14 bits height - 1, alpha flag, 3 bits version 0. */
function probeLossless(reader: Reader): Probe {
  const bits = reader.u32(21);
  if (reader.u8(20) !== 0x2f || bits >>> 29 !== 0) throw corrupt("a WebP without a lossless header");
  const width = (bits & 0x3fff) + 1;
  const height = ((bits >>> 14) & 0x3fff) + 1;
  return { ...STILL, format: "webp", width, height, alpha: (bits & 0x10000000) !== 0, lossy: false };
}

/** RFC 9649 section 2.7.1: flags, then 24-bit canvas sides less one. */
function probeExtended(reader: Reader): Probe {
  const flags = reader.u8(20);
  const width = reader.u24(24) + 1;
  const height = reader.u24(27) + 1;
  const chunks = walkChunks(reader);
  const animated = (flags & 0x02) !== 0;
  return {
    ...STILL,
    format: "webp",
    width,
    height,
    orientation: chunks.exif.orientation ?? 1,
    alpha: (flags & 0x10) !== 0,
    frames: animated ? Math.max(1, chunks.frames) : 1,
    ...colorOfProfile(chunks.profile === undefined ? "none" : iccMeaning(chunks.profile, "rgb")),
    ...(animated || chunks.lossy === undefined ? {} : { lossy: chunks.lossy }),
    exif: chunks.exif.tags,
  };
}

/** RFC 9649 section 2.7.1.4: the ICCP chunk, which only extended files have. */
export function webpColor(bytes: Uint8Array): ColorMeaning | undefined {
  const reader = new Reader(bytes, true);
  return reader.spells(12, "VP8X") ? iccColor(walkChunks(reader).profile) : undefined;
}

interface Chunks {
  readonly frames: number;
  readonly profile: Uint8Array | undefined;
  readonly exif: Exif;
  /** Of the first picture outside of frames. */
  readonly lossy: boolean | undefined;
}

/** All chunks after VP8X; each moves on by at least its 8 byte header. A chunk that runs past the end is not read. */
function walkChunks(reader: Reader): Chunks {
  let frames = 0;
  let profile: Uint8Array | undefined;
  let exif: Exif | undefined;
  let lossy: boolean | undefined;
  for (let at = 20 + padded(reader.u32(16)); reader.has(at, 8); ) {
    const name = reader.ascii(at, 4);
    const size = reader.u32(at + 4);
    if (name === "VP8 " || name === "VP8L") lossy = lossy ?? name === "VP8 ";
    else if (name === "ANMF" && reader.has(at, 24)) frames++;
    else if (name === "ICCP" && reader.has(at + 8, size)) profile = profile ?? reader.slice(at + 8, size);
    else if (name === "EXIF" && reader.has(at + 8, size)) exif = exif ?? readExif(reader.slice(at + 8, size)) ?? NO_EXIF;
    at += 8 + padded(size);
  }
  return { frames, profile, exif: exif ?? NO_EXIF, lossy };
}

/** RFC 9649 section 2.3: chunks of odd size are followed by one byte of padding. */
function padded(size: number): number {
  return size + (size % 2);
}
