import type { ArgumentFault, ErrorCode } from "../../core/errors.ts";
import type { Limits } from "../../core/limits.ts";
import type { Plan } from "../../core/plan.ts";
import type { WasmName } from "../../core/wasm.ts";
import type { Result } from "../../engine.ts";

/** What a worker is started with. */
export interface WorkerSetup {
  readonly fontFolder: string;
}

/** What the main thread says to a worker. Compiled modules are shared, not compiled again. */
export type ToWorker =
  | { readonly kind: "module"; readonly name: WasmName; readonly module: WebAssembly.Module }
  | { readonly kind: "no-module"; readonly name: WasmName; readonly reason: string }
  | {
      readonly kind: "job";
      readonly bytes: Uint8Array;
      readonly plan: Plan;
      readonly limits: Limits;
      /** Watermark pictures by key, fetched before the job is posted. */
      readonly objects: ReadonlyMap<string, Uint8Array>;
    };

/** What a worker says. `need` asks for a module; one `done` or `failed` answers each job. */
export type FromWorker =
  | { readonly kind: "need"; readonly name: WasmName }
  | { readonly kind: "done"; readonly result: Result }
  | {
      readonly kind: "failed";
      readonly code: ErrorCode;
      readonly message: string;
      readonly cause: string;
      /** What a printer of errors makes its own sentence of. */
      readonly fault: ArgumentFault | undefined;
    };
