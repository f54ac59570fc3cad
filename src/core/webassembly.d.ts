/** The part of WebAssembly that is used: the types of the DOM library bring the DOM, those of Node have none. */
declare namespace WebAssembly {
  /** Functions by module and name. */
  type Imports = Record<string, Record<string, (...args: never[]) => unknown>>;
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Record<string, unknown>;
  }
  class Memory {
    readonly buffer: ArrayBuffer;
  }
  class RuntimeError extends Error {}
  function validate(bytes: Uint8Array): boolean;
  function compile(bytes: Uint8Array): Promise<Module>;
  /** Takes a Response; absent in some runtimes. */
  function compileStreaming(response: unknown): Promise<Module>;
}
