import { encodeBase64Url } from "../syntax/base64.ts";

const GREETING = encodeURIComponent("Hi 你好 سلام 😀");
const MARK = encodeBase64Url("boxes.png?x-oss-process=image/resize,P_20");

/** What `opalens dev` shows on its sample pictures: what it is, and the path below the edge. */
export const SCENARIOS: readonly (readonly [title: string, path: string])[] = [
  ["the original, untouched", "owl.jpg"],
  ["400 px wide WebP", "owl.jpg?w=400&format=webp"],
  ["in OSS IMG's own language", "owl.jpg?x-oss-process=image/resize,m_fill,w_200,h_150/format,webp"],
  ["cropped to a square at a focal point", "road.jpg?w=300&h=300&fit=cover&g=fp:0.3:0.6"],
  ["padded on red", "example.jpg?w=300&h=300&fit=pad&bg=C00000"],
  ["turned upright by its EXIF orientation", "landscape-6.jpg?w=300"],
  ["turned a quarter", "example.jpg?x-oss-process=image/rotate,90"],
  ["an 800x500 rectangle of it", "road.jpg?crop=600,300,800,500"],
  [
    "with a watermark, a fifth of its width",
    `road.jpg?x-oss-process=image/resize,w_800/watermark,image_${MARK},t_80,g_se,x_20,y_20`,
  ],
  ["the same in plain words", "road.jpg?w=800&wm=boxes.png&wm_w=20&wm_t=80&wm_g=nw"],
  ["text in four scripts with a shadow", `owl.jpg?w=600&wm_text=${GREETING}&wm_color=FFFFFF&wm_shadow=60`],
  ["turned by 8° on a translucent ground", "owl.jpg?w=400&rotate=8&bg=3366CC80&format=png"],
  ["gray, blurred, progressive, at most 20 kB", "road.jpg?w=800&gray=1&blur=2&progressive=1&maxbytes=20000"],
  ["PNG with alpha to AVIF", "dice.png?w=400&format=avif"],
  ["arguments in the key", "owl.jpg!w_240,h_160,f_webp"],
  ["a format that is not stored: made from example.jpg", "example.webp"],
  ["what the header says", "owl.jpg?info=1"],
  ["a clear refusal", "owl.jpg?x-oss-process=image/resize,w_99999999"],
];
