import { integerOr } from "../core/args.ts";
import { badArgument } from "../core/errors.ts";
import { definePixels } from "../core/operation.ts";

const r = integerOr({ min: 1, max: 4096, unit: "px" }, "max");

/**
 * Rounds the corners with a radius of r px, at most half the shorter side (OSS IMG reference, section 5.5). `max` is that half
 * whatever the size, which makes a disc of a square and a capsule of anything else; it is an extension.
 */
export const roundedCorners = definePixels({
  name: "rounded-corners",
  summary: "round the corners with a radius of r px, or as far as they go (max)",
  args: { r },
  check(args) {
    if (args.r !== undefined) return;
    throw badArgument({ operation: "rounded-corners", expected: `r, ${r.expected}`, kind: "missing" });
  },
  plan(args, { width, height }) {
    if (args.r === undefined) return [];
    const most = Math.min(width, height);
    const diameter = args.r === "max" ? most : Math.min(2 * args.r, most);
    return [{ kind: "mask", params: { diameter }, output: { width, height } }];
  },
});
