import { anchor, integer } from "../core/args.ts";
import { badArgument } from "../core/errors.ts";
import { intersect, isWhole, place } from "../core/geometry.ts";
import { definePixels } from "../core/operation.ts";

const side = integer({ min: 0, max: 16384, unit: "px", initial: 0 });

/**
 * Cuts a w×h rectangle whose origin is given by `g` and then moved right and down by x and y
 * (OSS IMG reference, section 5.2). 0 for w or h means to the edge. What sticks out right or below is clipped;
 * an origin outside the picture is BAD_ARGUMENT.
 */
export const crop = definePixels({
  name: "crop",
  summary: "cut a rectangle, anchored at one of nine positions",
  args: { w: side, h: side, x: side, y: side, g: anchor("nw") },
  plan({ w, h, x, y, g }, input) {
    const width = Math.min(w === 0 ? input.width : w, input.width);
    const height = Math.min(h === 0 ? input.height : h, input.height);
    const origin = place({ width, height }, input, g);
    const wanted = { x: origin.x + x, y: origin.y + y, width, height };
    const rect = intersect(wanted, input);
    if (rect === undefined) {
      throw badArgument({
        operation: "crop",
        expected: `an origin inside the ${input.width}x${input.height} picture`,
        value: `${wanted.x},${wanted.y}`,
        kind: "outside",
      });
    }
    return isWhole(rect, input) ? [] : [{ kind: "crop", params: { rect }, output: rect }];
  },
});
