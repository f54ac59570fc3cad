import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";

/** What the contact sheets in docs/sheets show: names, pictures and requests. make.mjs draws them. */

const FIXTURES = fileURLToPath(new URL("../../fixtures/images/", import.meta.url));
/** @param {string} name a picture of fixtures/images */
export const fixture = (name) => readFile(join(FIXTURES, name));

const encoded = (text) => Buffer.from(text, "utf8").toString("base64url");
const text = (words, ...rest) => ["watermark", `text_${encoded(words)}`, ...rest].join(",");
const picture = (key, ...rest) => ["watermark", `image_${encoded(key)}`, ...rest].join(",");

/** A font's name in place of its base64. */
const readable = (args) => args.replace(/(?<=type_)[\w-]+/, (value) => Buffer.from(value, "base64url").toString("utf8"));

/**
 * One tile. `source` names a fixture or a made picture; `ask` is a process text without "image/" and format, or, with "=", a
 * plain query; `format` is png unless it says otherwise. `peer`: drawn by libvips instead. `words`: what is in an encoded text.
 */
const tile = (source, label, ask, rest = {}) => ({ source, label, ask, ...rest });
const each = (source, base, asks) =>
  asks.map((ask) => tile(source, ask, ask.includes("=") ? `w=280&${ask}` : `${base}/${ask}`));

const OWL = "resize,w_280";
const BOX = "w=180&h=140";
const POSITIONS = ["nw", "north", "ne", "west", "center", "east", "sw", "south", "se"];
const SCRIPTS = "Hi 你好 سلام 😀🎉";

export const SHEETS = [
  {
    name: "effects",
    columns: 4,
    about:
      "Each effect alone on one photograph. OSS's blur, sharpen, bright and contrast; gray, saturate and pixelate are extensions.",
    tiles: [
      tile("owl.jpg", "original", OWL),
      ...each("owl.jpg", OWL, [
        "blur,r_3,s_2",
        "blur=10",
        "gray,1",
        "sharpen,50",
        "sharpen,100",
        "sharpen,399",
        "pixelate,8",
        "bright,50",
        "bright,-50",
        "contrast,50",
        "contrast,-50",
        "saturate,50",
        "saturate,-50",
        "saturate,-100",
        "pixelate,32",
      ]),
    ],
  },
  {
    name: "corners",
    columns: 4,
    about: "Rounded corners and circles: transparent where the result has alpha (checkerboard), white in JPEG.",
    tiles: [
      ...each("owl.jpg", OWL, ["rounded-corners,r_10", "rounded-corners,r_30", "radius=max", "circle,r_90"]),
      ...["rounded-corners,r_10", "rounded-corners,r_30", "circle,r_90", "circle,r_40"].map((ask) =>
        tile("owl.jpg", `${ask} (JPEG)`, `${OWL}/${ask}`, { format: "jpg" }),
      ),
      ...each("dice.png", "resize,w_280", ["rounded-corners,r_60", "circle,r_90", "circle,r_60"]),
      tile("dice.png", "circle,r_90 (JPEG)", `${OWL}/circle,r_90`, { format: "jpg" }),
    ],
  },
  {
    name: "rotations",
    columns: 4,
    about: "Any angle, clockwise: the canvas grows and its corners are transparent, white in JPEG, or `background`.",
    tiles: [
      ...each("owl.jpg", "resize,w_200", ["rotate,5", "rotate,30", "rotate,45", "rotate,70", "rotate,90", "rotate,200"]),
      tile("owl.jpg", "rotate,30 (JPEG)", "resize,w_200/rotate,30", { format: "jpg" }),
      tile("owl.jpg", "rotate,30/background,3366CC", "resize,w_200/rotate,30/background,3366CC"),
      tile("owl.jpg", "rotate,30/background,3366CC80", "resize,w_200/rotate,30/background,3366CC80"),
      ...each("boxes.png", "resize,w_200", ["rotate,30", "rotate,45"]),
      tile("boxes.png", "rotate,30 (JPEG)", "resize,w_200/rotate,30", { format: "jpg" }),
    ],
  },
  {
    name: "orientations",
    columns: 4,
    about: "EXIF orientation 1 to 8 must look alike; then the three mirrors.",
    tiles: [
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((value) => tile(`orientation-${value}`, `orientation ${value}`, "resize,w_270")),
      ...["flip,h", "flip,v", "flip,hv"].map((ask) => tile("landscape-6.jpg", ask, `resize,w_270/${ask}`)),
      tile("landscape-6.jpg", "auto-orient,0", "auto-orient,0/resize,h_180"),
    ],
  },
  {
    name: "fits",
    columns: 4,
    about:
      "One box of 180×140 px, every way to fill it: OSS's modes, then the plain grammar's with positions, focal point and pads.",
    tiles: [
      ...["lfit", "mfit", "fill", "fixed"].map((m) => tile("landscape-6.jpg", `m_${m}`, `resize,m_${m},w_180,h_140`)),
      tile("landscape-6.jpg", "m_pad", "resize,m_pad,w_180,h_140"),
      tile("landscape-6.jpg", "m_pad,color_FF8800", "resize,m_pad,w_180,h_140,color_FF8800"),
      ...["fit=inside", "fit=outside", "fit=fill", "fit=cover", "fit=cover&g=west", "fit=cover&g=fp:0.9:0.5", "fit=pad"].map(
        (fit) => tile("landscape-6.jpg", fit, `${BOX}&${fit}`),
      ),
      ...["fit=pad&bg=FF8800", "fit=pad&bg=FF880080", "fit=pad&bg=FF8800&g=south"].map((fit) =>
        tile("landscape-6.jpg", fit, `${BOX}&${fit}`),
      ),
    ],
  },
  {
    name: "text",
    columns: 3,
    about: "Text watermarks: four scripts in one string, fonts, sizes, opacity, shadow, rotation, tiles.",
    tiles: [
      ...[
        [SCRIPTS, "size_40,color_FFFFFF,g_center"],
        [SCRIPTS, "size_40,color_FFFFFF,g_center,shadow_100"],
        [SCRIPTS, "size_40,color_FFFFFF,g_center,rotate_30,shadow_50"],
        ["Hello 图片服务!", "size_30,color_FFFFFF,g_nw"],
        ["Hello 图片服务!", "size_30,color_FFFFFF,g_nw,type_" + encoded("fangzhengshusong")],
        ["Hello 图片服务!", "size_30,color_FFFFFF,g_nw,type_" + encoded("fangzhengkaiti")],
        ["مرحبا بالعالم", "size_44,color_FFE000,g_center,shadow_60"],
        ["שלום abc 123", "size_44,color_FFE000,g_center,shadow_60"],
        ["AVAToffice fi", "size_44,color_FFE000,g_south,y_20,t_60"],
        ["opalens", "size_24,color_FFFFFF,t_60,fill_1,padx_30,pady_30"],
        ["opalens", "size_24,color_FFFFFF,t_60,fill_1,padx_30,pady_30,rotate_30"],
        ["8 px 9 px", "size_9,color_FFFFFF,g_nw"],
      ].map(([words, rest]) => tile("owl.jpg", readable(rest), `resize,w_380/${text(words, rest)}`, { words })),
    ],
  },
  {
    name: "marks",
    columns: 3,
    about:
      "Picture watermarks: nine positions, sizes, opacity, rotation, tiles, and text beside a picture in both orders and three alignments.",
    tiles: [
      tile(
        "owl.jpg",
        "nine texts",
        `resize,w_380/${POSITIONS.map((g) => text(g, `g_${g}`, "size_26", "color_FFFFFF", "shadow_70")).join("/")}`,
        {
          words: "its position",
        },
      ),
      tile(
        "owl.jpg",
        "nine pictures",
        `resize,w_380/${POSITIONS.map((g) => picture("boxes.png?x-oss-process=image/resize,P_20", `g_${g}`)).join("/")}`,
      ),
      ...[
        ["boxes.png?x-oss-process=image/resize,P_40", "g_center,t_50"],
        ["boxes.png?x-oss-process=image/resize,P_30/rotate,30", "g_center"],
        ["boxes.png?x-oss-process=image/resize,P_15", "fill_1,padx_20,pady_20,t_70"],
        ["boxes.png?x-oss-process=image/resize,P_15/rotate,30", "fill_1,padx_10,pady_10"],
      ].map(([key, rest]) => tile("owl.jpg", rest, `resize,w_380/${picture(key, rest)}`, { words: key })),
      ...[
        "order_0,align_0",
        "order_0,align_1",
        "order_0,align_2",
        "order_1,align_0",
        "order_1,align_1,interval_20",
        "order_1,align_2,interval_20,fill_1,padx_30,pady_20",
      ].map((rest) =>
        tile(
          "owl.jpg",
          rest,
          `resize,w_380/${picture("boxes.png?x-oss-process=image/resize,P_20", `text_${encoded("opalens")}`, "size_30,color_FFFFFF,g_center", rest)}`,
          { words: "boxes.png at P_20, opalens" },
        ),
      ),
    ],
  },
  {
    name: "colors",
    columns: 4,
    about: "Color profiles: ours beside libvips's. Each pair must look alike, and the Display P3 ones like the original.",
    tiles: [
      tile("srgb.png", "original, sRGB", OWL),
      tile("srgb.png", "original, libvips", OWL, { peer: true }),
      ...[
        ["Display P3 JPEG", "p3.jpg"],
        ["Display P3 16-bit PNG", "p3-16bit.png"],
        ["Display P3 WebP", "p3.webp"],
        ["Display P3 AVIF", "p3.avif"],
        ["gray, gamma 2.2 profile", "gray-gamma22.jpg"],
        ["red at 12 o'clock by its profile", "spin.avif"],
        ["AVIF with ICC", "paris.avif"],
      ].flatMap(([label, source]) => [tile(source, label, OWL), tile(source, `${label}, libvips`, OWL, { peer: true })]),
    ],
  },
  {
    name: "trim",
    columns: 4,
    about:
      "Borders cut off: of transparency, of one color, of a color with noise that needs a tolerance. The frame is the tile's edge.",
    tiles: [
      tile("boxes.png", "before", OWL, { frame: true }),
      tile("boxes.png", "trim,10", "trim,10/resize,w_280", { frame: true }),
      tile("bordered", "before", "resize,w_280", { frame: true }),
      tile("bordered", "trim,0", "trim,0/resize,w_280", { frame: true }),
      tile("noisy", "before", "resize,w_280", { frame: true }),
      tile("noisy", "trim,0", "trim,0/resize,w_280", { frame: true }),
      tile("noisy", "trim,20", "trim,20/resize,w_280", { frame: true }),
      tile("bordered", "trim,0/rotate,30", "trim,0/resize,w_230/rotate,30", { frame: true }),
    ],
  },
];

/** Pictures made of fixtures, by the name that tiles use; libvips writes them. */
const MADE = {
  ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((value) => [`orientation-${value}`, () => oriented(value)])),
  "p3.jpg": () => profiled().then((image) => image.jpeg({ quality: 92, chromaSubsampling: "4:4:4" })),
  "p3.webp": () => profiled().then((image) => image.webp({ quality: 95 })),
  "p3.avif": () => profiled().then((image) => image.avif({ quality: 85, chromaSubsampling: "4:4:4" })),
  "p3-16bit.png": () => profiled("rgb16").then((image) => image.png()),
  "srgb.png": async () => colorful().png(),
  bordered: async () => small("owl.jpg").extend({ top: 30, bottom: 60, left: 90, right: 20, background: "#dd5522" }).png(),
  noisy,
};
/** @param {string} name bytes of a fixture or of a made picture */
export async function sourceOf(name) {
  const make = MADE[name];
  return make === undefined ? fixture(name) : new Uint8Array(await (await make()).toBuffer());
}

const small = (name) => sharp(join(FIXTURES, name)).resize({ width: 420 });
/** Strong colors, whose numbers differ clearly between sRGB and Display P3. */
const colorful = () => small("dice.png").flatten({ background: "#ffffff" });
async function profiled(space = "srgb") {
  return colorful().toColorspace(space).withIccProfile("p3");
}

/** The upright picture stored so that this EXIF orientation makes it upright (EXIF 2.32 section 4.6.4, tag 0x0112). */
async function oriented(value) {
  const upright = await sharp(join(FIXTURES, "landscape-6.jpg")).autoOrient().png().toBuffer();
  const turned = await sharp(upright)
    .rotate({ 5: 90, 6: 270, 7: 90, 8: 90, 3: 180 }[value] ?? 0)
    .png()
    .toBuffer();
  const mirrored = value === 2 || value === 5 ? sharp(turned).flop() : sharp(turned).flip(value === 4 || value === 7);
  return mirrored.withMetadata({ orientation: value }).jpeg({ quality: 92 });
}

/** A gray border with noise of ±8 levels that a fixed rule makes. */
async function noisy() {
  const [width, height] = [520, 400];
  const data = new Uint8Array(width * height * 3);
  for (let i = 0, state = 1; i < data.length; i++) {
    state = (state * 48271) % 2147483647;
    data[i] = 192 + (state % 17);
  }
  const inner = await sharp(join(FIXTURES, "owl.jpg")).resize({ width: 360 }).png().toBuffer();
  return sharp(data, { raw: { width, height, channels: 3 } })
    .composite([{ input: inner, left: 60, top: 90 }])
    .png();
}
