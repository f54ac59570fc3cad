import type { Leased } from "../core/lease.ts";

/** Little CMS 2.16 as the package lcms-wasm compiles it. Addresses and handles are numbers; 0 is failure. */
interface LcmsExports {
  readonly memory: GrowingMemory;
  malloc(bytes: number): number;
  free(address: number): void;
  cmsOpenProfileFromMem(address: number, bytes: number): number;
  cmsCreate_sRGBProfile(): number;
  cmsCloseProfile(profile: number): number;
  cmsCreateTransform(input: number, inFormat: number, output: number, outFormat: number, intent: number, flags: number): number;
  cmsDoTransform(transform: number, from: number, to: number, pixels: number): void;
  cmsDeleteTransform(transform: number): void;
  emscripten_stack_init(): void;
  __wasm_call_ctors(): void;
}
interface GrowingMemory extends WebAssembly.Memory {
  grow(pages: number): number;
}

/** One instance of Little CMS. */
export interface Lcms {
  /**
   * A conversion from a profile to sRGB, to be closed; undefined where Little CMS cannot use the profile with such pixels.
   * rgb: RGBA in and out, A is not touched. cmyk: C, M, Y, K in (255 is full ink), R, G, B and an A that is not set out.
   * gray: one byte a pixel in, RGB out.
   */
  open(profile: Uint8Array, pixels: Pixels): Conversion | undefined;
}
export type Pixels = "rgb" | "cmyk" | "gray";
export interface Conversion {
  /** Converts packed pixels, at most CALL_PIXELS of them; both arrays are the caller's and may be the same. */
  run(from: Uint8Array, to: Uint8Array): void;
  close(): void;
}

/**
 * Pixels of one call: memory does not grow with the picture, and a checkpoint is never far. 6 MP of Display P3 took 183 ms
 * of processor time in calls of 16,384 px, 295 in those of 4,096 and 246 in those of 1,024 (medians of 7, Node 20.20).
 */
export const CALL_PIXELS = 16_384;

// lcms2.h: COLORSPACE_SH(s) s << 16, EXTRA_SH(e) e << 7, CHANNELS_SH(c) c << 3, BYTES_SH(b) b; PT_GRAY 3, PT_RGB 4, PT_CMYK 6
const GRAY_8 = (3 << 16) | (1 << 3) | 1;
const RGB_8 = (4 << 16) | (3 << 3) | 1;
const RGBA_8 = RGB_8 | (1 << 7);
const CMYK_8 = (6 << 16) | (4 << 3) | 1;
const FORMATS: Readonly<Record<Pixels, readonly [from: number, to: number]>> = {
  rgb: [RGBA_8, RGBA_8],
  cmyk: [CMYK_8, RGBA_8],
  gray: [GRAY_8, RGB_8],
};
// lcms2.h. As libvips asks for in sharp: perceptual, without black point compensation (which version 4 perceptual tables
// have in any case). A finer cube of precalculation (0x400) was farther from libvips: mean 0.021 and largest 5 levels on
// a 33³ table, 0.002 and 1 without
const INTENT_PERCEPTUAL = 0;
const FLAGS = 0;

/**
 * An instance on the compiled module of lcms-wasm. The package's own glue is not used: it is 66 kB, prints, reads
 * import.meta and makes C++ exceptions of what cannot happen here. The module has no mathematics of the host among its imports, so
 * it gives equal bytes everywhere.
 */
export function createLcms(module: WebAssembly.Module): Leased<Lcms> {
  const instance = new WebAssembly.Instance(
    module,
    hostFunctions(() => exports.memory),
  );
  const exports = instance.exports as unknown as LcmsExports;
  exports.emscripten_stack_init();
  exports.__wasm_call_ctors();
  return {
    api: { open: (profile, pixels) => open(exports, profile, pixels) },
    memoryBytes: () => exports.memory.buffer.byteLength,
  };
}

function open(exports: LcmsExports, profile: Uint8Array, pixels: Pixels): Conversion | undefined {
  const bytes = allocate(exports, profile.length);
  const copy = new Uint8Array(exports.memory.buffer, bytes, profile.length);
  copy.set(profile);
  hideFloatTables(copy);
  const input = exports.cmsOpenProfileFromMem(bytes, profile.length);
  const output = input === 0 ? 0 : exports.cmsCreate_sRGBProfile();
  const formats = FORMATS[pixels];
  const transform =
    output === 0 ? 0 : exports.cmsCreateTransform(input, formats[0], output, formats[1], INTENT_PERCEPTUAL, FLAGS);
  if (output !== 0) exports.cmsCloseProfile(output); // a transform keeps nothing of its profiles
  if (input !== 0) exports.cmsCloseProfile(input);
  exports.free(bytes);
  return transform === 0 ? undefined : conversion(exports, transform, pixels === "gray");
}

/**
 * Gives D2B and B2D tags (ICC.1:2022 section 9.2.17) another name, in place: every profile must have A2B tables or matrix
 * and curves as well, and these are bounded, while the elements of a float table may stand in it a hundred thousand times
 * and each would be worked through for every node of a cube.
 */
function hideFloatTables(profile: Uint8Array): void {
  const tags = Math.min(MAX_TAGS, Math.floor((profile.length - 132) / 12));
  for (let i = 0; i < tags; i++) {
    const entry = 132 + i * 12;
    const name = String.fromCharCode(...profile.subarray(entry, entry + 3));
    if (name === "D2B" || name === "B2D") profile[entry] = 0;
  }
}
const MAX_TAGS = 100; // lcms2_internal.h, MAX_TABLE_TAG: profiles with more are refused

function conversion(exports: LcmsExports, transform: number, gray: boolean): Conversion {
  const bytesIn = gray ? 1 : 4;
  const bytesOut = gray ? 3 : 4;
  const band = allocate(exports, CALL_PIXELS * 4);
  const result = gray ? band + CALL_PIXELS : band; // RGBA is converted in place, which keeps A
  return {
    run(from, to) {
      const count = from.length / bytesIn;
      const memory = new Uint8Array(exports.memory.buffer); // viewed anew: an allocation may have grown the memory
      memory.set(from, band);
      exports.cmsDoTransform(transform, band, result, count);
      to.set(memory.subarray(result, result + count * bytesOut));
    },
    close() {
      exports.cmsDeleteTransform(transform);
      exports.free(band);
    },
  };
}

function allocate(exports: LcmsExports, bytes: number): number {
  const address = exports.malloc(bytes);
  if (address === 0) throw new RangeError(`no ${bytes} bytes of wasm memory`);
  return address;
}

/** Most memory an instance may take: 15 MiB of it are a stack, and the largest profile that is read takes 27 more. */
export const LCMS_MAX_BYTES = 48 * 1024 * 1024;
const WASM_PAGE = 65_536;

/** What the module imports. Files, C++ exceptions and messages are linked in but never reached; reaching one ends the lease. */
function hostFunctions(memory: () => GrowingMemory): WebAssembly.Imports {
  return {
    env: {
      emscripten_memcpy_js(to = 0, from = 0, bytes = 0) {
        new Uint8Array(memory().buffer).copyWithin(to >>> 0, from >>> 0, (from >>> 0) + (bytes >>> 0));
      },
      emscripten_resize_heap(bytes = 0) {
        if (bytes >>> 0 > LCMS_MAX_BYTES) return 0; // a profile of 1 kB can claim a table of 700 MB
        const missing = (bytes >>> 0) - memory().buffer.byteLength;
        try {
          memory().grow(Math.ceil(missing / WASM_PAGE));
          return 1;
        } catch {
          return 0; // malloc then returns 0
        }
      },
      // The date of a profile that is made here: it is no part of any pixel and must not differ from run to run
      emscripten_date_now: () => 0,
      _gmtime_js: () => undefined,
      _tzset_js: () => undefined,
      __assert_fail: unreachable,
      __syscall_openat: unreachable,
      __syscall_fcntl64: unreachable,
      __syscall_ioctl: unreachable,
      __syscall_unlinkat: unreachable,
      __syscall_rmdir: unreachable,
      __cxa_find_matching_catch_2: unreachable,
      __cxa_find_matching_catch_3: unreachable,
      __cxa_begin_catch: unreachable,
      __resumeException: unreachable,
      invoke_v: unreachable,
      invoke_vi: unreachable,
      invoke_vii: unreachable,
      invoke_viii: unreachable,
      invoke_viiii: unreachable,
      invoke_ii: unreachable,
      invoke_iii: unreachable,
      abort: unreachable,
    },
    wasi_snapshot_preview1: { fd_write: unreachable, fd_read: unreachable, fd_close: unreachable, fd_seek: unreachable },
  };
}
function unreachable(): never {
  throw new Error("the color engine stopped");
}
