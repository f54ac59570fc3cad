/** JPEG decoding after ITU-T T.81; src/kernels/jpeg/decoder.ts reads the markers and drives this. */
import { ENTRIES } from "./dequantize";
import { TABLE_BYTES } from "./huffman";

export { mark, reserve, reset } from "../memory";
export { buildDequantizer } from "./dequantize";
export { buildHuffman } from "./huffman";
export { invert } from "./invert";
export { beginProgressive, progressiveRow } from "./progressive";
export { batchBytes, beginScan, renderRow, scanRow, setComponent, setStored } from "./scan";
export { addDamage, clearDamage, damage, input, inputAddress, inputLeft, inputRoom, openInput, reserveInput } from "./source";

/** Bytes of one Huffman table and of one dequantizer. */
export function huffmanBytes(): u32 {
  return <u32>TABLE_BYTES;
}
export function dequantizerBytes(): u32 {
  return ENTRIES * 8;
}
