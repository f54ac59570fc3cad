import { integer } from "../core/args.ts";
import { definePixels } from "../core/operation.ts";
import { linear, ONE } from "./bright.ts";

/** The middle of 0..255, which no contrast moves. */
const MIDDLE = 127.5;

/**
 * Spreads or gathers the levels around the middle (OSS IMG reference, section 6). OSS does not publish its transfer; here the
 * gain is 1 + value / 100, so that -100 leaves an even gray and 100 doubles every distance from the middle.
 */
export const contrast = definePixels({
  name: "contrast",
  summary: "more or less contrast, -100 to 100 percent",
  args: { value: integer({ min: -100, max: 100, unit: "percent" }) },
  bare: "value",
  plan({ value = 0 }, { width, height }) {
    if (value === 0) return [];
    const gain = Math.round((ONE * (100 + value)) / 100);
    const matrix = linear(gain, Math.round(MIDDLE * (ONE - gain)));
    return [{ kind: "matrix", params: { matrix }, output: { width, height } }];
  },
});
