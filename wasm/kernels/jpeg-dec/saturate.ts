/** What single lanes of the vector transforms do, for builds without vectors. */
import { SAMPLE_BITS } from "./dequantize";

// @ts-ignore: a decorator of AssemblyScript
@inline
function clamp(x: i32): i32 {
  return max(min(x, 32767), -32768);
}
// @ts-ignore: a decorator of AssemblyScript
@inline
export function add(a: i32, b: i32): i32 {
  return clamp(a + b);
}
// @ts-ignore: a decorator of AssemblyScript
@inline
export function sub(a: i32, b: i32): i32 {
  return clamp(a - b);
}
/** i16x8.q15mulr_sat_s; it saturates at -1 * -1 alone, and no factor here is -1. */
// @ts-ignore: a decorator of AssemblyScript
@inline
export function scaled(a: i32, by: i32): i32 {
  return (a * by + 0x4000) >> 15;
}
// @ts-ignore: a decorator of AssemblyScript
@inline
export function sample(x: i32): i32 {
  return max(min(x >> SAMPLE_BITS, 255), 0);
}
