import type { Size } from "../core/geometry.ts";
import type { CreateInstance } from "../core/lease.ts";
import { allocate } from "../core/raster.ts";
import { premultiply, straighten } from "./straighten.ts";

/** Times that hqx enlarges: hq2x, hq3x and hq4x. The module traps on all others. */
export type HqxFactor = 2 | 3 | 4;

/** Enlarges drawings of few colors with sharp, smooth edges (Maxim Stepin's hqx, in the hqx module of @jsquash/resize). */
export interface Hqx {
  /**
   * Packed RGBA of `size` times `factor` on both sides. `alpha` false promises that every A is 255. hqx mixes all four channels
   * alike, which lets the color of clear pixels bleed out; so color is multiplied by alpha before it and divided after it.
   */
  enlarge(data: Uint8Array, size: Size, factor: HqxFactor, alpha: boolean): Uint8Array;
}

/** Exports of squooshhqx_bg.wasm of @jsquash/resize 2.1.1, made by wasm-bindgen; it imports nothing. */
interface HqxExports {
  readonly memory: WebAssembly.Memory;
  __wbindgen_add_to_stack_pointer(bytes: number): number;
  __wbindgen_malloc(bytes: number, align: number): number;
  __wbindgen_free(address: number, bytes: number, align: number): void;
  /** Writes address and length (in u32) of the result to `slot`; frees the pixels, `count` u32. */
  resize(slot: number, pixels: number, count: number, width: number, height: number, factor: number): void;
}

/** Not createBindgen: its vectors are of bytes, and what hqx takes and gives are u32, which the allocator must be told. */
export const createHqx: CreateInstance<Hqx> = (module) => {
  const wasm = new WebAssembly.Instance(module, {}).exports as unknown as HqxExports;
  return {
    api: {
      enlarge(data, { width, height }, factor, alpha) {
        const address = wasm.__wbindgen_malloc(data.length, 4) >>> 0;
        const pixels = new Uint8Array(wasm.memory.buffer, address, data.length); // malloc may have grown the memory
        pixels.set(data);
        if (alpha) premultiply(pixels);
        const slot = wasm.__wbindgen_add_to_stack_pointer(-16);
        wasm.resize(slot, address, width * height, width, height, factor);
        const [start = 0, count = 0] = new Uint32Array(wasm.memory.buffer, slot, 2);
        wasm.__wbindgen_add_to_stack_pointer(16);
        const result = allocate(count * 4);
        result.set(new Uint8Array(wasm.memory.buffer, start, count * 4));
        wasm.__wbindgen_free(start, count * 4, 4);
        if (alpha) straighten(result);
        return result;
      },
    },
    memoryBytes: () => wasm.memory.buffer.byteLength,
  };
};

/**
 * Factor for an enlargement to `output`, after which the caller resamples to the exact size: as @jsquash/resize has it, the
 * larger of both ratios rounded up, at most 4. Undefined where nothing is enlarged.
 */
export function hqxFactor(input: Size, output: Size): HqxFactor | undefined {
  const ratio = Math.max(output.width / input.width, output.height / input.height);
  return ratio <= 1 ? undefined : (Math.min(Math.max(Math.ceil(ratio), 2), 4) as HqxFactor);
}

/**
 * Bytes that an enlargement holds, measured: a table of all 2^24 colors that each new instance makes first (64 MiB, 0.3 s),
 * the input, and four times the output while its vector grows; and the copy of the output.
 */
export function hqxBytes({ width, height }: Size, factor: HqxFactor): number {
  return 69 * 1024 * 1024 + width * height * 4 * (1 + 5 * factor * factor);
}
