/**
 * A bump allocator over the module's memory. No garbage collector runs: the caller takes a mark, reserves what a call
 * needs and resets to the mark. `--runtime stub` is used for nothing but `__heap_base`.
 */

/** Bytes of a wasm page. WebAssembly 1.0 section 4.2.8. */
const PAGE_BITS: u32 = 16;
/** Addresses are multiples of this many bytes, the width of a vector, so that SIMD twins may rely on it. */
const ALIGNMENT: u32 = 16;
/** Far below 2^31, so that no sum below wraps. The real bound is the module's maximum memory (build.mjs). */
const MAX_RESERVE: u32 = 0x40000000;

let next: u32 = alignUp(<u32>__heap_base);

/**
 * Address of `bytes` fresh bytes (content undefined), aligned to 16, or 0 where memory cannot grow that far.
 * May grow memory: views made before the call are detached.
 */
export function reserve(bytes: u32): u32 {
  if (bytes > MAX_RESERVE) return 0;
  const start = next;
  const end = alignUp(start + bytes);
  const missing = <i32>(end - (<u32>memory.size() << PAGE_BITS));
  if (missing > 0) {
    const pages = (missing + (1 << PAGE_BITS) - 1) >> PAGE_BITS;
    if (memory.grow(pages) < 0) return 0;
  }
  next = end;
  return start;
}

/** Where the next reservation starts; hand it to `reset` to give back all that was reserved since. */
export function mark(): u32 {
  return next;
}

/** Gives back everything reserved since `mark()` returned `to`. Memory never shrinks; it is used again. */
export function reset(to: u32): void {
  next = to;
}

function alignUp(address: u32): u32 {
  return (address + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
}
