import type { Codec } from "../core/codec.ts";
import { avif } from "./avif.ts";
import { bmp } from "./bmp.ts";
import { jpeg } from "./jpeg.ts";
import { png } from "./png.ts";
import { tiff } from "./tiff.ts";
import { webp } from "./webp.ts";

/** All formats that can be read and written, by name: the only place that lists them. */
export const CODECS: ReadonlyMap<string, Codec> = new Map(
  [jpeg, png, webp, avif, tiff, bmp].map((codec) => [codec.format, codec]),
);
