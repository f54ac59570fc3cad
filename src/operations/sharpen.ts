import { BARE, decimal, integer } from "../core/args.ts";
import { badArgument } from "../core/errors.ts";
import { definePixels } from "../core/operation.ts";

/**
 * Sigma and amount of `sharpen,100`, as measured on OSS: with them its example picture becomes 23,009 bytes, OSS's has 23,015
 * (OSS IMG reference, sections 6 and 13). That the amount is in proportion to the value is an assumption.
 */
const OSS_SIGMA_MILLI = 700;
const MILLI_PER_VALUE = 10;
/** What `sigma` sharpens by. */
const AMOUNT_MILLI = 1000;

/** Unsharp mask: OSS's bare strength 50..399 (OSS IMG reference, section 6), or our `sigma` in px. */
export const sharpen = definePixels({
  name: "sharpen",
  summary: "unsharp mask by strength, 100 being usual, or by sigma",
  args: {
    [BARE]: integer({ min: 50, max: 399, unit: "percent" }),
    sigma: decimal({ min: 0.3, max: 10, unit: "px", digits: 3 }),
  },
  bare: BARE,
  check({ value, sigma }) {
    if (value === undefined && sigma === undefined) {
      throw badArgument({ operation: "sharpen", expected: "an integer from 50 to 399", kind: "missing" });
    }
    if (value !== undefined && sigma !== undefined) {
      throw badArgument({
        operation: "sharpen",
        parameter: "sigma",
        value: String(sigma),
        expected: "one of strength and sigma",
      });
    }
  },
  plan({ value, sigma }, { width, height }) {
    const params =
      sigma === undefined
        ? { sigmaMilli: OSS_SIGMA_MILLI, amountMilli: (value as number) * MILLI_PER_VALUE }
        : { sigmaMilli: Math.round(sigma * 1000), amountMilli: AMOUNT_MILLI };
    return [{ kind: "sharpen", params, output: { width, height } }];
  },
});
