import type { KernelMemory } from "../memory.ts";

/** What wasm/build/vp8.wasm exports; the kernels say what each argument is. */
export interface Vp8Exports extends KernelMemory {
  aheadBytes(): number;
  openFrame(start: number, end: number, firstSize: number, width: number, height: number, fullRange: number): number;
  /** 0 where the data ends too early. */
  decodeRow(y: number): number;
  lumaReady(): number;
  chromaReady(): number;
  outputAddress(): number;
}
/** What openFrame gives besides 0. */
export const NO_MEMORY = 2;
