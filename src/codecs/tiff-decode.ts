import { inflateInto } from "../core/inflate.ts";
import type { LeaseWasm } from "../core/lease.ts";
import type { Probe } from "../core/probe.ts";
import { allocate, createRgba, type RgbaRaster } from "../core/raster.ts";
import { scratchLimit } from "./tiff-bytes.ts";
import { reverseBits, unpackBits, unpackLzw } from "./tiff-compression.ts";
import { decodeJpegParts } from "./tiff-jpeg.ts";
import { corrupt, type Page, readPage, unsupported } from "./tiff-page.ts";

/**
 * The first page as it is stored: neither turned nor converted from its profile. 16 bits a sample become 8 (round(v / 257)).
 * Work and memory are bounded by the picture's size and the bytes there are: no strip or tile yields more than its rows
 * inside the picture, nor are more bytes of it looked at than honest compression makes.
 */
export async function decodeTiff(
  bytes: Uint8Array,
  probe: Pick<Probe, "width" | "height" | "bitDepth">,
  lease: LeaseWasm,
): Promise<RgbaRaster> {
  const page = readPage(bytes);
  // Memory was granted for what the prober read; a file that shows two readers two sizes is not worth reading
  if (page.width !== probe.width || page.height !== probe.height || page.bits > probe.bitDepth) {
    throw corrupt(`it is ${page.width}x${page.height} of ${page.bits} bits`);
  }
  return page.compression === "jpeg" ? decodeJpegParts(page, lease) : unpackParts(page);
}

function unpackParts(page: Page): RgbaRaster {
  const { segment, width, height, planar, samples } = page;
  const planes = planar ? samples : 1;
  const scratch = createScratch(page, planes);
  const raster = createRgba(width, height, page.alpha !== undefined);
  for (let row = 0, index = 0; row < segment.down; row++) {
    for (let column = 0; column < segment.across; column++, index++) {
      const rows = Math.min(segment.height, height - row * segment.height);
      const data = Array.from({ length: planes }, (_, plane) =>
        unpackSegment(page, index + plane * segment.across * segment.down, rows, scratch.planes[plane]!),
      );
      paintSegment(page, data, column * segment.width, row * segment.height, rows, raster, scratch);
    }
  }
  return raster;
}

const MIB = 1024 * 1024;
/**
 * A part costs about 1 µs whatever is in it, and a file can name one for each of its bytes. TIFF 6.0 section 15 wants tiles
 * of multiples of 16 px; a quarter of 16×16 leaves room for writers that know better, and pictures of few parts are not asked.
 */
const MIN_PART_PIXELS = 64;
const MAX_FEW_PARTS = 65_536;

/** Memory for one strip or tile of each plane, and for one row of it; used again for all. */
interface Scratch {
  readonly planes: readonly Uint8Array[];
  /** Samples of one row, interleaved. */
  readonly row: Uint8Array;
  /** The same before they are reduced to 8 bits; empty where they have no more. */
  readonly wide: Uint16Array;
}

function createScratch(page: Page, planes: number): Scratch {
  const { segment, width, height, bits, samples, compression } = page;
  const size = compression === "none" ? 0 : rowBytes(page) * Math.min(segment.height, height);
  const rowSamples = Math.min(segment.width, width) * samples;
  // Bounds time too: narrow pictures in wide tiles would be unpacked many times over
  const parts = segment.across * segment.down;
  const total = size * planes * parts;
  const most = scratchLimit(width, height, bits);
  const tooMany = parts > MAX_FEW_PARTS + (width * height) / MIN_PART_PIXELS;
  if (tooMany || size * planes + rowSamples * 3 > most || total > 4 * most + 64 * MIB) {
    throw unsupported(`in parts of ${segment.width}x${segment.height} px`);
  }
  return {
    planes: Array.from({ length: planes }, () => allocate(size)),
    row: allocate(rowSamples),
    wide: new Uint16Array(bits === 16 ? rowSamples : 0),
  };
}

function rowBytes({ segment, planar, samples, bits }: Page): number {
  return Math.ceil((segment.width * (planar ? 1 : samples) * bits) / 8);
}

/** The rows of one strip or tile of one plane, unpacked: `scratch`, or the file itself where it is not compressed. */
function unpackSegment(page: Page, index: number, rows: number, scratch: Uint8Array): Uint8Array {
  const length = rowBytes(page) * rows;
  // LZW makes at most 1.5 bytes of one, Deflate and PackBits little over one; what is beyond could only waste time
  const stored = page.segmentBytes(index, page.compression === "none" ? length : 2 * length + 1024);
  const packed = page.lowBitFirst ? reverseBits(stored) : stored;
  const output = page.compression === "none" ? packed : scratch.subarray(0, length);
  if (unpack(page.compression, packed, output) < length) throw corrupt("it ends early");
  if (page.predictor) undoPrediction(page, output, rows);
  return output;
}

function unpack(compression: Page["compression"], packed: Uint8Array, output: Uint8Array): number {
  if (compression === "lzw") return unpackLzw(packed, output);
  if (compression === "deflate") return inflateInto(packed, output);
  return compression === "packbits" ? unpackBits(packed, output) : output.length;
}

/** TIFF 6.0 section 14: each sample is the difference to the one of its kind to the left. */
function undoPrediction(page: Page, data: Uint8Array, rows: number): void {
  const step = page.planar ? 1 : page.samples;
  const stride = rowBytes(page);
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * stride;
    if (page.bits === 8) {
      for (let i = row * stride + step; i < end; i++) data[i] = data[i]! + data[i - step]!;
      continue;
    }
    const [high, low] = page.littleEndian ? [1, 0] : [0, 1];
    for (let i = row * stride + 2 * step; i < end; i += 2) {
      const before = i - 2 * step;
      const sum = (data[i + high]! << 8) + data[i + low]! + (data[before + high]! << 8) + data[before + low]!;
      data[i + high] = sum >> 8;
      data[i + low] = sum;
    }
  }
}

function paintSegment(
  page: Page,
  data: readonly Uint8Array[],
  x: number,
  y: number,
  rows: number,
  raster: RgbaRaster,
  scratch: Scratch,
): void {
  const count = Math.min(page.segment.width, page.width - x);
  const stride = rowBytes(page);
  for (let row = 0; row < rows; row++) {
    const samples = rowSamples(page, data, row * stride, count, scratch);
    paintRow(page, samples, count, raster.data, ((y + row) * page.width + x) * 4);
  }
}

/** `count` pixels from `at` as interleaved 8-bit samples: color not multiplied, full range but for palette indices. */
function rowSamples(page: Page, data: readonly Uint8Array[], at: number, count: number, { row, wide }: Scratch): Uint8Array {
  const { bits, samples, planar, alpha } = page;
  const associated = alpha?.associated === true && page.palette === undefined; // an index is not multiplied
  if (bits === 8 && !planar && !associated) return data[0]!.subarray(at, at + count * samples);
  const target = bits === 16 ? wide : row;
  data.forEach((plane, i) => {
    widen(page, plane, at, planar ? count : count * samples, target, i, planar ? samples : 1);
  });
  if (associated && alpha !== undefined) divideByAlpha(target, samples, count, alpha.at, bits === 16 ? 65535 : 255);
  // round(v / 257), exact for all 16-bit values
  if (bits === 16) for (let i = 0; i < count * samples; i++) row[i] = (wide[i]! * 255 + 32895) >> 16;
  return row;
}

/** Samples of any size from `at` on, one by one into every `step`th place of `target`. */
function widen(
  { bits, littleEndian, palette }: Page,
  data: Uint8Array,
  at: number,
  count: number,
  target: Uint8Array | Uint16Array,
  first: number,
  step: number,
): void {
  if (bits === 16) {
    const [high, low] = littleEndian ? [1, 0] : [0, 1];
    for (let i = 0; i < count; i++) target[first + i * step] = (data[at + 2 * i + high]! << 8) | data[at + 2 * i + low]!;
    return;
  }
  const mask = (1 << bits) - 1;
  const scale = palette === undefined ? 255 / mask : 1; // 255, 85, 17 or 1
  for (let i = 0; i < count; i++) {
    const bit = i * bits;
    target[first + i * step] = ((data[at + (bit >> 3)]! >> (8 - bits - (bit & 7))) & mask) * scale;
  }
}

/** Associated alpha (TIFF 6.0 section 18) made straight, before the samples are reduced to 8 bits. */
function divideByAlpha(row: Uint8Array | Uint16Array, samples: number, count: number, alphaAt: number, max: number): void {
  for (let i = 0; i < count * samples; i += samples) {
    const alpha = row[i + alphaAt]!;
    for (let k = 0; k < alphaAt; k++) {
      row[i + k] = alpha === 0 ? 0 : Math.min(max, Math.floor((row[i + k]! * max + (alpha >> 1)) / alpha));
    }
  }
}

function paintRow(
  { samples, colors, alpha, palette, whiteIsZero }: Page,
  row: Uint8Array,
  count: number,
  out: Uint8Array,
  start: number,
) {
  const end = start + count * 4;
  const flip = whiteIsZero ? 255 : 0;
  for (let to = start, from = 0; to < end; to += 4, from += samples) {
    if (colors === 3) {
      out[to] = row[from]!;
      out[to + 1] = row[from + 1]!;
      out[to + 2] = row[from + 2]!;
    } else if (palette === undefined) {
      const gray = row[from]! ^ flip;
      out[to] = gray;
      out[to + 1] = gray;
      out[to + 2] = gray;
    } else {
      const color = row[from]! * 3;
      out[to] = palette[color]!;
      out[to + 1] = palette[color + 1]!;
      out[to + 2] = palette[color + 2]!;
    }
    out[to + 3] = alpha === undefined ? 255 : row[from + alpha.at]!;
  }
}
