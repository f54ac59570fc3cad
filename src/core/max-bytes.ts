import { TransformError } from "./errors.ts";

const MAX_ENCODES = 8; // the quality asked for, then a bisection: 99 lower ones need at most 7 (2^7 - 1 = 127)

/**
 * The picture at `quality` (1..100) if it has at most `maxBytes`, else at the highest lower quality that was found to fit, by
 * bisection in at most 8 encodes. Without a quality, where it changes nothing, the picture is encoded once.
 * OUTPUT_TOO_LARGE where not even quality 1, or that one picture, fits.
 *
 * Size is not strictly monotone in quality: a step up may cost nothing or save some bytes. Promised is that the result fits, that
 * its quality is not above the one asked for, and that one quality higher was tried and did not fit; not that no higher one would.
 */
export async function encodeWithin(
  encode: (quality: number) => Promise<Uint8Array>,
  maxBytes: number,
  quality: number | undefined,
): Promise<Uint8Array> {
  const whole = await encode(quality ?? 100);
  if (whole.length <= maxBytes) return whole;
  if (quality === undefined) throw tooLarge(`${whole.length} bytes without loss`, maxBytes);
  let best: Uint8Array | undefined;
  let least = whole; // of the lowest quality tried; where none fits, the bisection ends at quality 1
  for (let low = 1, high = quality - 1, encodes = 1; low <= high && encodes < MAX_ENCODES; encodes++) {
    const middle = (low + high) >> 1;
    const data = await encode(middle);
    if (data.length <= maxBytes) {
      best = data;
      low = middle + 1;
    } else {
      least = data;
      high = middle - 1;
    }
  }
  if (best === undefined) throw tooLarge(`${least.length} bytes at quality 1`, maxBytes);
  return best;
}

function tooLarge(takes: string, maxBytes: number): TransformError {
  const message = `maxbytes: the result takes ${takes}, more than ${maxBytes}; a smaller w or h would help`;
  return new TransformError("OUTPUT_TOO_LARGE", message);
}
