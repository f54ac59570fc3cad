/** Progressive pictures, once all scans are read: from stored coefficients to rows. */
import { directCurrent, rounded } from "./dequantize";
import { END_OF_BLOCK } from "./huffman";
import {
  BLOCK,
  COLUMN,
  DEQUANTIZER,
  ENTRY_BYTES,
  ENTRY_COMPONENT,
  LAST,
  STORED,
  STORED_ACROSS,
  STORED_BITS,
  STORED_DC,
} from "./layout";
import { placeOf, storedBytes } from "./progressive";

/** Fills the entries of a batch, blocks side by side from `first` on in row `y` of their component. */
export function gatherBlocks(entry: usize, entries: i32, first: i32, y: i32, kept: i32): void {
  const bytes = storedBytes(kept);
  let wanted: u64 = 0;
  for (let k: u32 = 1; k < 64; k++) if (placeOf(k) != 0) wanted |= <u64>1 << <u64>k;
  for (const end = entry + <usize>entries * ENTRY_BYTES; entry < end; entry += ENTRY_BYTES) {
    const component = <usize>load<u32>(entry, ENTRY_COMPONENT);
    const block = <usize>load<u32>(entry, BLOCK);
    const index = <usize>(y * load<i32>(component, STORED_ACROSS) + first + load<i32>(entry, COLUMN));
    const dequantizer = <usize>load<u32>(component, DEQUANTIZER);
    const dc = <i32>load<i16>(<usize>load<u32>(component, STORED_DC) + (index << 1));
    store<i16>(block, directCurrent(dc, load<i32>(dequantizer)));
    store<u32>(entry, END_OF_BLOCK, LAST);
    if (kept == 1) continue;
    let set = load<u64>(<usize>load<u32>(component, STORED_BITS) + (index << 3)) & wanted;
    if (set == 0) continue;
    store<u32>(entry, 0, LAST);
    const values = <usize>load<u32>(component, STORED) + index * bytes;
    for (; set != 0; set &= set - 1) {
      const k = <u32>ctz(set);
      const q = dequantizer + (<usize>k << 3);
      store<i16>(block + load<u32>(q, 4), rounded(<i64>load<i16>(values + placeOf(k)) * <i64>load<i32>(q)));
    }
  }
}
