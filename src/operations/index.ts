import type { Operation } from "../core/operation.ts";
import { autoOrient } from "./auto-orient.ts";
import { averageHue } from "./average-hue.ts";
import { background } from "./background.ts";
import { blur } from "./blur.ts";
import { bright } from "./bright.ts";
import { chroma } from "./chroma.ts";
import { circle } from "./circle.ts";
import { contrast } from "./contrast.ts";
import { crop } from "./crop.ts";
import { effort } from "./effort.ts";
import { fit } from "./fit.ts";
import { flip } from "./flip.ts";
import { format } from "./format.ts";
import { gray } from "./gray.ts";
import { indexcrop } from "./indexcrop.ts";
import { info } from "./info.ts";
import { interlace } from "./interlace.ts";
import { lossless } from "./lossless.ts";
import { maxbytes } from "./maxbytes.ts";
import { meta } from "./meta.ts";
import { pixelate } from "./pixelate.ts";
import { quality } from "./quality.ts";
import { resize } from "./resize.ts";
import { rotate } from "./rotate.ts";
import { roundedCorners } from "./rounded-corners.ts";
import { saturate } from "./saturate.ts";
import { sharpen } from "./sharpen.ts";
import { trim } from "./trim.ts";
import { watermark } from "./watermark.ts";

// biome-ignore format: geometry, effects, drawing, then settings, then answers
const ALL: readonly Operation[] = [
  resize, fit, crop, indexcrop, trim, rotate, flip, circle, roundedCorners,
  bright, contrast, saturate, gray, blur, sharpen, pixelate,
  watermark,
  autoOrient, background, format, quality, lossless, chroma, effort, interlace, maxbytes, meta,
  info, averageHue,
];

/** All operations by name: the only place that lists them. Settings are printed in this order, behind the pixel operations. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(ALL.map((operation) => [operation.name, operation]));

/** Names of the language that later versions may bring. They answer "not supported yet", never silence and never "unknown". */
export const PLANNED_OPERATIONS: readonly string[] = ["blindwatermark", "deblindwatermark"];
