/** Numbers of the filters in calls from src/kernels/resize/scaler.ts. */
const LANCZOS3: i32 = 0;
const CUBIC: i32 = 1;
const MITCHELL: i32 = 2;
const TRIANGLE: i32 = 3;
const BOX: i32 = 4;
export const NEAREST: i32 = 5;

/**
 * Lanczos with three lobes at multiples of 1 / 512, with a straight line between them: off by less than 2e-6 (the second
 * derivative stays below 4, times 1 / 512² / 8), a thirtieth of a weight's unit.
 */
const STEPS: i32 = 512;
const LANCZOS_LAST: i32 = 3 * STEPS;
const LANCZOS: usize = memory.data(8 * (3 * 512 + 2), 16);
let lanczosReady: bool = false;

/** Radius of a filter in samples; of what it reaches when it does not reduce. */
export function supportOf(filter: i32): f64 {
  if (filter == LANCZOS3) return 3;
  if (filter == CUBIC || filter == MITCHELL) return 2;
  return filter == TRIANGLE ? 1 : 0.5;
}

export function prepare(filter: i32): void {
  if (filter != LANCZOS3 || lanczosReady) return;
  for (let i = 0; i < LANCZOS_LAST; i++) store<f64>(LANCZOS + (<usize>i << 3), lanczos(<f64>i / <f64>STEPS));
  lanczosReady = true; // the two entries from 3 on are 0, as memory.data leaves them
}

/** A filter (not NEAREST) at a signed distance from its center, in samples. Not normalized. */
export function curve(filter: i32, distance: f64): f64 {
  const x = abs<f64>(distance);
  if (filter == LANCZOS3) return tabulated(x);
  if (filter == CUBIC) return cubic(x);
  if (filter == MITCHELL) return mitchell(x);
  if (filter == TRIANGLE) return x < 1 ? 1 - x : 0;
  return distance >= -0.5 && distance < 0.5 ? 1 : 0; // half open: each sample belongs to one output
}

function tabulated(x: f64): f64 {
  if (x >= 3) return 0;
  const at = x * <f64>STEPS;
  const below = floor<f64>(at);
  const entry = LANCZOS + (<usize>(<i32>below) << 3);
  const value = load<f64>(entry);
  return value + (load<f64>(entry, 8) - value) * (at - below);
}

/** Keys 1981 with a = -1/2 (Catmull-Rom). */
function cubic(x: f64): f64 {
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

/** Mitchell and Netravali 1988 with B = C = 1/3, times 18. */
function mitchell(x: f64): f64 {
  if (x < 1) return (21 * x - 36) * x * x + 16;
  return x < 2 ? ((-7 * x + 36) * x - 60) * x + 32 : 0;
}

/** sinc(x) sinc(x / 3) for 0 <= x < 3, by sin(pi x) = 3 s - 4 s^3 with s = sin(pi x / 3). */
function lanczos(x: f64): f64 {
  if (x == 0) return 1;
  const third = (Math.PI / 3) * x;
  const s = sine(x > 1.5 ? Math.PI - third : third);
  return ((3 - 4 * s * s) * s * s) / (3 * third * third);
}

/** Taylor's series for 0 <= x <= pi / 2, off by less than 1e-11 (x^17 / 17!); + - * / alone, so equal on every machine. */
function sine(x: f64): f64 {
  const square = x * x;
  let sum = 1.0;
  for (let n = 14.0; n > 0; n -= 2) sum = 1 - (square / (n * (n + 1))) * sum;
  return x * sum;
}
