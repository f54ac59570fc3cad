import { integer } from "../core/args.ts";
import { definePixels } from "../core/operation.ts";
import type { ColorMatrix } from "../core/step.ts";
import { ONE } from "./bright.ts";

/** Shares of R, G and B in luma, in 1/1000 (Filter Effects Module Level 1, section 9.6, `saturate`). */
const [RED, GREEN, BLUE] = [213, 715, 72] as const;

/**
 * More or less saturated colors, as CSS's saturate(1 + value / 100): -100 leaves grays, 100 doubles the distance from them.
 * An extension: OSS has no such operation.
 */
export const saturate = definePixels({
  name: "saturate",
  summary: "more or less saturated colors, -100 to 100 percent",
  args: { value: integer({ min: -100, max: 100, unit: "percent" }) },
  bare: "value",
  plan({ value = 0 }, { width, height }) {
    if (value === 0) return [];
    return [{ kind: "matrix", params: { matrix: saturation(value) }, output: { width, height } }];
  },
});

/** What a channel does not take of the two others it keeps, so that rows add up to exactly 1 and grays stay what they are. */
function saturation(percent: number): ColorMatrix {
  const share = (perMille: number) => Math.round((-ONE * perMille * percent) / 100_000);
  const [r, g, b] = [share(RED), share(GREEN), share(BLUE)];
  return [ONE - g - b, g, b, 0, r, ONE - r - b, b, 0, r, g, ONE - r - g, 0];
}
