import { codePointProfile } from "../color/code-points.ts";
import { CALL_PIXELS, type Conversion, createLcms, LCMS_MAX_BYTES } from "../color/lcms.ts";
import { TransformError } from "../core/errors.ts";
import type { ColorMeaning } from "../core/probe.ts";
import { type CmykRaster, type Raster, type RgbaRaster, rgbaOf } from "../core/raster.ts";
import type { Stage, StageTools } from "./stage.ts";

/**
 * To sRGB from what the picture's profile or code points say, in place; A is kept. Perceptual intent as in libvips and
 * sharp (and as browsers); for profiles of matrix and curves, nearly all there are, every intent is the same. A profile
 * that the color engine cannot use is ignored, as one that the prober finds damaged.
 */
export const convert: Stage<"convert"> = {
  kind: "convert",
  layouts: ["rgba8", "cmyk8"],
  // Beside the engine stands the profile, of at most 4 MiB (src/probe/color.ts): 42.4 MiB were measured with one
  scratchBytes: () => LCMS_MAX_BYTES,
  async apply(input, { params }, tools) {
    const meaning = tools.colorMeaning();
    const profile = meaning === undefined ? undefined : profileOf(meaning);
    if (input.layout === "cmyk8") return convertInks(input, profile, tools);
    const raster = rgbaOf(input);
    if (profile === undefined) return raster;
    let touched = false;
    const failure = { code: "CORRUPT_IMAGE", message: "the color profile cannot be used" } as const;
    try {
      return await tools.lease("lcms", createLcms, failure, (lcms): Raster => {
        const gray = params.from === "gray" && isGray(profile);
        const conversion = lcms.open(profile, gray ? "gray" : "rgb");
        if (conversion === undefined) return raster;
        touched = true;
        if (gray) convertGray(raster.data, conversion);
        else convertColor(raster.data, conversion, tools.checkpoint);
        conversion.close();
        return raster;
      });
    } catch (thrown) {
      if (!touched && thrown instanceof TransformError && thrown.code === "CORRUPT_IMAGE") return raster;
      throw thrown;
    }
  },
};

/** In the place of the inks. Without a usable profile light passes each ink by itself: R = (255 − C) · (255 − K) / 255. */
async function convertInks(
  { data, ...size }: CmykRaster,
  profile: Uint8Array | undefined,
  tools: StageTools,
): Promise<RgbaRaster> {
  const raster: RgbaRaster = { ...size, layout: "rgba8", data, alpha: false };
  const failure = { code: "CORRUPT_IMAGE", message: "the color profile cannot be used" } as const;
  let touched = false;
  const byProfile = async (profile: Uint8Array) =>
    tools.lease("lcms", createLcms, failure, (lcms) => {
      const conversion = lcms.open(profile, "cmyk");
      if (conversion === undefined) return false;
      touched = true;
      convertColor(data, conversion, tools.checkpoint);
      conversion.close();
      return true;
    });
  try {
    if (profile !== undefined && (await byProfile(profile))) {
      for (let at = 3; at < data.length; at += 4) data[at] = 255;
      return raster;
    }
  } catch (thrown) {
    if (touched || !(thrown instanceof TransformError) || thrown.code !== "CORRUPT_IMAGE") throw thrown;
  }
  for (let at = 0; at < data.length; at += 4) {
    const light = 255 - data[at + 3]!;
    for (let c = at; c < at + 3; c++) data[c] = Math.round(((255 - data[c]!) * light) / 255);
    data[at + 3] = 255;
  }
  return raster;
}

function profileOf(meaning: ColorMeaning): Uint8Array | undefined {
  return meaning.kind === "icc" ? meaning.profile : codePointProfile(meaning.primaries, meaning.transfer);
}

/** ICC.1:2022 section 7.2.6: the data color space. */
function isGray(profile: Uint8Array): boolean {
  return String.fromCharCode(...profile.subarray(16, 20)) === "GRAY";
}

function convertColor(data: Uint8Array, conversion: Conversion, checkpoint: () => void): void {
  const bandBytes = CALL_PIXELS * 4;
  for (let start = 0; start < data.length; start += bandBytes) {
    if (start % (bandBytes * 16) === 0) checkpoint(); // every 10 ms or so
    const band = data.subarray(start, start + bandBytes);
    conversion.run(band, band);
  }
}

/** Gray pixels have 256 values (r = g = b), so all are converted once and looked up. */
function convertGray(data: Uint8Array, conversion: Conversion): void {
  const table = new Uint8Array(256 * 3);
  conversion.run(
    Uint8Array.from({ length: 256 }, (_, value) => value),
    table,
  );
  for (let at = 0; at < data.length; at += 4) {
    const entry = data[at]! * 3;
    data[at] = table[entry]!;
    data[at + 1] = table[entry + 1]!;
    data[at + 2] = table[entry + 2]!;
  }
}
