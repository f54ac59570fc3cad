import { integer } from "../core/args.ts";
import { definePixels } from "../core/operation.ts";
import type { ColorMatrix } from "../core/step.ts";

/** 1 in the fixed point of a ColorMatrix. */
export const ONE = 4096;

/**
 * Makes a picture brighter or darker (OSS IMG reference, section 6). OSS does not publish its transfer; here each unit is one
 * of the 255 levels, added to every channel, so that 100 lifts black to a medium dark gray.
 */
export const bright = definePixels({
  name: "bright",
  summary: "brighter or darker by -100 to 100 levels",
  args: { value: integer({ min: -100, max: 100, unit: "levels" }) },
  bare: "value",
  plan({ value = 0 }, { width, height }) {
    if (value === 0) return [];
    return [{ kind: "matrix", params: { matrix: linear(ONE, value * ONE) }, output: { width, height } }];
  },
});

/** The same gain and offset (of a level) for each channel, both in 1/4096. */
export function linear(gain: number, offset: number): ColorMatrix {
  return [...[gain, 0, 0, offset], ...[0, gain, 0, offset], ...[0, 0, gain, offset]] as unknown as ColorMatrix;
}
