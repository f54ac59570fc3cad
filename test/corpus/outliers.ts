import type { ErrorCode } from "../../src/core/errors.ts";

/** Mean differences (0..255 over premultiplied RGBA) that need no explanation; measured maxima without outliers: 0.44 and 1.0. */
export const BOUNDS = { full: 0.5, small: 1 } as const;
export type Measure = keyof typeof BOUNDS;

/** Why a file is further from the reference than the bound: `upTo` is the measured mean with a margin. */
export interface Outlier {
  readonly reason: string;
  readonly full?: number;
  readonly small?: number;
}

const KIMONO =
  "libheif is too bright here: BT.2020 luma of its RGB is 0.67 above the decoded Y plane stretched to full range, that of ours 0.00; and 4:2:0 chroma is interpolated differently";

/** The reference is resampled from full size; sharp's own result by its reducing decoder is `sharp` from it. */
const reduced = (sharp: string) =>
  `reduced while it is decoded, to 1, 2 or 4 of 8 samples along a block, its halved chroma too; libvips with its reducing decoder is ${sharp} from the same reference`;

/** By file. A file that is within the bounds may not be here. */
export const OUTLIERS: Readonly<Record<string, Outlier>> = {
  "avif/fox.profile0.8bpc.yuv420.monochrome.avif": {
    full: 7.2,
    small: 6.8,
    reason:
      "libvips shows 16..235 of a limited-range gray AVIF as they are (its G is 11..239, mean 63); its sequence header says limited range, and its colored twin has mean luma 55, as ours has",
  },
  "avif/kimono.crop.avif": { full: 0.75, reason: KIMONO },
  "avif/kimono.avif": { full: 0.85, reason: KIMONO },
  "avif/kimono.mirror-horizontal.avif": { full: 0.85, reason: KIMONO },
  "avif/kimono.rotate90.avif": { full: 0.85, reason: KIMONO },
  "avif/plum-blossom-small.profile0.8bpc.yuv420.alpha-full.avif": {
    full: 0.55,
    reason: "libavif (ours) and libheif interpolate 4:2:0 chroma differently; the 4:4:4 twin differs by 1 at most",
  },
  "broken/jpeg-bad-huffman-code.jpg": {
    full: 11,
    small: 11,
    reason: "damaged: past the bad code each decoder finds its own way on",
  },
  "photos/college-4mp.jpg": { small: 1.15, reason: reduced("1.03") },
  "photos/flower-3mp-420.jpg": { small: 1.4, reason: reduced("2.05") },
  "photos/flower-3mp-progressive.jpg": { small: 1.4, reason: reduced("2.05") },
  "photos/hillside-gps-0.3mp.jpg": { small: 1.25, reason: reduced("0.87") },
  "icc/ycck-no-profile.jpg": {
    full: 12,
    small: 12,
    reason:
      "inks of no stated kind: libvips takes them for those of a press, by a profile that it brings along; ours lets light pass each ink by itself, as browsers do (R = (255 − C) · (255 − K) / 255)",
  },
  "icc/rec2020-linear-16bit.png": {
    full: 1.25,
    small: 1.25,
    reason:
      "16-bit samples are cut to 8 bits before the profile is applied, which shows in the darks of a linear one; ours equals what Pillow and lcms make of the same 8 bits, and is 1.15 from the author's own sRGB rendering",
  },
};

/** Files that end as a typed error, by code and reason. Everything else must be a picture. */
export interface Refused {
  readonly code: ErrorCode;
  readonly reason: string;
  readonly files: readonly string[];
}
export const REFUSED: readonly Refused[] = [
  {
    code: "UNSUPPORTED_FORMAT",
    reason: "kinds of TIFF that are not read: CCITT fax, BigTIFF, floating point",
    files: [
      "bmp-tiff/fax-2-pages-8mp.tif",
      "bmp-tiff/hopper_g4_500.tif",
      "orientation/orientation-6.tif",
      "bmp-tiff/hopper_bigtiff.tif",
      "bmp-tiff/rgb32f.tiff",
    ],
  },
  {
    code: "UNSUPPORTED_FORMAT",
    reason: "CMYK is read in JPEG files alone, not in TIFF",
    files: ["bmp-tiff/tiff_strip_cmyk_jpeg.tif"],
  },
  {
    code: "UNSUPPORTED_FORMAT",
    reason: "GIF is not read yet",
    files: [
      "animated/1024-frames-1x1.gif",
      "animated/any-disposal.gif",
      "animated/border-layers.gif",
      "animated/cat-trotting-20.gif",
      "animated/character-42.gif",
      "animated/chi-31.gif",
      "animated/loop-3.gif",
      "animated/star.gif",
      "broken/gif-frame-outside-canvas.gif",
      "broken/gif-no-frames.gif",
      "broken/truncated.gif",
    ],
  },
  {
    code: "UNSUPPORTED_FORMAT",
    reason: "animated WebP is not read yet",
    files: ["animated/anim-6.webp", "animated/character-42.webp", "animated/lossy-101.webp"],
  },
  {
    code: "UNSUPPORTED_FORMAT",
    reason: "HEIC is not read yet",
    files: [
      "broken/heif-no-data.heif",
      "heic/alpha-512.heic",
      "heic/desert-exif.heif",
      "heic/grid-2x2.heic",
      "heic/iphone-grid-8mp.heic",
      "heic/mirror.heic",
      "heic/rainbow-odd-size.heic",
      "heic/tiny-256.heic",
      "heic/uncompressed-rgb.heif",
      "heic/winter-1440.heic",
    ],
  },
  {
    code: "UNSUPPORTED_FORMAT",
    reason: "JPEG XL, SVG, icons and films are not read",
    files: [
      "animated/spline.jxl",
      "jxl/16-bit.jxl",
      "jxl/alpha-triangles.jxl",
      "jxl/bicycles.jxl",
      "jxl/gray.jxl",
      "jxl/owl.jxl",
      "svg/logo.svgz",
      "svg/nuxt.svg",
      "svg/script-xss.svg",
      "svg/size-in-inches.svg",
      "svg/tv-pattern.svg",
      "logos/cat-silhouette.svg",
      "bmp-tiff/python.ico",
      "broken/bomb-10000000x10000000.svg",
      "video/audio-only.mp4",
      "video/clip-h264.mov",
      "video/clip-h264.mp4",
      "video/clip-vp8.webm",
      "video/star-av1.mp4",
      "broken/mp4-named.jpg",
    ],
  },
  {
    code: "UNSUPPORTED_FORMAT",
    reason: "the bytes are no picture, whatever the name says",
    files: [
      "broken/empty.jpg",
      "broken/one-byte.jpg",
      "broken/html-named.jpg",
      "broken/json-named.webp",
      "broken/xlfn0g04.png",
      "broken/xs1n0g01.png",
    ],
  },
  {
    code: "UNSUPPORTED_FORMAT",
    reason: "the JPEG decoder has neither 12 bits a sample nor arithmetic coding, as no browser has",
    files: ["jpeg/12-bit.jpg", "jpeg/arithmetic.jpg"],
  },
  {
    code: "SOURCE_TOO_LARGE",
    reason: "the header claims more pixels than are decoded",
    files: [
      "broken/bomb-16384x16384.png",
      "broken/bomb-17000x17000.avif",
      "broken/bomb-20000x14000.jpg",
      "broken/reallybig.bmp",
      "broken/jpeg-49157x27397-in-613-bytes.jpg",
    ],
  },
  {
    code: "CORRUPT_IMAGE",
    reason: "the header is invalid; libvips refuses it too",
    files: [
      "broken/badbitcount.bmp",
      "broken/badwidth.bmp",
      "broken/corrupt-header.jpg",
      "broken/gif-10-bytes.gif",
      "broken/jpeg-bogus-sampling.jpg",
      "broken/webp-bad-riff.webp",
      "broken/xc1n0g08.png",
      "broken/xd3n2c08.png",
    ],
  },
  {
    code: "CORRUPT_IMAGE",
    reason: "the compressed data is unusable; libvips refuses it too",
    files: [
      "broken/bad_iCCP.png",
      "broken/jpeg-bogus-huffman.jpg",
      "broken/truncated.avif",
      "broken/shortfile.bmp",
      "broken/truncated.webp",
      "broken/xdtn0g01.png",
    ],
  },
  {
    code: "CORRUPT_IMAGE",
    reason: "the PNG decoder gives no partial pictures; libvips does",
    files: ["broken/broken_data_stream.png", "broken/huge_IDAT.png", "broken/truncated.png", "fixtures/truncated.png"],
  },
];

const SEQUENCE =
  "libvips reads no AVIF sequence; the first frame is within 0.05 of what avifdec 0.11 (libavif with other AV1 decoders) writes";

/** Files that no independent decoder at hand reads, with the reason why ours may stand alone. */
export const UNJUDGED: Readonly<Record<string, string>> = {
  "bmp-tiff/pal4rle.bmp":
    "libvips reads no BMP and Pillow 9.4 shows stripes for 4-bit RLE; by eye it is the picture of the other BMP files in 12 colors",
  "bmp-tiff/rgba32.bmp":
    "libvips reads no BMP and Pillow 9.4 refuses 32-bit bit fields; by eye it is rgb24.bmp with letters that fade out, as bmpsuite describes it",
  "animated/colors-8bpc.avif": SEQUENCE,
  "animated/star-8bpc.avifs": SEQUENCE,
  "animated/star-8bpc-alpha.avifs": SEQUENCE,
};

/**
 * Pictures that libvips cannot read, by what Pillow 9.4 (Debian python3-pil) makes of them: PNG files in pillow/. All are
 * of bmpsuite and in the public domain. Pillow reads no 32-bit bit fields; bmpsuite draws rgb32bf.bmp and rgb24.bmp alike.
 */
export const PILLOW: Readonly<Record<string, string>> = {
  "bmp-tiff/pal1.bmp": "pal1.png",
  "bmp-tiff/pal8.bmp": "pal8.png",
  "bmp-tiff/pal8rle.bmp": "pal8.png",
  "bmp-tiff/pal8topdown.bmp": "pal8.png",
  "bmp-tiff/rgb16-565.bmp": "rgb16-565.png",
  "bmp-tiff/rgb24.bmp": "rgb24.png",
  "bmp-tiff/rgb32bf.bmp": "rgb24.png",
};
