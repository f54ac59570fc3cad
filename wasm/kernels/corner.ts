/** Samples along either side of a px: 256 of them are as many steps of coverage as alpha can show. */
const SAMPLES: i32 = 16;
/** Two i32 of a corner's answer, before the coverage. */
const HEAD: usize = 8;

/**
 * Coverage of the px at the left end of row y that a quarter circle of `diameter` px cuts or leaves out, with 2y < diameter:
 * at `dst` the number of px cut away altogether and of all of them as i32, then a byte for each px in between. A px is kept as
 * far as its 16×16 samples lie within the shape. In integers (as f64, exact as long as squares stay below 2^53), so the four
 * corners are each other's mirror images and a quarter turn of the picture turns the result.
 * scratch: 64 bytes. Definition in test/pixels/mask.test.ts, sample by sample.
 */
export function corner(dst: usize, scratch: usize, y: i32, diameter: i32, width: i32, height: i32): void {
  let least = i32.MAX_VALUE;
  let most = 0;
  for (let i = 0; i < SAMPLES; i++) {
    const line = y * SAMPLES + i;
    const outside = samplesOutside(min(line, height * SAMPLES - 1 - line), diameter);
    store<i32>(scratch + (<usize>i << 2), outside);
    least = min(least, outside);
    most = max(most, outside);
  }
  const clear = least / SAMPLES;
  const count = (most + SAMPLES - 1) / SAMPLES;
  store<i32>(dst, clear);
  store<i32>(dst, count, 4);
  for (let x = clear; x < count; x++) {
    let inside = 0;
    for (let i = 0; i < SAMPLES; i++) {
      const outside = load<i32>(scratch + (<usize>i << 2));
      // The arc at the right reaches into the middle px of a disc
      inside += max(0, min((x + 1) * SAMPLES, width * SAMPLES - outside) - max(x * SAMPLES, outside));
    }
    store<u8>(dst + HEAD + <usize>(x - clear), (inside * 255 + SAMPLES * SAMPLES / 2) / (SAMPLES * SAMPLES));
  }
}

/**
 * How many samples of a line of them, counted from the top edge, lie left of the arc. In halves of a sample's distance, so
 * that sample k is at 2k + 1 and the center of the circle at diameter · SAMPLES.
 */
function samplesOutside(line: i32, diameter: i32): i32 {
  const center = <f64>(diameter * SAMPLES);
  const dy = center - <f64>(2 * line + 1);
  if (dy <= 0) return 0; // below the quarter circle
  const reach = center * center - dy * dy;
  // The root only says where to look, so that its rounding cannot count
  let count = max(0, <i32>Math.floor((center - Math.sqrt(reach) - 1) / 2));
  while (count > 0 && isInside(count - 1, center, reach)) count--;
  while (!isInside(count, center, reach)) count++;
  return count;
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function isInside(sample: i32, center: f64, reach: f64): bool {
  const dx = center - <f64>(2 * sample + 1);
  return dx * dx <= reach;
}
