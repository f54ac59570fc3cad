/**
 * What every runtime is asked for, and how its answers are hashed. Runs wherever the library does: no Node, no DOM.
 * `fast` rows are what `npm test` asks as well; they name every kernel and codec once.
 */
const text = (value) => base64url(new TextEncoder().encode(value));
const mark = (key, more) => `watermark,image_${text(key)},${more}`;

/** [source, request, format, fast] */
// biome-ignore format: one row per case
export const REQUESTS = [
  ["owl.jpg",          "image/resize,w_230",                                                     "jpeg", true],
  ["owl.jpg",          "image/format,jpg/quality,Q_90",                                          "jpeg"],
  ["owl.jpg",          "image/resize,w_200/interlace,1/quality,q_60",                            "jpeg"],
  ["owl.jpg",          "w=240&chroma=444&q=88",                                                  "jpeg"],
  ["owl.jpg",          "w=160&effort=small&format=jpg",                                          "jpeg"],
  ["progressive.jpg",  "image/resize,w_150",                                                     "jpeg", true],
  ["progressive.jpg",  "image/resize,p_12/format,png",                                           "png"],
  ["gray.jpg",         "w=170",                                                                  "jpeg"],
  ["gray-gamma22.jpg", "w=160&format=png",                                                       "png"],
  ["cmyk.jpg",         "w=120&format=png",                                                       "png",  true],
  ["truncated.jpg",    "w=90&format=png",                                                        "png"],
  ["landscape-6.jpg",  "image/auto-orient,1/resize,w_110",                                       "jpeg", true],
  ["owl.jpg",          "image/crop,x_301,y_99,w_333,h_210/resize,m_fill,w_97,h_61/format,png",   "png"],
  ["owl.jpg",          "w=210&format=webp",                                                      "webp", true],
  ["owl.jpg",          "w=90&format=avif",                                                       "avif", true],
  ["owl.jpg",          "w=150&format=tiff",                                                      "tiff"],
  ["dice.png",         "w=130",                                                                  "png",  true],
  ["dice.png",         "w=130&filter=mitchell&linear=1&format=png",                              "png"],
  ["dice.png",         "w=300&h=200&fit=fill&filter=triangle&format=png",                        "png"],
  ["boxes.png",        "w=700&enlarge=1&filter=nearest",                                         "png"],
  ["boxes.png",        "w=77&filter=box&format=webp&lossless=1",                                 "webp"],
  ["alpha.webp",       "w=180&q=70",                                                             "webp"],
  ["paris.avif",       "w=120&format=png",                                                       "png"],
  ["p3.png",           "format=png",                                                             "png"],
  ["deep.png",         "w=60&format=png",                                                        "png"],
  ["palette.png",      "rotate=90&flip=h",                                                       "png"],
  ["scan.tif",         "w=80&format=png",                                                        "png"],
  ["owl.jpg",          `image/resize,w_300/${mark("dice.png?x-oss-process=image/resize,P_20", "t_70,g_nw,fill_1,padx_7,pady_3")}`, "jpeg", true],
  ["owl.jpg",          `w=320&wm_text=${encodeURIComponent("Hi Ω 你好 سلام")}&wm_shadow=70&wm_rotate=25&wm_color=F0E030&format=png`, "png"],
  ["owl.jpg",          "image/resize,w_200/rotate,33/rounded-corners,r_30/format,png",           "png",  true],
  ["owl.jpg",          "image/resize,w_200/circle,r_70/format,webp",                             "webp"],
  ["boxes.png",        "blur=11.5",                                                              "png",  true],
  ["owl.jpg",          "image/resize,w_200/sharpen,150/bright,-20/contrast,33/saturate,40",      "jpeg"],
  ["owl.jpg",          "image/average-hue",                                                      "json"],
];

/**
 * "<source> <request>" to "<format> <SHA-256 of the result>". `read(name)` gives a source's bytes, `sha256(bytes)` hex digits;
 * `fastOnly` leaves the rest out. Errors are not caught: every request of the list can be answered.
 */
export async function hashAll({ transform, read, sha256, fastOnly, modules, fonts }) {
  const hashes = {};
  for (const [source, request, format, fast] of REQUESTS) {
    if (fastOnly && fast !== true) continue;
    const options = {
      fetchObject: read,
      ...(modules === undefined ? {} : { modules }),
      ...(fonts === undefined ? {} : { fonts }),
    };
    const result = await transform(await read(source), request, options);
    if (result.format !== format) throw new Error(`${source} ${request}: ${result.format}, not ${format}`);
    hashes[`${source} ${request}`] = `${result.format} ${await sha256(result.data)}`;
  }
  return hashes;
}

/** For runtimes with the Web Cryptography API. */
export async function subtleSha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** RFC 4648 section 5 without padding, which not every runtime has under one name. */
function base64url(bytes) {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const count = Math.min(3, bytes.length - i) + 1;
    for (let k = 0; k < count; k++) out += digits[(word >> (18 - 6 * k)) & 63];
  }
  return out;
}
