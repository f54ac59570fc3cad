import { createEmscripten, type DecodedImage } from "./emscripten.ts";

interface Decoder {
  /** Fills in what is missing at the end; throws on what it cannot read at all. */
  decode(bytes: Uint8Array, preserveOrientation: boolean): DecodedImage | null;
}

/** The decoder of JPEG files and of JPEG data inside others; leased as "mozjpeg_dec". */
export const createJpegDecoder = createEmscripten<Decoder>(() => import("@jsquash/jpeg/codec/dec/mozjpeg_dec.js"));
