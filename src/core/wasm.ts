/** Our own kernels; each is built with SIMD and, as NAME_scalar, without. Both give the same bytes. */
export const KERNEL_NAMES = ["jpeg_dec", "jpeg_enc", "resize", "pixels", "effects", "png", "vp8"] as const;
export type KernelName = (typeof KERNEL_NAMES)[number];

/** Every compiled module the engine may ask for, by the name of its file without `.wasm`. */
export const WASM_NAMES = [
  ...KERNEL_NAMES,
  "jpeg_dec_scalar",
  "jpeg_enc_scalar",
  "resize_scalar",
  "pixels_scalar",
  "effects_scalar",
  "png_scalar",
  "vp8_scalar",
  "mozjpeg_dec",
  "mozjpeg_enc",
  "webp_dec",
  "webp_enc",
  "webp_enc_simd",
  "avif_dec",
  "avif_enc",
  "squooshhqx_bg",
  "jsquash_magic_kernel_bg",
  "lcms",
  "harfbuzz",
] as const;
export type WasmName = (typeof WASM_NAMES)[number];

/** Gives a compiled module by name; a runtime decides where it comes from. May be called again for the same name. */
export type LoadWasm = (name: WasmName) => Promise<WebAssembly.Module>;

/** (module (func (result v128) i32.const 0 i8x16.splat)), by hand after the WebAssembly core specification, section 5. */
const SIMD_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11,
]);
let simd: boolean | undefined;

/** True where this runtime takes 128-bit SIMD as standardized (V8 9.1, so Node 16.4; Node 12 and 14 do not). */
export function hasSimd(): boolean {
  simd = simd ?? WebAssembly.validate(SIMD_PROBE);
  return simd;
}

/** The build of a kernel module that this runtime can run. */
export function kernelModule(name: KernelName): WasmName {
  return hasSimd() ? name : `${name}_scalar`;
}
