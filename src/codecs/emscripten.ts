import type { Leased } from "../core/lease.ts";

/** What the emscripten factories of the jSquash packages take and give, as far as it is used here. */
interface FactoryOptions {
  readonly noInitialRun: true;
  readonly instantiateWasm: (imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) => object;
  readonly print: (text: string) => void;
  readonly printErr: (text: string) => void;
}
type Factory<T> = (options: FactoryOptions) => Promise<T>;

/**
 * A fresh instance of an emscripten module, whose glue is loaded on first use. The stock wrappers keep one for the life
 * of the process, and one fault in it stops them for good; here each is leased and dropped. What the codec prints is
 * swallowed: pictures can provoke it.
 */
export function createEmscripten<T>(
  load: () => Promise<{ readonly default: unknown }>,
): (module: WebAssembly.Module) => Promise<Leased<T>> {
  return async (module) => {
    const factory = (await load()).default as Factory<T>;
    provideImageData();
    let memory: WebAssembly.Memory | undefined;
    const api = await factory({
      noInitialRun: true,
      print: () => undefined,
      printErr: () => undefined,
      instantiateWasm(imports, done) {
        const instance = new WebAssembly.Instance(module, imports);
        memory = findMemory(instance);
        done(instance);
        return instance.exports;
      },
    });
    return { api, memoryBytes: () => memory?.buffer.byteLength ?? 0 };
  };
}

/** Decoders hand pixels over by `new ImageData(…)`, which Node and some workers lack; the glue itself knows only two of them. */
function provideImageData(): void {
  const host = globalThis as { ImageData?: unknown };
  host.ImageData =
    host.ImageData ??
    class {
      readonly data: Uint8ClampedArray;
      readonly width: number;
      readonly height: number;
      constructor(data: Uint8ClampedArray, width: number, height: number) {
        this.data = data;
        this.width = width;
        this.height = height;
      }
    };
}

/** Emscripten minifies export names, so the memory is found by its type. */
function findMemory(instance: WebAssembly.Instance): WebAssembly.Memory | undefined {
  return Object.values(instance.exports).find((value): value is WebAssembly.Memory => value instanceof WebAssembly.Memory);
}

/** What decoders return: pixels in JS memory (a copy, not a view of wasm memory). */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** The same bytes as Uint8Array, without a copy. */
export function asBytes(data: Uint8ClampedArray): Uint8Array {
  return new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}
/** The same bytes as Uint8ClampedArray, without a copy. */
export function asClamped(data: Uint8Array): Uint8ClampedArray {
  return new Uint8ClampedArray(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}
