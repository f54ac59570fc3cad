/**
 * The curve of sRGB, IEC 61966-2-1, between levels and light in integers. Tables are computed with + - * / in f64, so they
 * are equal on every machine.
 */

/** u16 of each level: light times 32640, as 16-bit samples are (vertical.ts). */
const LIGHTS: usize = memory.data(256 * 2, 16);
/** Light 1 in the numbers that are turned back into levels: 255 with 12 bits after the point. */
export const FULL_LIGHT: i32 = 255 << 12;
/** u32 of each level k: the smallest light that is nearer to it, in levels, than to k - 1; then one that is never reached. */
const THRESHOLDS: usize = memory.data(257 * 4, 16);
/** u8 of every 256 lights: the level of the first. */
const GUIDE: usize = memory.data(4096, 16);
let ready: bool = false;

export function prepareCurve(): void {
  if (ready) return;
  for (let k = 0; k < 256; k++) {
    store<u16>(LIGHTS + (<usize>k << 1), <i32>floor<f64>(light(<f64>k / 255) * 32640 + 0.5));
    const edge = light((<f64>k - 0.5) / 255) * <f64>FULL_LIGHT;
    store<u32>(THRESHOLDS + (<usize>k << 2), k == 0 ? 0 : <u32>ceil<f64>(edge));
  }
  store<u32>(THRESHOLDS + 256 * 4, u32.MAX_VALUE);
  let level: u32 = 0;
  for (let i: u32 = 0; i < 4096; i++) {
    while (load<u32>(THRESHOLDS + (<usize>level << 2), 4) <= i << 8) level++;
    store<u8>(GUIDE + i, level);
  }
  ready = true;
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
export function lightOf(level: u32): u32 {
  return load<u16>(LIGHTS + (<usize>level << 1));
}

/** The level nearest to a light 0..FULL_LIGHT. */
// @ts-ignore: see lightOf
@inline
export function levelOf(value: u32): u32 {
  let level: u32 = load<u8>(GUIDE + (value >> 8));
  while (load<u32>(THRESHOLDS + (<usize>level << 2), 4) <= value) level++;
  return level;
}

/** Light 0..1 of a level 0..1: x^2.4 is x^2 times its own fifth root. */
function light(level: f64): f64 {
  if (level <= 0.04045) return level / 12.92;
  const x = (level + 0.055) / 1.055;
  const square = x * x;
  let root = 1.0;
  // Newton's method from above; from 1 to 0.38, the smallest there is, it settles in ten steps
  for (let i = 0; i < 16; i++) root -= (root - square / (root * root * root * root)) / 5;
  return square * root;
}
