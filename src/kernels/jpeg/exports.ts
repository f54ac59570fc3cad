import type { KernelMemory } from "../memory.ts";

/** What wasm/build/jpeg_dec.wasm exports; the kernels say what each argument is. */
export interface JpegDecoderExports extends KernelMemory {
  huffmanBytes(): number;
  dequantizerBytes(): number;
  batchBytes(): number;
  /** The input's buffers; 0 where memory cannot grow. */
  reserveInput(): number;
  openInput(buffers: number): void;
  inputAddress(): number;
  inputRoom(): number;
  input(bytes: number, last: number): void;
  inputLeft(): number;
  damage(): number;
  addDamage(flag: number): void;
  clearDamage(): void;
  /** 0 where the lists claim more codes than there are. */
  buildHuffman(table: number, spec: number, isAc: number): number;
  buildDequantizer(table: number, quantizers: number, kept: number): void;
  setComponent(
    index: number,
    blocksAcross: number,
    blocksDown: number,
    width: number,
    rows: number,
    rowsStep: number,
    dequantizer: number,
    dcTable: number,
    acTable: number,
  ): void;
  beginScan(
    components: number,
    mcusAcross: number,
    from: number,
    to: number,
    fromRow: number,
    restartInterval: number,
    samplesKept: number,
    batch: number,
  ): void;
  /** 1 where it needs input first. */
  scanRow(): number;
  setStored(index: number, dc: number, bits: number, values: number, blocksAcross: number): void;
  beginProgressive(
    components: number,
    mcusAcross: number,
    restartInterval: number,
    kept: number,
    start: number,
    end: number,
    high: number,
    shift: number,
  ): void;
  progressiveRow(): number;
  renderRow(row: number): void;
  invert(address: number, count: number, centered: number): void;
}
