/** Made by vite.config.ts: addresses below the page of what the engine loads, e.g. "wasm/png.wasm" → "wasm/png.wasm?1a2b3c4d". */
declare module "virtual:engine-files" {
  const urls: Readonly<Record<string, string>>;
  export default urls;
}
declare module "*.css";
