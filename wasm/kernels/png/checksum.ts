/** Adler-32 (RFC 1950 section 8.2) and CRC-32 (PNG 3rd edition annex D). */

const BASE: u32 = 65521;
/** Bytes after which the sums must be reduced: 5552 is the largest number that cannot overflow, this a multiple of 16. */
const SPAN: u32 = 5536;

/** The sum after `count` more bytes; 1 is that of none. */
export function adler32(sum: u32, at: u32, count: u32): u32 {
  let low = sum & 0xffff;
  let high = sum >> 16;
  while (count > 0) {
    const span = min(count, SPAN);
    const stop = at + span;
    if (ASC_FEATURE_SIMD) {
      const vectors = at + (span & ~15);
      const rounds = span >> 4;
      let bytes = i32x4.splat(0); // sums of bytes so far
      let ahead = i32x4.splat(0); // those sums, each time before 16 more are added
      let weighted = i32x4.splat(0); // 16 × first byte + 15 × second + …
      const first = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
      const second = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
      high += low * (rounds << 4);
      for (; at < vectors; at += 16) {
        const here = v128.load(at);
        ahead = i32x4.add(ahead, bytes);
        bytes = i32x4.add(bytes, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(here)));
        const upper = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(here), first);
        const lower = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(here), second);
        weighted = i32x4.add(weighted, i32x4.add(upper, lower));
      }
      low += across(bytes);
      high += (across(ahead) << 4) + across(weighted);
    }
    for (; at < stop; at++) {
      low += <u32>load<u8>(at);
      high += low;
    }
    low %= BASE;
    high %= BASE;
    count -= span;
  }
  return (high << 16) | low;
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function across(sums: v128): u32 {
  return (
    i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) + i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3)
  );
}

const POLYNOMIAL: u32 = 0xedb88320;
/** For a byte that is followed by 0..7 others. */
const TABLES: usize = memory.data(8 * 256 * 4, 16);
let ready: bool = false;

function makeTables(): void {
  for (let byte: u32 = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) != 0 ? POLYNOMIAL : 0);
    store<u32>(TABLES + (byte << 2), crc);
  }
  for (let at = TABLES; at < TABLES + 7 * 1024; at += 4) {
    const crc = load<u32>(at);
    store<u32>(at + 1024, (crc >> 8) ^ load<u32>(TABLES + ((crc & 255) << 2)));
  }
  ready = true;
}

/** The sum after `count` more bytes; 0 is that of none. Eight bytes at a time ("slicing by 8", Kounavis and Berry 2005). */
export function crc32(sum: u32, at: u32, count: u32): u32 {
  if (!ready) makeTables();
  let crc = ~sum;
  const stop = at + count;
  const eights = at + (count & ~7);
  for (; at < eights; at += 8) {
    const low = crc ^ load<u32>(at);
    const high = load<u32>(at, 4);
    crc =
      load<u32>(TABLES + 7168 + ((low & 255) << 2)) ^
      load<u32>(TABLES + 6144 + ((low >> 6) & 0x3fc)) ^
      load<u32>(TABLES + 5120 + ((low >> 14) & 0x3fc)) ^
      load<u32>(TABLES + 4096 + ((low >> 24) << 2)) ^
      load<u32>(TABLES + 3072 + ((high & 255) << 2)) ^
      load<u32>(TABLES + 2048 + ((high >> 6) & 0x3fc)) ^
      load<u32>(TABLES + 1024 + ((high >> 14) & 0x3fc)) ^
      load<u32>(TABLES + ((high >> 24) << 2));
  }
  for (; at < stop; at++) crc = (crc >> 8) ^ load<u32>(TABLES + (((crc ^ <u32>load<u8>(at)) & 255) << 2));
  return ~crc;
}
