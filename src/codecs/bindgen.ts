import type { Leased } from "../core/lease.ts";

/**
 * Glue for the wasm-bindgen modules of the jSquash packages (png, resize). The packages' own glue keeps the instance in a
 * module variable that can be set once and never replaced, so a trapped instance could not be dropped.
 */
export interface Bindgen {
  readonly memory: WebAssembly.Memory;
  readonly exports: Readonly<Record<string, (...args: number[]) => number>>;
  /** Copies bytes in; the callee frees them. */
  pass(bytes: Uint8Array): number;
  /** Calls a function that returns a byte vector through a pointer to (address, length); copies it out and frees it. */
  callForBytes(name: string, ...args: number[]): Uint8Array;
  /** The picture that the last `decode` handed to the host. */
  takeImage(): HostImage | undefined;
}
export interface HostImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export function createBindgen(module: WebAssembly.Module): Leased<Bindgen> {
  let image: HostImage | undefined;
  const instance = new WebAssembly.Instance(module, {
    wbg: hostFunctions(
      () => api,
      (taken) => {
        image = taken;
      },
    ),
  });
  const exports = instance.exports as Bindgen["exports"];
  const memory = instance.exports["memory"] as WebAssembly.Memory;
  const api: Bindgen = {
    memory,
    exports,
    pass(bytes) {
      const address = call(exports, "__wbindgen_malloc", bytes.length, 1) >>> 0;
      new Uint8Array(memory.buffer).set(bytes, address); // viewed anew: malloc may have grown the memory
      return address;
    },
    callForBytes(name, ...args) {
      const slot = call(exports, "__wbindgen_add_to_stack_pointer", -16);
      call(exports, name, slot, ...args);
      const [address = 0, length = 0] = new Uint32Array(memory.buffer, slot, 2);
      const bytes = new Uint8Array(memory.buffer).slice(address, address + length);
      call(exports, "__wbindgen_free", address, length, 1);
      call(exports, "__wbindgen_add_to_stack_pointer", 16);
      return bytes;
    },
    takeImage() {
      const taken = image;
      image = undefined;
      return taken;
    },
  };
  return { api, memoryBytes: () => memory.buffer.byteLength };
}

export function call(exports: Bindgen["exports"], name: string, ...args: number[]): number {
  const callee = exports[name];
  if (callee === undefined) throw new Error(`the module does not export ${name}`);
  return callee(...args);
}

/**
 * The imports these modules have. Names end in a hash of the wasm-bindgen version; a package with others fails to
 * instantiate at once, which the codec tests notice.
 */
function hostFunctions(api: () => Bindgen, take: (image: HostImage) => void): Record<string, (...args: number[]) => unknown> {
  return {
    __wbindgen_throw(address = 0, length = 0) {
      const text = new Uint8Array(api().memory.buffer).slice(address >>> 0, (address >>> 0) + length);
      throw new Error(new TextDecoder("utf-8").decode(text));
    },
    __wbg_newwithownedu8clampedarrayandsh_91db5987993a08fb(address = 0, length = 0, width = 0, height = 0) {
      const from = address >>> 0;
      const data = new Uint8Array(api().memory.buffer).slice(from, from + length);
      call(api().exports, "__wbindgen_free", address, length, 1);
      take({ data, width: width >>> 0, height: height >>> 0 });
      return 0;
    },
    // The rest serves 16-bit decoding, which is not used; it must exist for the module to instantiate
    __wbindgen_memory: unused,
    __wbg_buffer_a448f833075b71ba: unused,
    __wbg_newwithbyteoffsetandlength_099217381c451830: unused,
    __wbindgen_object_drop_ref: () => undefined,
  };
}
function unused(): never {
  throw new Error("not used");
}
