/** Sequential Huffman decoding (ITU-T T.81 section F.2.2), MCU by MCU into the entries of a batch. */
import { DC_BIAS, directCurrent, rounded } from "./dequantize";
import { END_OF_BLOCK, extend, findSymbol, NO_CODE, SKIPS } from "./huffman";
import {
  BLOCK,
  ENTRY_AC,
  ENTRY_BYTES,
  ENTRY_COMPONENT,
  ENTRY_DC,
  ENTRY_DEQUANTIZER,
  LAST,
  PREDICTOR,
} from "./layout";
import { addDamage, bitBuffer, bitCount, bitPointer, DAMAGE_BAD_DATA, keepBits, segmentTail } from "./source";

/** Bit of `flags` and of k: a pattern that is no code was met. */
const BAD: usize = 256;

/**
 * Decodes `mcus` MCUs of `blocks` blocks from the entry on. Gives how many of them began within the segment's data; the
 * bits that the last of these lacked are zeros, as in libjpeg.
 *
 * Bits stand left-aligned in b, n of them valid. `b |= load(p) >> n; p -= (63 - n) >> 3; n |= 56` makes at least 56 of it
 * without a branch. A load that takes bits already there takes the same bits.
 */
export function decodeMcus(entry: usize, mcus: i32, blocks: i32): i32 {
  let b = bitBuffer();
  let n = bitCount();
  let p = bitPointer();
  const tail = segmentTail();
  let flags: usize = 0;
  let done = 0;
  while (done < mcus) {
    done++;
    const end = entry + <usize>blocks * ENTRY_BYTES;
    for (; entry < end; entry += ENTRY_BYTES) {
      const block = <usize>load<u32>(entry, BLOCK);
      const dequantizer = <usize>load<u32>(entry, ENTRY_DEQUANTIZER);
      const component = <usize>load<u32>(entry, ENTRY_COMPONENT);
      const table = <usize>load<u32>(entry, ENTRY_DC);

      b |= load<u64>(p) >> n;
      p -= <usize>((63 - n) >> 3);
      n |= 56;
      let difference = load<i32>(table + (<usize>(b >> 54) << 2));
      if (difference != 0) {
        const length = <u64>(difference & 63);
        b <<= length;
        n -= length;
        difference >>= 16;
      } else {
        const found = findSymbol(table, b);
        if (found == NO_CODE) flags = BAD;
        const length = <u64>(found >> 8);
        const size = found & 15;
        b <<= length;
        n -= length;
        if (size != 0) {
          difference = extend(<i32>(b >> (64 - <u64>size)), size);
          b <<= <u64>size;
          n -= <u64>size;
        }
      }
      difference += load<i32>(component, PREDICTOR);
      store<i32>(component, difference, PREDICTOR);
      store<i16>(block, directCurrent(difference, load<i32>(dequantizer)));

      const pairs = <usize>load<u32>(entry, ENTRY_AC);
      let k: usize = 0;
      for (;;) {
        // Two lookups of up to 10 bits each between refills (9 % less time than one): DC, of at most 33 bits, leaves 23
        let e = load<u64>(pairs + (<usize>(b >> 54) << 3));
        let length = e & 63;
        if (length != 0) {
          // Both are stored, the second first: where there is no second they share one place
          const k1 = k + (<usize>(e >> 8) & 0xff);
          k += <usize>(e >> 16) & 0xff;
          const q2 = dequantizer + (k << 3);
          store<i16>(block + load<u32>(q2, 4), rounded((<i64>e >> 48) * <i64>load<i32>(q2)));
          const q1 = dequantizer + (k1 << 3);
          store<i16>(block + load<u32>(q1, 4), rounded((<i64>(e << 16) >> 48) * <i64>load<i32>(q1)));
          if (k1 >= 63) {
            // The block is full or ends here; a second symbol is not of it
            k = k1;
            b <<= (e >> 24) & 63;
            n -= (e >> 24) & 63;
            break;
          }
          b <<= e;
          n -= length;
          if (k >= 63) break;
          e = load<u64>(pairs + (<usize>(b >> 54) << 3));
          length = e & 63;
          if (length != 0) {
            const k1 = k + (<usize>(e >> 8) & 0xff);
            k += <usize>(e >> 16) & 0xff;
            const q2 = dequantizer + (k << 3);
            store<i16>(block + load<u32>(q2, 4), rounded((<i64>e >> 48) * <i64>load<i32>(q2)));
            const q1 = dequantizer + (k1 << 3);
            store<i16>(block + load<u32>(q1, 4), rounded((<i64>(e << 16) >> 48) * <i64>load<i32>(q1)));
            if (k1 >= 63) {
              // The block is full or ends here; a second symbol is not of it
              k = k1;
              b <<= (e >> 24) & 63;
              n -= (e >> 24) & 63;
              break;
            }
            b <<= e;
            n -= length;
            if (k >= 63) break;
            b |= load<u64>(p) >> n;
            p -= <usize>((63 - n) >> 3);
            n |= 56;
            continue;
          }
        }
        b |= load<u64>(p) >> n;
        p -= <usize>((63 - n) >> 3);
        n |= 56;
        const found = findSymbol(pairs, b);
        const size = found & 15;
        b <<= <u64>(found >> 8);
        n -= <u64>(found >> 8);
        if (size == 0) {
          if (found == NO_CODE) flags = BAD;
          if ((found & 0xff) == 0xf0) k += 16;
          else k += END_OF_BLOCK;
        } else {
          k += ((found >> 4) & 15) + 1;
          const value = extend(<i32>(b >> (64 - <u64>size)), size);
          b <<= <u64>size;
          n -= <u64>size;
          const q = dequantizer + (k << 3);
          store<i16>(block + load<u32>(q, 4), rounded(<i64>value * <i64>load<i32>(q)));
        }
        b |= load<u64>(p) >> n;
        p -= <usize>((63 - n) >> 3);
        n |= 56;
        if (k >= 63) break;
      }
      store<u32>(entry, <u32>k, LAST);
    }
    if ((<i32>(p + 8 - tail) << 3) + <i32>n < 0) break;
  }
  keepBits(b, n, p);
  if (flags != 0) addDamage(DAMAGE_BAD_DATA);
  return done;
}

/** True where more bits were taken than the segment has. */
export function isPastEnd(): bool {
  return (<i32>(bitPointer() + 8 - segmentTail()) << 3) + <i32>bitCount() < 0;
}

/** Entries of MCUs without data: uniform gray. */
export function fillGray(entry: usize, mcus: i32, blocks: i32): void {
  for (const end = entry + <usize>(mcus * blocks) * ENTRY_BYTES; entry < end; entry += ENTRY_BYTES) {
    store<i16>(<usize>load<u32>(entry, BLOCK), DC_BIAS);
    store<u32>(entry, END_OF_BLOCK, LAST);
  }
}

/**
 * As decodeMcus, without values of AC: for the eighth of a picture, and (keep false) for what lies outside the region that is
 * wanted, of which the next block's DC must be known all the same.
 */
export function skipMcus(entry: usize, mcus: i32, blocks: i32, keep: bool): i32 {
  let b = bitBuffer();
  let n = bitCount();
  let p = bitPointer();
  const tail = segmentTail();
  let flags: usize = 0;
  let done = 0;
  const first = entry;
  while (done < mcus) {
    done++;
    if (!keep) entry = first;
    const end = entry + <usize>blocks * ENTRY_BYTES;
    for (; entry < end; entry += ENTRY_BYTES) {
      const component = <usize>load<u32>(entry, ENTRY_COMPONENT);
      const table = <usize>load<u32>(entry, ENTRY_DC);
      b |= load<u64>(p) >> n;
      p -= <usize>((63 - n) >> 3);
      n |= 56;
      let difference = load<i32>(table + (<usize>(b >> 54) << 2));
      if (difference != 0) {
        const length = <u64>(difference & 63);
        b <<= length;
        n -= length;
        difference >>= 16;
      } else {
        const found = findSymbol(table, b);
        if (found == NO_CODE) flags = BAD;
        const length = <u64>(found >> 8);
        const size = found & 15;
        b <<= length;
        n -= length;
        if (size != 0) {
          difference = extend(<i32>(b >> (64 - <u64>size)), size);
          b <<= <u64>size;
          n -= <u64>size;
        }
      }
      difference += load<i32>(component, PREDICTOR);
      store<i32>(component, difference, PREDICTOR);
      if (keep) {
        const multiplier = load<i32>(<usize>load<u32>(entry, ENTRY_DEQUANTIZER));
        store<i16>(<usize>load<u32>(entry, BLOCK), directCurrent(difference, multiplier));
      }

      const symbols = <usize>load<u32>(entry, ENTRY_AC);
      let k: u32 = 0;
      for (;;) {
        b |= load<u64>(p) >> n;
        p -= <usize>((63 - n) >> 3);
        n |= 56;
        const e = <u32>load<u16>(symbols + (<usize>(b >> 53) << 1), SKIPS);
        const ahead = k + (e >> 8);
        if (e != 0 && ahead < 63) {
          b <<= <u64>e; // its low 6 bits count
          n -= <u64>(e & 63);
          if ((e & 64) != 0) break;
          k = ahead;
          continue;
        }
        // A long code, or the block may fill up before all of them: one symbol
        const found = findSymbol(symbols, b);
        const size = found & 15;
        const length = <u64>((found >> 8) + size);
        b <<= length;
        n -= length;
        if (size == 0 && (found & 0xff) != 0xf0) {
          if (found == NO_CODE) flags = BAD;
          break;
        }
        k += ((found >> 4) & 15) + 1;
        if (k >= 63) break;
      }
    }
    if ((<i32>(p + 8 - tail) << 3) + <i32>n < 0) break;
  }
  keepBits(b, n, p);
  if (flags != 0) addDamage(DAMAGE_BAD_DATA);
  return done;
}
