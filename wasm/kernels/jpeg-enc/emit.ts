/*
 * Tokens to the bits of a scan. Bits are gathered in 64-bit words whose first bit is the highest; a second pass turns the
 * words to the file's byte order and puts a zero behind every 0xff (T.81 section F.1.2.3), 16 bytes at a time.
 */
import { CODES } from "./huffman";
import { growOutput, nextByte, setNextByte } from "./output";
import { INDEX_BITS } from "./tokens";

/** Tokens between the passes: what they become stays in the first-level cache. */
const CHUNK: u32 = 2048;
/** A token has at most 16 + 11 bits; one word more may come of what was left over, and a vector may read one beyond. */
const WORDS_BYTES: u32 = CHUNK * 4 + 32;
const words: usize = memory.data(2048 * 4 + 32, 16);

/** Bits that do not fill a word yet, the last of them in bit 0; bits above them are old. */
let bits: u64 = 0;
/** How many more the word can take, 1..64. */
let free: i32 = 64;

export function beginBits(): void {
  bits = 0;
  free = 64;
}

/** False without memory. */
export function emit(from: usize, to: usize): bool {
  for (; from < to; from += CHUNK * 4) {
    if (!growOutput(WORDS_BYTES * 2)) return false;
    emitChunk(from, min(from + CHUNK * 4, to));
  }
  return true;
}

/** The last byte is filled up with ones. */
export function endBits(): bool {
  if (!growOutput(16)) return false;
  let count = 64 - free;
  const fill = -count & 7;
  const last = (bits << fill) | ((1 << fill) - 1);
  count += fill;
  let at = nextByte();
  while (count > 0) {
    count -= 8;
    at = putStuffed(at, <u32>(last >> count) & 255);
  }
  setNextByte(at);
  beginBits();
  return true;
}

function emitChunk(from: usize, to: usize): void {
  const codes = CODES;
  let word = bits;
  let room = free;
  let at = words;
  for (; from < to; from += 4) {
    const token = load<u32>(from);
    const code = load<u32>(codes + ((token & ((1 << INDEX_BITS) - 1)) << 2));
    const count = <i32>(code & 31);
    const value = <u64>((code >> 5) | (token >> INDEX_BITS));
    room -= count;
    if (room > 0) {
      word = (word << count) | value;
    } else {
      // -room bits are left for the next word; those above them will have been shifted out when it is full
      store<u64>(at, (word << (count + room)) | (value >> -room));
      at += 8;
      word = value;
      room += 64;
    }
  }
  bits = word;
  free = room;
  setNextByte(stuff(words, at, nextByte()));
}

/** Whole words to bytes; gives the address after the last. */
function stuff(from: usize, to: usize, at: usize): usize {
  if (ASC_FEATURE_SIMD) {
    for (; from + 16 <= to; from += 16) {
      const bytes = i8x16.shuffle(v128.load(from), i8x16.splat(0), 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
      if (v128.any_true(i8x16.eq(bytes, i8x16.splat(-1)))) {
        at = putWordStuffed(at, load<u64>(from));
        at = putWordStuffed(at, load<u64>(from, 8));
      } else {
        v128.store(at, bytes);
        at += 16;
      }
    }
  }
  for (; from < to; from += 8) at = putWordStuffed(at, load<u64>(from));
  return at;
}

function putWordStuffed(at: usize, word: u64): usize {
  for (let shift = 56; shift >= 0; shift -= 8) at = putStuffed(at, <u32>(word >> shift) & 255);
  return at;
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function putStuffed(at: usize, byte: u32): usize {
  store<u8>(at, byte);
  if (byte != 255) return at + 1;
  store<u8>(at, 0, 1);
  return at + 2;
}
