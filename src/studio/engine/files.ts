import type { FontFile, LoadFont } from "../../core/fonts.ts";
import type { LoadWasm, WasmName } from "../../core/wasm.ts";
import type { FromWorker, Modules } from "./protocol.ts";

/** The engine's files in a worker: handed over by the page, else fetched with progress and passed on to the page. */
export interface EngineFiles {
  readonly loadWasm: LoadWasm;
  readonly loadFont: LoadFont;
  take(handed: Modules): void;
}

interface Parts {
  /** Absolute URL of a file such as "wasm/png.wasm". */
  readonly address: (file: string) => string;
  readonly post: (message: FromWorker) => void;
}

/** A file is fetched once, also by two who ask for it at the same time; a failure is forgotten. */
export function createFiles(parts: Parts): EngineFiles {
  const modules = new Map<WasmName, Promise<WebAssembly.Module>>();
  const fonts = new Map<FontFile, Promise<Blob | undefined>>();

  async function fetchModule(name: WasmName): Promise<WebAssembly.Module> {
    const module = await fetched(`wasm/${name}.wasm`, parts, (response) => WebAssembly.compileStreaming(response));
    if (module === undefined) throw new Error(`${name}.wasm: not found`);
    parts.post({ kind: "module", name, module });
    return module;
  }
  async function fetchFont(file: FontFile): Promise<Blob | undefined> {
    const font = await fetched(`fonts/${file}`, parts, (response) => response.blob());
    if (font !== undefined) parts.post({ kind: "font", file, font });
    return font;
  }

  return {
    loadWasm: (name) => once(modules, name, () => fetchModule(name)),
    async loadFont(file) {
      const font = await once(fonts, file, () => fetchFont(file));
      return font === undefined ? undefined : new Uint8Array(await font.arrayBuffer());
    },
    take(handed) {
      for (const [name, module] of handed.modules) modules.set(name, Promise.resolve(module));
      for (const [file, font] of handed.fonts) fonts.set(file, Promise.resolve(font));
    },
  };
}

function once<K, T>(kept: Map<K, Promise<T>>, key: K, load: () => Promise<T>): Promise<T> {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const loading = load();
  kept.set(key, loading);
  loading.catch(() => kept.delete(key));
  return loading;
}

/**
 * What `read` makes of a file, with its progress; undefined for 404. Says application/wasm whatever the host says, so that a
 * module compiles while it comes.
 */
async function fetched<T>(
  file: string,
  { address, post }: Parts,
  read: (response: Response) => Promise<T>,
): Promise<T | undefined> {
  const report = (loaded: number, total: number, done = false) => post({ kind: "progress", file, loaded, total, done });
  report(0, 0);
  try {
    const response = await fetch(address(file));
    if (response.status === 404) return undefined;
    if (!response.ok || response.body === null) throw new Error(`${file}: HTTP ${response.status}`);
    // Of compressed bytes the length says nothing about those that are counted
    const total = response.headers.has("content-encoding") ? 0 : Number(response.headers.get("content-length") ?? 0);
    const counted = response.body.pipeThrough(counter((loaded) => report(loaded, total)));
    return await read(new Response(counted, { headers: { "content-type": "application/wasm" } }));
  } finally {
    report(0, 0, true);
  }
}

function counter(report: (loaded: number) => void) {
  let loaded = 0;
  return new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      loaded += chunk.length;
      report(loaded);
      controller.enqueue(chunk);
    },
  });
}
