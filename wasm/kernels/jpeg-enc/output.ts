import { reserve } from "../memory";

/* The file, at the end of memory, where it can grow. All that is reserved after it has begun is part of it. */

/** Least growth: calls of memory.grow are slow, and pages that are never touched cost nothing. */
const GROWTH: u32 = 1 << 18;

let start: usize = 0;
let end: usize = 0;
let next: usize = 0;

export function openOutput(): bool {
  start = reserve(GROWTH);
  end = start + GROWTH;
  next = start;
  return start != 0;
}

/** True where `bytes` more can be written. */
export function growOutput(bytes: u32): bool {
  if (<u32>(end - next) >= bytes) return true;
  const more = max(GROWTH, bytes);
  if (reserve(more) == 0) return false;
  end += (more + 15) & ~15; // reserve() aligns
  return true;
}

export function output(): usize {
  return start;
}

export function outputBytes(): u32 {
  return <u32>(next - start);
}

export function nextByte(): usize {
  return next;
}

export function setNextByte(to: usize): void {
  next = to;
}

/** These three must find room (growOutput). */
export function putByte(value: i32): void {
  store<u8>(next++, value);
}

export function putWord(value: i32): void {
  putByte(value >> 8);
  putByte(value & 255);
}

export function putBytes(from: usize, count: i32): void {
  memory.copy(next, from, count);
  next += count;
}
