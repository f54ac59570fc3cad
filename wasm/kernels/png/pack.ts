/**
 * What a picture's pixels have in common, and its rows in the smallest form that holds them. RGBA is straight, R first.
 * Up to 16 bytes are read behind the source and written behind the result.
 */

const OPAQUE: u32 = 0xff000000;
const MOST_COLORS: u32 = 256;
const SLOT_BITS: u32 = 10;
/** Hash table of colors: the color, and its number + 1 (0: empty). */
const SLOTS: usize = memory.data(8 << SLOT_BITS, 16);
/** Colors as they were met, and which entry of the palette each has become. */
const COLORS: usize = memory.data(4 * 256, 16);
const ENTRIES: usize = memory.data(256, 16);

let colors: u32 = 0;

/** True where every A is 255. */
export function isOpaque(src: u32, count: u32): bool {
  const stop = src + (count << 2);
  if (ASC_FEATURE_SIMD) {
    const vectors = src + ((count & ~3) << 2);
    let all = i32x4.splat(-1);
    for (; src < vectors; src += 16) all = v128.and(all, v128.load(src));
    const opaque = i32x4.splat(OPAQUE);
    if (!i32x4.all_true(i32x4.eq(v128.and(all, opaque), opaque))) return false;
  }
  let rest: u32 = OPAQUE;
  for (; src < stop; src += 4) rest &= load<u32>(src);
  return rest == OPAQUE;
}

/** True where R, G and B of every pixel are equal. */
export function isGray(src: u32, count: u32): bool {
  const stop = src + (count << 2);
  let unequal: u32 = 0;
  if (ASC_FEATURE_SIMD) {
    const vectors = src + ((count & ~3) << 2);
    let any = i32x4.splat(0);
    for (; src < vectors; src += 16) {
      const pixels = v128.load(src);
      any = v128.or(any, v128.xor(pixels, i32x4.shr_u(pixels, 8)));
    }
    if (v128.any_true(v128.and(any, i32x4.splat(0xffff)))) return false;
  }
  for (; src < stop; src += 4) {
    const pixel = load<u32>(src);
    unequal |= (pixel ^ (pixel >> 8)) & 0xffff;
  }
  return unequal == 0;
}

/** How many of the pixels are equal to the one before them in memory; `step` as of addColors. */
export function countRepeats(src: u32, count: u32, step: u32): u32 {
  const stop = src + count * step;
  let repeats: u32 = 0;
  let before = ~pixelAt(src, step);
  for (; src < stop; src += step) {
    const pixel = pixelAt(src, step);
    repeats += <u32>(pixel == before);
    before = pixel;
  }
  return repeats;
}

/** Forgets the colors of another picture. */
export function startColors(): void {
  memory.fill(SLOTS, 0, 8 << SLOT_BITS);
  colors = 0;
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function slotOf(color: u32): u32 {
  return (color * 0x9e3779b1) >> (32 - SLOT_BITS); // golden ratio: Knuth, TAOCP 6.4
}

/** Address of the color's slot, or of the empty one where it belongs. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function find(color: u32): usize {
  const at = SLOTS + (<usize>slotOf(color) << 3);
  return load<u32>(at) == color && load<u32>(at, 4) != 0 ? at : findFurther(color);
}

function findFurther(color: u32): usize {
  let slot = slotOf(color);
  let at = SLOTS + (<usize>slot << 3);
  while (load<u32>(at, 4) != 0 && load<u32>(at) != color) {
    slot = (slot + 1) & ((1 << SLOT_BITS) - 1);
    at = SLOTS + (<usize>slot << 3);
  }
  return at;
}

/** True where eight pixels of RGBA are all of one color. */
// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function isRun(src: u32, color: u32): bool {
  const pair = (<u64>color << 32) | <u64>color;
  if (load<u64>(src) != pair) return false;
  return ((load<u64>(src, 8) ^ pair) | (load<u64>(src, 16) ^ pair) | (load<u64>(src, 24) ^ pair)) == 0;
}

/** How many colors there are with those of `count` more pixels; 257 for more than 256. `step`: 4 of RGBA, 1 of gray. */
export function addColors(src: u32, count: u32, step: u32): u32 {
  const stop = src + count * step;
  const eights = step == 4 ? src + ((count & ~7) << 2) : src;
  let before = ~pixelAt(src, step);
  while (src < stop) {
    if (src + 32 <= eights && isRun(src, before)) {
      src += 32;
      continue;
    }
    before = pixelAt(src, step);
    src += step;
    const at = find(before);
    if (load<u32>(at, 4) != 0) continue;
    if (colors == MOST_COLORS) return MOST_COLORS + 1;
    store<u32>(COLORS + (colors << 2), before);
    colors++;
    store<u32>(at, before);
    store<u32>(at, colors, 4);
  }
  return colors;
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function pixelAt(src: u32, step: u32): u32 {
  return step == 4 ? load<u32>(src) : (<u32>load<u8>(src) * 0x010101) | OPAQUE;
}

/** Address of the colors in the order they were met, RGBA. */
export function colorsAt(): usize {
  return COLORS;
}

/** Address of a byte for each of them: the palette's entry that it has become, which the caller sets. */
export function entriesAt(): usize {
  return ENTRIES;
}

/** Pixels to indices of `depth` bits, the first one highest. All colors were counted. */
export function packIndices(dst: u32, src: u32, count: u32, step: u32, depth: u32): void {
  const factor = 255 / ((1 << depth) - 1);
  let before = ~pixelAt(src, step);
  let index: u32 = 0;
  let byte: u32 = 0;
  let room: u32 = 8;
  for (let i: u32 = 0; i < count; ) {
    if (step == 4 && room == 8 && count - i >= 8 && isRun(src, before)) {
      store<u64>(dst, <u64>(index * factor) * 0x0101010101010101); // depth bytes of it count
      dst += depth;
      src += 32;
      i += 8;
      continue;
    }
    before = pixelAt(src, step);
    index = <u32>load<u8>(ENTRIES + load<u32>(find(before), 4) - 1);
    src += step;
    i++;
    room -= depth;
    byte |= index << room;
    if (room == 0) {
      store<u8>(dst++, byte);
      byte = 0;
      room = 8;
    }
  }
  if (room < 8) store<u8>(dst, byte);
}

/** R of RGBA. */
export function packGray(dst: u32, src: u32, count: u32): void {
  const stop = src + (count << 2);
  if (ASC_FEATURE_SIMD) {
    const vectors = src + ((count & ~7) << 2);
    for (; src < vectors; src += 32) {
      const picked = i8x16.shuffle(
        v128.load(src), v128.load(src, 16), 0, 4, 8, 12, 16, 20, 24, 28, 0, 0, 0, 0, 0, 0, 0, 0,
      );
      v128.store64_lane(dst, picked, 0);
      dst += 8;
    }
  }
  for (; src < stop; src += 4) store<u8>(dst++, load<u8>(src));
}

/** R and A of RGBA. */
export function packGrayAlpha(dst: u32, src: u32, count: u32): void {
  const stop = src + (count << 2);
  if (ASC_FEATURE_SIMD) {
    const vectors = src + ((count & ~7) << 2);
    for (; src < vectors; src += 32) {
      v128.store(dst, i8x16.shuffle(
        v128.load(src), v128.load(src, 16), 0, 3, 4, 7, 8, 11, 12, 15, 16, 19, 20, 23, 24, 27, 28, 31,
      ));
      dst += 16;
    }
  }
  for (; src < stop; src += 4) {
    store<u16>(dst, <u32>load<u8>(src) | (<u32>load<u8>(src, 3) << 8));
    dst += 2;
  }
}

/** R, G and B of RGBA. */
export function packRgb(dst: u32, src: u32, count: u32): void {
  const stop = src + (count << 2);
  if (ASC_FEATURE_SIMD) {
    const vectors = src + ((count & ~3) << 2);
    for (; src < vectors; src += 16) {
      const four = v128.load(src);
      v128.store(dst, i8x16.shuffle(four, four, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0));
      dst += 12;
    }
  }
  for (; src < stop; src += 4) {
    const pixel = load<u32>(src);
    store<u16>(dst, pixel);
    store<u8>(dst, pixel >> 16, 2);
    dst += 3;
  }
}
