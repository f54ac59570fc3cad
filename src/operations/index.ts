import type { Operation } from "../core/operation.ts";
import { autoOrient } from "./auto-orient.ts";
import { background } from "./background.ts";
import { crop } from "./crop.ts";
import { fit } from "./fit.ts";
import { format } from "./format.ts";
import { info } from "./info.ts";
import { quality } from "./quality.ts";
import { resize } from "./resize.ts";
import { rotate } from "./rotate.ts";
import { watermark } from "./watermark.ts";

/** All operations by name: the only place that lists them. Settings are printed in this order, behind the pixel operations. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  [resize, fit, crop, rotate, watermark, autoOrient, background, format, quality, info].map((operation) => [
    operation.name,
    operation,
  ]),
);

/** Names of the language that later versions bring. They answer "not supported yet", never silence and never "unknown". */
export const PLANNED_OPERATIONS: readonly string[] = [
  "indexcrop",
  "circle",
  "rounded-corners",
  "blur",
  "bright",
  "contrast",
  "sharpen",
  "interlace",
  "average-hue",
  "blindwatermark",
  "deblindwatermark",
  "trim",
  "flip",
  "gray",
  "pixelate",
  "saturate",
];
