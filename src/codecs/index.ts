import type { Codec } from "../core/codec.ts";
import { avif } from "./avif.ts";
import { jpeg } from "./jpeg.ts";
import { png } from "./png.ts";
import { webp } from "./webp.ts";

/** All formats that can be read and written, by name: the only place that lists them. */
export const CODECS: ReadonlyMap<string, Codec> = new Map([jpeg, png, webp, avif].map((codec) => [codec.format, codec]));
