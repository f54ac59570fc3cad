import { TransformError } from "../core/errors.ts";
import type { Size } from "../core/geometry.ts";
import type { CreateInstance } from "../core/lease.ts";
import { premultiply, straighten } from "./straighten.ts";

/** Resampling with the Magic Kernel of John Costella, sharpened (2021), in the module of @jsquash/resize. */
export interface MagicKernel {
  /** Packed RGBA of `from` at the size `to`. `alpha` false promises that every A is 255; else color counts by its A. */
  resize(data: Uint8Array, from: Size, to: Size, alpha: boolean): Uint8Array;
}

const METHOD = "magicKernelSharp2021";

/** Exports of jsquash_magic_kernel_bg.wasm of @jsquash/resize 2.1.1, made by wasm-bindgen. */
interface MagicExports {
  readonly memory: WebAssembly.Memory;
  readonly __wbindgen_externrefs: { grow(by: number): number; set(index: number, value: unknown): void };
  __wbindgen_start(): void;
  __wbindgen_malloc(bytes: number, align: number): number;
  __wbindgen_free(address: number, bytes: number, align: number): void;
  /** Frees what it is given; hands the result to the host. */
  resize(
    pixels: number,
    bytes: number,
    width: number,
    height: number,
    toWidth: number,
    toHeight: number,
    name: number,
    nameBytes: number,
  ): unknown;
}

/** NOT_SUPPORTED where the runtime lacks reference types, as Node 12 and 14 do. */
export const createMagicKernel: CreateInstance<MagicKernel> = (module) => {
  let result: Uint8Array | undefined;
  const imports = {
    wbg: {
      __wbg_new_with_owned_u8_clamped_array_and_sh_e8143e95833a3ec3(address = 0, bytes = 0) {
        result = new Uint8Array(wasm.memory.buffer).slice(address >>> 0, (address >>> 0) + bytes);
        wasm.__wbindgen_free(address, bytes, 1);
        return undefined;
      },
      __wbindgen_init_externref_table() {
        const table = wasm.__wbindgen_externrefs;
        const first = table.grow(4);
        table.set(0, undefined);
        for (const [i, value] of [undefined, null, true, false].entries()) table.set(first + i, value);
      },
    },
  };
  const wasm = new WebAssembly.Instance(module, imports).exports as unknown as MagicExports;
  wasm.__wbindgen_start();
  const pass = (bytes: Uint8Array) => {
    const address = wasm.__wbindgen_malloc(bytes.length, 1) >>> 0;
    const copy = new Uint8Array(wasm.memory.buffer, address, bytes.length); // malloc may have grown the memory
    copy.set(bytes);
    return { address, copy };
  };
  return {
    api: {
      resize(data, from, to, alpha) {
        const pixels = pass(data);
        if (alpha) premultiply(pixels.copy);
        const name = pass(new TextEncoder().encode(METHOD));
        result = undefined;
        wasm.resize(pixels.address, data.length, from.width, from.height, to.width, to.height, name.address, METHOD.length);
        if (result === undefined) throw new TransformError("INTERNAL", "the magic kernel gave nothing");
        const made: Uint8Array = result;
        if (alpha) straighten(made);
        return made;
      },
    },
    memoryBytes: () => wasm.memory.buffer.byteLength,
  };
};
