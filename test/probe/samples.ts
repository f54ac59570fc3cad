import {
  av1C,
  avif,
  bmp,
  box,
  bytes,
  chunk,
  directory,
  frame,
  ftyp,
  fullBox,
  GIF_FRAME,
  gif,
  graphicControl,
  iccp,
  ihdr,
  ispe,
  jpeg,
  long,
  meta,
  png,
  rational,
  references,
  rgbProfile,
  riffChunk,
  SRGB_PARA,
  SRGB_PRIMARIES,
  segment,
  short,
  text,
  tiff,
  u16,
  u32,
  vp8,
  vp8x,
  webp,
  zeros,
} from "./build.ts";

/** An EXIF block with a photo, a GPS and a thumbnail directory at fixed offsets. */
export const EXIF = (() => {
  const first = directory(
    8,
    [short(0x0112, 6), text(0x0132, "2015:02:11 15:38:27"), long(0x8769, 200), long(0x8825, 300)],
    430,
  );
  const photo = directory(200, [rational(0x829a, [4, 300]), [0x9000, 7, 4, bytes("0220")], [0x927c, 7, 4, bytes("mine")]]);
  const gps = directory(300, [
    [0x00, 1, 4, bytes(2, 2, 0, 0)],
    text(0x01, "N"),
    rational(0x02, [43, 1], [28, 1], [281400, 100000]),
    text(0x03, "W"),
    rational(0x04, [0, 1], [0, 1], [0, 1]),
  ]);
  const thumbnail = directory(430, [short(0x0103, 6), short(0x0112, 3), long(0x0201, 500)]);
  const whole = zeros(490);
  whole.set(bytes("MM", u16(42), u32(8)));
  whole.set(first, 8);
  whole.set(photo, 200);
  whole.set(gps, 300);
  whole.set(thumbnail, 430);
  return whole;
})();
export const SRGB = rgbProfile(SRGB_PRIMARIES, SRGB_PARA);
const EXIF_ITEM = bytes(u32(0), EXIF);

/** A picture with a grid, alpha, transforms and an Exif item in idat. */
export const RICH_AVIF = bytes(
  ftyp("avif", "mif1", "miaf"),
  meta(
    1,
    [
      { id: 1, type: "grid", properties: [1, 5, 6] },
      { id: 2, type: "av01", properties: [2, 3] },
      { id: 3, type: "av01", properties: [1, 4] },
      { id: 4, type: "Exif", properties: [] },
    ],
    [
      ispe(64, 48),
      ispe(32, 48),
      av1C(0x50),
      fullBox("auxC", 0, 0, "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", 0),
      box("irot", 1),
      box("colr", "prof", SRGB),
    ],
    references(["dimg", 1, 2, 2], ["auxl", 3, 1], ["cdsc", 4, 1]),
    fullBox("iloc", 1, 0, 0x44, 0, u16(1), u16(4), u16(1), u16(0), u16(1), u32(0), u32(EXIF_ITEM.length)),
    box("idat", EXIF_ITEM),
  ),
);

const sampleEntry = box("av01", zeros(24), u16(40), u16(30), zeros(50), av1C(0x40));
const track = (handler: string) =>
  box(
    "trak",
    box(
      "mdia",
      fullBox("hdlr", 0, 0, u32(0), handler, zeros(13)),
      box(
        "minf",
        box("stbl", fullBox("stsd", 0, 0, u32(1), sampleEntry), fullBox("stsz", 0, 0, u32(0), u32(3), u32(9), u32(9), u32(9))),
      ),
    ),
  );
/** A sequence without a meta box: everything is in its tracks. */
export const SEQUENCE = bytes(ftyp("avis", "msf1"), box("moov", track("pict"), track("auxv")));

/** One picture of every format that exercises as much of its prober as fits. */
export const SAMPLES: Readonly<Record<string, Uint8Array>> = {
  jpeg: jpeg(
    segment(0xe0, "JFIF\0", 1, 2, 1, u16(96), u16(97), 0, 0),
    segment(0xe1, "Exif\0\0", EXIF),
    segment(0xe2, "ICC_PROFILE\0", 1, 2, SRGB.subarray(0, 100)),
    segment(0xe2, "ICC_PROFILE\0", 2, 2, SRGB.subarray(100)),
    segment(0xdb, 0, zeros(64).fill(16)),
    frame(),
  ),
  png: png(
    ihdr(31, 17, 8, 2),
    iccp(SRGB),
    chunk("tRNS", zeros(6)),
    chunk("pHYs", u32(2835), u32(2835), 1),
    chunk("eXIf", EXIF),
  ),
  webp: webp(vp8x(0x38, 31, 17), riffChunk("ICCP", SRGB), vp8(31, 17), riffChunk("EXIF", EXIF)),
  gif: gif(31, 17, graphicControl(1), GIF_FRAME, graphicControl(0), GIF_FRAME),
  bmp: bmp(124, 31, 17, 32),
  tiff: tiff([
    short(256, 31),
    short(257, 17),
    [258, 3, 3, bytes(u16(8), u16(8), u16(8))],
    short(262, 2),
    short(274, 6),
    short(277, 3),
  ]),
  avif: RICH_AVIF,
  heic: bytes(
    ftyp("heic", "mif1"),
    meta(1, [{ id: 1, type: "hvc1", properties: [1, 2] }], [ispe(31, 17), box("hvcC", zeros(16), 0xfd, 0xfa, 0xfa, zeros(4))]),
  ),
  sequence: SEQUENCE,
  plain: avif(31, 17),
};
