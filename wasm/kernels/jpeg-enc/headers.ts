/* Markers of a JFIF file. T.81 annex B, JFIF 1.02 (T.871 section 10.1). Components have the identifiers 1, 2 and 3. */
import { LISTS, LIST_BYTES, symbolsOf } from "./huffman";
import { growOutput, putByte, putBytes, putWord } from "./output";
import { QUANTIZERS } from "./tables";
import { TABLES } from "./tokens";

/** More than the markers of a picture's beginning or of a scan take: four Huffman tables of 16 + 256 bytes. */
const MOST_BYTES: u32 = 2048;

/** "JFIF", 0, version 1.01, no unit, density 1:1, no thumbnail: as libjpeg writes it. */
const APP0: usize = memory.data<u8>([0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);

/** SOI to the frame header. chroma: samples of luma per sample of chroma along each axis, 1 or 2. */
export function putFrame(width: i32, height: i32, components: i32, chroma: i32, progressive: bool): bool {
  if (!growOutput(MOST_BYTES)) return false;
  putWord(0xffd8);
  putBytes(APP0, 18);
  const tables = components == 1 ? 1 : 2;
  putWord(0xffdb);
  putWord(2 + 65 * tables);
  for (let table = 0; table < tables; table++) {
    putByte(table); // 8 bits each
    putBytes(QUANTIZERS + (table << 6), 64);
  }
  putWord(progressive ? 0xffc2 : 0xffc0);
  putWord(8 + 3 * components);
  putByte(8);
  putWord(height);
  putWord(width);
  putByte(components);
  for (let component = 0; component < components; component++) {
    putByte(component + 1);
    putByte(component == 0 ? chroma * 0x11 : 0x11);
    putByte(component == 0 ? 0 : 1);
  }
  return true;
}

/**
 * Huffman tables and scan header. Components first..last; coefficients from..to of the zigzag order; `high` and `low`: bits
 * of the coefficients that are left out, before and in this scan.
 */
export function putScan(first: i32, last: i32, from: i32, to: i32, high: i32, low: i32): bool {
  if (!growOutput(MOST_BYTES)) return false;
  putTables();
  putWord(0xffda);
  putWord(6 + 2 * (last - first + 1));
  putByte(last - first + 1);
  for (let component = first; component <= last; component++) {
    const table = component == 0 ? 0 : 1;
    const dc = from == 0 && high == 0 ? table : 0; // of tables that the scan has no use for: 0, as libjpeg has it
    const ac = to > 0 ? table : 0;
    putByte(component + 1);
    putByte((dc << 4) | ac);
  }
  putByte(from);
  putByte(to);
  putByte((high << 4) | low);
  return true;
}

/** Those that have symbols, in one segment. */
function putTables(): void {
  let bytes = 2;
  for (let table = 0; table < TABLES; table++) {
    const symbols = symbolsOf(LISTS + <usize>table * LIST_BYTES);
    if (symbols > 0) bytes += 17 + symbols;
  }
  if (bytes == 2) return;
  putWord(0xffc4);
  putWord(bytes);
  for (let table = 0; table < TABLES; table++) {
    const list = LISTS + <usize>table * LIST_BYTES;
    const symbols = symbolsOf(list);
    if (symbols == 0) continue;
    putByte(((table & 1) << 4) | (table >> 1));
    putBytes(list, 16 + symbols);
  }
}

export function putEnd(): bool {
  if (!growOutput(2)) return false;
  putWord(0xffd9);
  return true;
}
