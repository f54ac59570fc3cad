import { addToBlocks, settleBlocks } from "./blocks";
import { convert, premultiplyHigh, premultiplyLow, widen } from "./convert";
import {
  ALPHA,
  BLOCK_HEIGHT,
  BLOCK_WIDTH,
  KIND,
  LINEAR,
  OFFSET,
  PACKED,
  PIXELS,
  RING,
  ROW_BYTES,
  ROWS,
  SAMPLES,
  SLOTS,
  STRIDE,
  VALUES,
  WIDE,
} from "./job";

/**
 * Takes `rows` rows of bytes, as they came, of which the first has number `row` in the window. Rows must come in order; some
 * may be left out between calls, so long as the next has an even number (in rows of blocks). A pair is in the ring once
 * its odd row has come, or the window's last.
 */
export function take(job: u32, src: u32, rows: u32, row: u32): void {
  const rowBytes = load<u32>(job, ROW_BYTES);
  const end = row + rows;
  src += load<u32>(job, OFFSET);
  if (load<u32>(job, BLOCK_WIDTH) > 1 || load<u32>(job, BLOCK_HEIGHT) > 1) {
    for (; row < end; row++, src += rowBytes) takeForBlocks(job, src, row);
    return;
  }
  const kind = load<u32>(job, KIND);
  // Both rows at once where that is made of vectors: it spares writing and reading them once
  const plain = !(kind & WIDE);
  const pairs = plain || (ASC_FEATURE_SIMD && !(kind & LINEAR));
  while (row < end) {
    if (pairs && !(row & 1) && row + 1 < end) {
      const slot = slotOf(job, row);
      if (plain) pairBytes(slot, src, src + rowBytes, load<u32>(job, SAMPLES));
      else if (ASC_FEATURE_SIMD) pairPremultiplied(slot, src, src + rowBytes, load<u32>(job, SAMPLES));
      src += rowBytes << 1;
      row += 2;
    } else {
      takeAlone(job, src, row);
      src += rowBytes;
      row++;
    }
  }
}

/** Keeps an even row until the odd one after it comes. */
function takeAlone(job: u32, src: u32, row: u32): void {
  const kind = load<u32>(job, KIND);
  const samples = load<u32>(job, SAMPLES);
  const values = valuesOf(job, row);
  if (kind & WIDE) convert(values, src, samples, kind);
  else widen(values, src, samples, 0);
  pairUp(job, row, row + 1 == load<u32>(job, ROWS));
}

/** Adds a row to its row of blocks, which becomes a row of the ring with the last of its rows. */
function takeForBlocks(job: u32, src: u32, row: u32): void {
  const kind = load<u32>(job, KIND);
  const height = load<u32>(job, BLOCK_HEIGHT);
  const number = row / height;
  const values = valuesOf(job, number);
  // The same place serves one row before and its blocks after
  const samples = load<u32>(job, PIXELS) << (kind & PACKED ? 2 : 0);
  if (kind & (ALPHA | LINEAR)) convert(values, src, samples, kind);
  else widen(values, src, samples, 7);
  addToBlocks(job, values);
  const last = row + 1 == load<u32>(job, ROWS);
  if ((number + 1) * height != row + 1 && !last) return;
  settleBlocks(job, values, row + 1 - number * height);
  pairUp(job, number, last);
}

/** Makes the pair of the rows in VALUES once both are there; the last row, if even, makes one with whatever lies there (its weight is 0). */
function pairUp(job: u32, number: u32, last: bool): void {
  if (number & 1 || last) {
    const even = valuesOf(job, 0);
    pairValues(slotOf(job, number), even, valuesOf(job, 1), load<u32>(job, SAMPLES));
  }
}

function valuesOf(job: u32, number: u32): u32 {
  const values = load<u32>(job, VALUES);
  if (!(number & 1)) return values;
  const samples = load<u32>(job, PIXELS) << (load<u32>(job, KIND) & PACKED ? 2 : 0);
  return values + (((samples + 31) & ~31) << 1); // rows are written by 32 samples
}

function slotOf(job: u32, number: u32): u32 {
  return load<u32>(job, RING) + ((number >> 1) % load<u32>(job, SLOTS)) * load<u32>(job, STRIDE);
}

/** Two rows of bytes to a0 b0 a1 b1 ..., i16. With SIMD up to 15 samples more. */
function pairBytes(dst: u32, a: u32, b: u32, samples: u32): void {
  const end = a + samples;
  if (ASC_FEATURE_SIMD) {
    for (; a < end; a += 16, b += 16, dst += 64) {
      const first = v128.load(a);
      const second = v128.load(b);
      const low = i8x16.shuffle(first, second, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const high = i8x16.shuffle(first, second, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      v128.store(dst, i16x8.extend_low_i8x16_u(low));
      v128.store(dst, i16x8.extend_high_i8x16_u(low), 16);
      v128.store(dst, i16x8.extend_low_i8x16_u(high), 32);
      v128.store(dst, i16x8.extend_high_i8x16_u(high), 48);
    }
  } else for (; a < end; a++, b++, dst += 4) store<u32>(dst, <u32>load<u8>(a) | (<u32>load<u8>(b) << 16));
}

/** The same of packed pixels whose color is multiplied by its alpha (convert.ts). */
function pairPremultiplied(dst: u32, a: u32, b: u32, samples: u32): void {
  for (const end = a + samples; a < end; a += 16, b += 16, dst += 64) {
    const first = v128.load(a);
    const second = v128.load(b);
    storePair(dst, premultiplyLow(first), premultiplyLow(second));
    storePair(dst + 32, premultiplyHigh(first), premultiplyHigh(second));
  }
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function storePair(dst: u32, first: v128, second: v128): void {
  v128.store(dst, i16x8.shuffle(first, second, 0, 8, 1, 9, 2, 10, 3, 11));
  v128.store(dst, i16x8.shuffle(first, second, 4, 12, 5, 13, 6, 14, 7, 15), 16);
}

/** The same of rows of i16. With SIMD up to 7 samples more. */
function pairValues(dst: u32, a: u32, b: u32, samples: u32): void {
  const end = a + (samples << 1);
  if (ASC_FEATURE_SIMD) {
    for (; a < end; a += 16, b += 16, dst += 32) {
      storePair(dst, v128.load(a), v128.load(b));
    }
  } else for (; a < end; a += 2, b += 2, dst += 4) store<u32>(dst, <u32>load<u16>(a) | (<u32>load<u16>(b) << 16));
}
