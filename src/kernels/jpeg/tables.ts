import type { JpegJob } from "./job.ts";
import { corrupt } from "./markers.ts";
import { reserveSource } from "./memory.ts";

/** Tables of a file in wasm memory, each built when a scan first names it. CORRUPT_IMAGE where one is missing or wrong. */
export interface JpegTables {
  /** Address of a Huffman table; kind 0 is DC, 1 AC. */
  huffman(kind: 0 | 1, number: number): number;
  /** Address of a component's dequantizer, for ever what its first scan found, as in libjpeg. */
  dequantizer(component: number): number;
}

/** 16 counts and 256 symbols, or 64 quantizers. */
const SPEC_BYTES = 272;

export function createTables({ wasm, headers, frame, picture }: JpegJob): JpegTables {
  const huffmanBytes = wasm.huffmanBytes();
  const dequantizerBytes = wasm.dequantizerBytes();
  const huffmans = reserveSource(wasm, 8 * huffmanBytes);
  const dequantizers = reserveSource(wasm, 4 * dequantizerBytes);
  const spec = reserveSource(wasm, SPEC_BYTES);
  const built: (Uint8Array | undefined)[] = [];
  const latched: boolean[] = [];
  return {
    huffman(kind, number) {
      const slot = 4 * kind + number;
      const table = (kind === 0 ? headers.dcTables : headers.acTables)[number];
      if (table === undefined) throw corrupt("a JPEG without a Huffman table that it names");
      if (built[slot] !== table) {
        const bytes = new Uint8Array(wasm.memory.buffer, spec, SPEC_BYTES);
        bytes.fill(0);
        bytes.set(table);
        if (!wasm.buildHuffman(huffmans + slot * huffmanBytes, spec, kind)) throw corrupt("a bad Huffman table");
        built[slot] = table;
      }
      return huffmans + slot * huffmanBytes;
    },
    dequantizer(component) {
      const address = dequantizers + component * dequantizerBytes;
      if (!latched[component]) {
        const quantizers = headers.quantizers[frame.components[component]!.quantizer];
        if (quantizers === undefined) throw corrupt("a JPEG without a quantization table that it names");
        new Uint16Array(wasm.memory.buffer, spec, 64).set(quantizers);
        wasm.buildDequantizer(address, spec, picture.kept);
        latched[component] = true;
      }
      return address;
    },
  };
}
