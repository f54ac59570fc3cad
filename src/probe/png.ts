import { codePointsMean } from "../core/cicp.ts";
import { inflateInto } from "../core/inflate.ts";
import type { ColorMeaning, Probe } from "../core/probe.ts";
import { checkSize, colorOfProfile, corrupt, densityPerMeter, iccColor, optional, STILL } from "./common.ts";
import type { Exif } from "./exif.ts";
import { NO_EXIF, readExif } from "./exif.ts";
import { iccMeaning } from "./icc.ts";
import { Reader } from "./reader.ts";

const SIGNATURE = "\x89PNG\r\n\x1a\n";
/** PNG 3rd edition table 8: bit depths each color type allows. */
const BIT_DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
const PALETTE = 3;
const MAX_CHUNKS_BEFORE_IMAGE = 10_000; // no file of the test corpus has more than 7
// Matrix and gray profiles, the only ones that can mean sRGB, fit (three 4096-entry curves are 25 kB); bigger ones are "other"
const MAX_PROFILE_BYTES = 64 * 1024;
// What fits when nothing can be compressed (RFC 1951 section 3.2.4: 5 bytes per stored block); bounds empty blocks too
function compressedBytes(inflated: number): number {
  return inflated + Math.ceil(inflated / 64);
}

/** PNG 3rd edition section 5.2. */
export function isPng(head: Reader): boolean {
  return head.spells(0, SIGNATURE);
}

/**
 * PNG 3rd edition with APNG: the header chunk, then a walk over the headers of all chunks. Checksums are the
 * decoder's business. A missing IDAT is not noticed here.
 */
export function probePng(bytes: Uint8Array): Probe {
  const reader = new Reader(bytes);
  const header = readHeader(reader);
  const found = walkChunks(reader, header);
  const alpha = header.colorType >= 4 || found.transparency;
  return {
    ...STILL,
    format: "png",
    width: header.width,
    height: header.height,
    orientation: found.exif?.orientation ?? 1,
    alpha,
    // Claimed by acTL, but never more than there are frame headers
    frames: Math.max(1, Math.min(found.claimedFrames, found.frameHeaders)),
    interlaced: header.interlaced,
    bitDepth: header.colorType === PALETTE ? 8 : header.bitDepth, // section 4.5: samples of a palette have 8 bits
    colorSpace: colorSpaceOf(header),
    ...colorOf(found),
    ...(found.density === undefined ? {} : { density: found.density }),
    exif: (found.exif ?? NO_EXIF).tags,
  };
}

/**
 * Section 4.3: cICP before iCCP before the rest; code points that are left as they are (PQ, HLG) give way to a profile.
 * gAMA and cHRM are not asked, as in libvips: the many files with a gamma of 1/2.2 alone were made for sRGB screens.
 */
function colorOf({ icc = "none", codePoints }: Found): Pick<Probe, "icc" | "colorimetry"> {
  const { colorimetry } = colorOfProfile(icc);
  return { icc, colorimetry: (codePoints && codePointsMean(codePoints.primaries, codePoints.transfer)) ?? colorimetry };
}

/** The code points or the profile that decide, by the same order. */
export function pngColor(bytes: Uint8Array, maxBytes: number): ColorMeaning | undefined {
  const reader = new Reader(bytes);
  const { codePoints, profile } = walkChunks(reader, readHeader(reader));
  if (codePoints !== undefined && codePointsMean(codePoints.primaries, codePoints.transfer) !== undefined) {
    return { kind: "cicp", ...codePoints };
  }
  return iccColor(profile === undefined ? undefined : inflateProfile(profile, maxBytes));
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly interlaced: boolean;
  readonly colorType: number;
}

/** PNG 3rd edition section 11.2.1; IHDR comes first and is 13 bytes long. */
function readHeader(reader: Reader): Header {
  if (reader.u32(8) !== 13 || reader.ascii(12, 4) !== "IHDR") throw corrupt("a PNG without a header chunk");
  const width = reader.u32(16);
  const height = reader.u32(20);
  checkSize(width, height);
  const bitDepth = reader.u8(24);
  const colorType = reader.u8(25);
  const known = BIT_DEPTHS[colorType]?.includes(bitDepth) === true;
  const methods = reader.u8(26) === 0 && reader.u8(27) === 0 && reader.u8(28) <= 1;
  if (!known || !methods || width > 0x7fffffff || height > 0x7fffffff) throw corrupt("a PNG with an invalid header chunk");
  return { width, height, bitDepth, colorType, interlaced: reader.u8(28) === 1 };
}

function colorSpaceOf(header: Header): Probe["colorSpace"] {
  return header.colorType === 0 || header.colorType === 4 ? "gray" : "rgb";
}

interface Found {
  transparency: boolean;
  claimedFrames: number;
  frameHeaders: number;
  /** Of the first iCCP chunk; more are not looked at, so that many of them cost nothing. */
  icc: Probe["icc"] | undefined;
  profile: ChunkData | undefined;
  /** Of the first cICP chunk of full range RGB. */
  codePoints: { readonly primaries: number; readonly transfer: number } | undefined;
  /** Of the first eXIf chunk. */
  exif: Exif | undefined;
  density: Probe["density"];
}

/**
 * Chunk headers from IHDR to the end, each at least 12 bytes on. Frame headers and eXIf may follow the image data, so
 * the walk goes past it; the other chunks only count before it. A chunk that runs past the end finishes the walk.
 */
function walkChunks(reader: Reader, header: Header): Found {
  const found: Found = {
    transparency: false,
    claimedFrames: 1,
    frameHeaders: 0,
    icc: undefined,
    profile: undefined,
    codePoints: undefined,
    exif: undefined,
    density: undefined,
  };
  let before = 0;
  let inImage = false;
  for (let at = 33; reader.has(at, 8); ) {
    const length = reader.u32(at);
    const name = reader.ascii(at + 4, 4);
    inImage = inImage || name === "IDAT";
    if (!inImage && ++before > MAX_CHUNKS_BEFORE_IMAGE) throw corrupt("a PNG with too many chunks before its image data");
    if (name === "IEND" || !reader.has(at + 8, length)) break;
    const data = { reader, at: at + 8, length };
    if (!inImage) noteLeading(found, header, name, data);
    if (name === "fcTL") found.frameHeaders++;
    if (name === "eXIf" && found.exif === undefined) found.exif = readExif(reader.slice(data.at, length)) ?? NO_EXIF;
    at += 12 + length;
  }
  return found;
}

interface ChunkData {
  readonly reader: Reader;
  readonly at: number;
  readonly length: number;
}

function noteLeading(found: Found, header: Header, name: string, data: ChunkData): void {
  const { reader, at, length } = data;
  if (name === "tRNS") found.transparency = found.transparency || length > 0;
  if (name === "acTL" && length >= 8) found.claimedFrames = reader.u32(at);
  if (name === "iCCP" && found.profile === undefined) {
    found.profile = data;
    found.icc = judgeProfile(data, colorSpaceOf(header));
  }
  if (name === "cICP" && length === 4) found.codePoints = found.codePoints ?? readCodePoints(reader, at);
  if (name === "pHYs" && length >= 9) found.density = readDensity(reader, at);
}

/** Section 11.3.2.3: name, NUL, compression method 0, zlib stream. Undefined for a damaged one; it may be cut at `maxBytes`. */
function inflateProfile({ reader, at, length }: ChunkData, maxBytes: number): Uint8Array | undefined {
  const chunk = reader.slice(at, length);
  const nul = chunk.subarray(0, 80).indexOf(0);
  if (nul < 0 || chunk[nul + 1] !== 0) return undefined;
  return optional(() => {
    const output = new Uint8Array(maxBytes);
    return output.subarray(0, inflateInto(chunk.subarray(nul + 2).subarray(0, compressedBytes(maxBytes)), output));
  });
}

function judgeProfile(data: ChunkData, colorSpace: Probe["colorSpace"]): Probe["icc"] {
  const profile = inflateProfile(data, MAX_PROFILE_BYTES);
  if (profile === undefined) return "none";
  const isCut = profile.length === MAX_PROFILE_BYTES && new Reader(profile).u32(0) > MAX_PROFILE_BYTES;
  return isCut ? "other" : iccMeaning(profile, colorSpace);
}

/** Section 11.3.2.6: primaries, transfer, matrix (0, as PNG is RGB) and full range flag. */
function readCodePoints(reader: Reader, at: number): Found["codePoints"] {
  const usable = reader.u8(at + 2) === 0 && reader.u8(at + 3) === 1;
  return usable ? { primaries: reader.u8(at), transfer: reader.u8(at + 1) } : undefined;
}

/** Section 11.3.4.3: unit 1 is the meter, 0 gives only the aspect ratio. */
function readDensity(reader: Reader, at: number): Probe["density"] {
  const x = reader.u32(at);
  const y = reader.u32(at + 4);
  if (reader.u8(at + 8) === 1) return densityPerMeter(x, y);
  return x > 0 && y > 0 ? { unit: 1, x: `${x}/1`, y: `${y}/1` } : undefined;
}
