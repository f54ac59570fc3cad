/**
 * The studio's Content-Security-Policy, also built into its page for hosts that send no headers: everything comes from where the
 * page does, but pictures, which may be fetched from where a person says. 'wasm-unsafe-eval' is what WebAssembly needs to run.
 */
export const STUDIO_POLICY: readonly string[] = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "connect-src 'self' https: http:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
];
