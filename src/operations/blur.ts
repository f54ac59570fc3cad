import { decimal, integer, oneOf } from "../core/args.ts";
import { badArgument, notSupported } from "../core/errors.ts";
import { definePixels } from "../core/operation.ts";

/** How far from its center a Gaussian given by sigma alone reaches: 99.7 % of it lie within 3 sigma. */
const SIGMAS = 3;

/**
 * Gaussian blur: OSS's radius and standard deviation, both needed (OSS IMG reference, section 6; larger is blurrier, a
 * radius below the deviation is nearly a box), or our `sigma` alone, a standard deviation in px.
 */
export const blur = definePixels({
  name: "blur",
  summary: "Gaussian blur by radius and standard deviation, or by sigma",
  args: {
    r: integer({ min: 1, max: 50, unit: "px" }),
    s: integer({ min: 1, max: 50, unit: "px" }),
    sigma: decimal({ min: 0.3, max: 250, unit: "px", digits: 3 }),
    // Faces cannot be found here; OSS blurs them alone, so silence would blur too much (section 1.6)
    g: oneOf(["face", "faces"]),
    p: integer({ min: 1, max: 200, unit: "percent" }),
  },
  check({ r, s, sigma, g, p }) {
    if (g !== undefined) throw notSupported("blur", "g", g);
    if (p !== undefined) throw notSupported("blur", "p", String(p));
    if (sigma !== undefined) {
      if (r === undefined && s === undefined) return;
      throw badArgument({ operation: "blur", parameter: "sigma", value: String(sigma), expected: "no r and s beside sigma" });
    }
    if (r === undefined) throw missing("r");
    if (s === undefined) throw missing("s");
  },
  plan({ r, s, sigma }, { width, height }) {
    const params =
      sigma === undefined
        ? { sigmaMilli: (s as number) * 1000, radius: r as number }
        : { sigmaMilli: Math.round(sigma * 1000), radius: Math.ceil(sigma * SIGMAS) };
    return [{ kind: "blur", params, output: { width, height } }];
  },
});

function missing(parameter: "r" | "s") {
  return badArgument({ operation: "blur", parameter, expected: "an integer from 1 to 50", kind: "missing" });
}
