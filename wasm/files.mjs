/** Where each compiled module that the engine knows (src/core/wasm.ts) lies in this repository. */
export const WASM_FILES = {
  mozjpeg_dec: "node_modules/@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm",
  mozjpeg_enc: "node_modules/@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm",
  webp_dec: "node_modules/@jsquash/webp/codec/dec/webp_dec.wasm",
  webp_enc: "node_modules/@jsquash/webp/codec/enc/webp_enc.wasm",
  webp_enc_simd: "node_modules/@jsquash/webp/codec/enc/webp_enc_simd.wasm",
  avif_dec: "node_modules/@jsquash/avif/codec/dec/avif_dec.wasm",
  avif_enc: "node_modules/@jsquash/avif/codec/enc/avif_enc.wasm",
  squooshhqx_bg: "node_modules/@jsquash/resize/lib/hqx/pkg/squooshhqx_bg.wasm",
  jsquash_magic_kernel_bg: "node_modules/@jsquash/resize/lib/magic-kernel/pkg/jsquash_magic_kernel_bg.wasm",
  ...kernels("jpeg_dec", "jpeg_enc", "resize", "pixels", "effects", "png", "vp8"),
  lcms: "node_modules/lcms-wasm/dist/lcms.wasm",
  harfbuzz: "node_modules/harfbuzzjs/dist/harfbuzz.wasm",
};

/** Both builds of each. */
function kernels(...names) {
  const files = names.flatMap((name) => [name, `${name}_scalar`]).map((name) => [name, `wasm/build/${name}.wasm`]);
  return Object.fromEntries(files);
}
