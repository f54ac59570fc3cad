import type { TransformError } from "../core/errors.ts";
import type { LeaseWasm } from "../core/lease.ts";
import { createRgba, type RgbaRaster } from "../core/raster.ts";
import { ascii, joinBytes, u16, viewOf } from "./bytes.ts";
import { asBytes } from "./emscripten.ts";
import { createJpegDecoder } from "./mozjpeg.ts";
import { scratchLimit } from "./tiff-bytes.ts";
import { corrupt, type Page, unsupported } from "./tiff-page.ts";

/**
 * A page whose strips or tiles are JPEG data (TIFF Technical Note 2, 1995): each is a JPEG of its own, with the tables it lacks
 * in the tag JPEGTables. They are decoded one by one, each after its header has been read here: no other size than
 * the directory's reaches the decoder. One that ends early is filled in, as in a JPEG file.
 */
export function decodeJpegParts(page: Page, lease: LeaseWasm): Promise<RgbaRaster> {
  const { segment, width, height } = page;
  checkParts(page);
  const tables = tablesOf(page);
  const { code, message } = corrupt("its JPEG data is damaged");
  return lease("mozjpeg_dec", createJpegDecoder, { code, message }, (decoder) => {
    let raster: RgbaRaster | undefined;
    for (let y = 0, index = 0; y < height; y += segment.height) {
      for (let x = 0; x < width; x += segment.width, index++) {
        const { jpeg, size } = wholeJpeg(page, index, { width: width - x, height: height - y }, tables);
        const image = decoder.decode(jpeg, false);
        if (!image || image.width !== size.width || image.height !== size.height) throw corrupt("its JPEG data is damaged");
        const data = asBytes(image.data);
        if (page.whiteIsZero) invert(data);
        // The only part and just the picture: a second raster would double the memory that large scans of one strip take
        if (size.width === width && size.height === height) return { layout: "rgba8", width, height, data, alpha: false };
        raster = raster ?? createRgba(width, height, false);
        copyPart(data, size, raster, x, y);
      }
    }
    return raster as RgbaRaster; // a page has a part
  });
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const MIB = 1024 * 1024;
/** 40 µs a part were measured at 16×16 px, which TIFF 6.0 section 15 has as the smallest tile. */
const MIN_PART_PIXELS = 256;
const MAX_FEW_PARTS = 4096; // 0.2 s: strips of a row or two, of pictures that are few px wide

/** Bounds time: parts cost something whatever is in them, and narrow pictures in wide tiles would be decoded many times over. */
function checkParts({ segment, width, height }: Page): void {
  const parts = segment.across * segment.down;
  const decoded = parts * segment.width * Math.min(segment.height, height);
  if (parts > MAX_FEW_PARTS + (width * height) / MIN_PART_PIXELS || decoded > 4 * width * height + 16 * MIB) {
    throw unsupportedParts(segment);
  }
}

function unsupportedParts({ width, height }: Size): TransformError {
  return unsupported(`in parts of ${width}x${height} px`);
}

/** Header of a part besides its scans, and the tables; libtiff writes 21 and 574 bytes. */
const HEADER_BYTES = 16 * 1024;

/** One whole JPEG of a part and the tables, and its size. `room`: from its corner to the picture's. */
function wholeJpeg(page: Page, index: number, room: Size, tables: Uint8Array): { jpeg: Uint8Array; size: Size } {
  const { segment, samples } = page;
  // Black and white noise at quality 100 takes 1.9 bytes a sample, and a code with its bits 26 bits at most (T.81 annex F); what
  // is beyond could only waste time, as often as parts share it
  const limit = 4 * segment.width * Math.min(segment.height, page.height) * samples + HEADER_BYTES;
  const stored = page.segmentBytes(index, limit);
  const { frame, header, scanAt, scans } = readJpeg(stored);
  if (frame === undefined || scanAt === undefined) throw corrupt("its JPEG data is damaged");
  checkFrame(page, frame, room);
  // libjpeg reads all of a scan for each of them, however short it is. The limit is libtiff's
  if (scans > MAX_SCANS) throw unsupported(`of JPEG data in more than ${MAX_SCANS} scans`);
  checkMemory(page, frame, stored[scanAt + 4]!);
  return { jpeg: joinBytes(tables, ...header, stored.subarray(scanAt)), size: frame };
}

const MAX_SCANS = 100;

/** A part may leave out what is beyond the picture, as the last strip does; no part is larger than the directory says. */
function checkFrame({ segment, samples }: Page, frame: Frame, room: Size): void {
  const { width, height, precision, components, marker } = frame;
  if (!DCT_FRAMES.includes(marker)) throw unsupported("of lossless or arithmetic JPEG data");
  if (precision !== 8) throw unsupported(`of JPEG data of ${precision} bits a sample`);
  if (components === 4) throw unsupported("of JPEG data of 4 components");
  if (components !== samples) throw corrupt(`its JPEG data has ${components} components`);
  const fits = width <= segment.width && height <= segment.height;
  if (!fits || width < Math.min(room.width, segment.width) || height < Math.min(room.height, segment.height)) {
    throw corrupt(`its JPEG data is ${width}x${height}`);
  }
}

/**
 * Memory was granted for the picture and what TIFF takes at most: enough for parts of up to half of it or one that is all of
 * it. A part is held twice, as RGBA in wasm memory and its copy; with several scans its coefficients too, 2 bytes each.
 */
function checkMemory({ width, height, segment }: Page, frame: Frame, componentsInScan: number): void {
  const pixels = frame.width * frame.height;
  const several = frame.marker === PROGRESSIVE || componentsInScan < frame.components;
  const picture = frame.width === width && frame.height === height ? 0 : width * height * 4;
  const granted = width * height * 4 + scratchLimit(width, height, 8);
  if (picture + pixels * (several ? 8 + 2 * frame.components : 8) > granted) throw unsupportedParts(segment);
}

/**
 * What every part's JPEG begins with: SOI, an Adobe segment (T.872 section 6.5.3) that says what the directory says of its
 * color, which alone counts, as in libtiff, and the tables.
 */
function tablesOf({ jpeg, colors }: Page): Uint8Array {
  const transform = jpeg?.ycbcr === true ? 1 : 0;
  const adobe = [u16(0xffee), u16(14), ascii("Adobe"), u16(100), u16(0), u16(0), Uint8Array.of(transform)];
  const stored = jpeg?.tables ?? new Uint8Array(0);
  if (stored.length > HEADER_BYTES) throw corrupt("its JPEG tables are too long");
  const { header } = stored.length === 0 ? { header: [] } : readJpeg(stored, TABLES);
  return joinBytes(u16(0xffd8), ...(colors === 3 ? adobe : []), ...header);
}

// ITU-T T.81 table B.1
const PROGRESSIVE = 0xc2;
const DCT_FRAMES: readonly number[] = [0xc0, 0xc1, PROGRESSIVE];
const NO_FRAMES: readonly number[] = [0xc4, 0xc8, 0xcc]; // among the codes of frames
const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
/** DHT, DQT, DRI: all that a stream of tables is read for. */
const TABLES: readonly number[] = [0xc4, 0xdb, 0xdd];

interface Frame extends Size {
  readonly marker: number;
  readonly precision: number;
  readonly components: number;
}
interface Found {
  frame?: Frame;
  /** Where the first scan begins. */
  scanAt?: number;
  scans: number;
  /** Segments before it, without those of applications (which could speak of color) and comments. */
  readonly header: Uint8Array[];
}

/** Everything about a stream that is checked before it is decoded. `only`: markers of the segments kept; without it all. */
function readJpeg(bytes: Uint8Array, only?: readonly number[]): Found {
  if (bytes[0] !== 0xff || bytes[1] !== START_OF_IMAGE) throw corrupt("its JPEG data is damaged");
  const found: Found = { scans: 0, header: [] };
  for (const { marker, at, end } of markersOf(bytes)) {
    if (marker === START_OF_SCAN) {
      found.scans++;
      found.scanAt = found.scanAt ?? at;
    }
    if (found.scanAt !== undefined) continue;
    if ((marker & 0xf0) === 0xc0 && !NO_FRAMES.includes(marker)) {
      if (found.frame !== undefined || end < at + 10) throw corrupt("its JPEG data is damaged");
      found.frame = frameAt(bytes, marker, at + 4);
    }
    const ofApplication = (marker & 0xf0) === 0xe0 || marker === 0xfe;
    if (only === undefined ? !ofApplication : only.includes(marker)) found.header.push(bytes.subarray(at, end));
  }
  return found;
}

/** T.81 section B.2.2: precision, height, width, number of components. */
function frameAt(bytes: Uint8Array, marker: number, at: number): Frame {
  const view = viewOf(bytes);
  return {
    marker,
    precision: view.getUint8(at),
    height: view.getUint16(at + 1),
    width: view.getUint16(at + 3),
    components: view.getUint8(at + 5),
  };
}

/** Segments with a length, across scans, up to the end of the image or the first that is cut; what is none is passed over. */
function* markersOf(bytes: Uint8Array): Generator<{ readonly marker: number; readonly at: number; readonly end: number }> {
  for (let at = bytes.indexOf(0xff, 2); at >= 0; at = bytes.indexOf(0xff, at)) {
    const marker = bytes[at + 1];
    if (marker === undefined || marker === END_OF_IMAGE) return;
    if (marker === 0xff) at++;
    else if (marker < 0xc0 || (marker >= 0xd0 && marker <= START_OF_IMAGE)) at += 2;
    else {
      const end = at + 2 + (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
      if (end < at + 4 || end > bytes.length) return;
      yield { marker, at, end };
      at = end;
    }
  }
}

/** Color of a gray picture whose white is zero, in place. */
function invert(data: Uint8Array): void {
  for (let at = 0; at < data.length; at += 4) {
    const gray = 255 - data[at]!;
    data[at] = gray;
    data[at + 1] = gray;
    data[at + 2] = gray;
  }
}

function copyPart(data: Uint8Array, { width, height }: Size, raster: RgbaRaster, x: number, y: number): void {
  const bytes = Math.min(width, raster.width - x) * 4;
  for (let row = 0; row < Math.min(height, raster.height - y); row++) {
    const from = row * width * 4;
    raster.data.set(data.subarray(from, from + bytes), ((y + row) * raster.width + x) * 4);
  }
}
