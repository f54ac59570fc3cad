/**
 * The few globals the engine may use besides ES2019 and WebAssembly (webassembly.d.ts). Nothing of Node or the DOM is declared, so the compiler
 * rejects any use of them below src/core, operations, pixels, codecs, probe, kernels, syntax, http and oss.
 */
declare class TextEncoder {
  encode(text: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: Uint8Array): string;
}
declare class URLSearchParams {
  constructor(init?: string);
  get(name: string): string | null;
  forEach(each: (value: string, name: string) => void): void;
}
declare class URL {
  constructor(url: string, base?: string);
  readonly href: string;
  readonly protocol: string;
  readonly host: string;
  readonly hostname: string;
  readonly username: string;
  readonly password: string;
  readonly pathname: string;
  readonly search: string;
}
