/** What the pool (instances.ts) and an instance process (instance.ts) say to each other over IPC, as JSON. */

/** The plain part of a function's `context`; the instance adds `logger` and `tracing`. opap-and-fc.md section 5. */
export interface ContextData {
  readonly requestId: string;
  readonly credentials: { readonly accessKeyId: string; readonly accessKeySecret: string; readonly securityToken: string };
  /** memory in MB, timeout in seconds. */
  readonly function: { readonly name: string; readonly handler: string; readonly memory: number; readonly timeout: number };
  readonly service: {
    readonly name: string;
    readonly logProject: string;
    readonly logStore: string;
    readonly qualifier: string;
    readonly versionId: string;
  };
  /** e.g. "cn-hangzhou" */
  readonly region: string;
  readonly accountId: string;
}

export interface StartMessage {
  readonly type: "start";
  readonly bundleDir: string;
  /** Name of the export of index.js that serves invocations. */
  readonly handler: string;
  readonly context: ContextData;
}

export interface InvokeMessage {
  readonly type: "invoke";
  readonly id: number;
  /** Base64 of the event's bytes. */
  readonly event: string;
  readonly context: ContextData;
}

export type ToInstance = StartMessage | InvokeMessage | { readonly type: "stop" };

export type FromInstance =
  | { readonly type: "ready"; readonly initMs: number }
  /** The bundle did not load or its initializer failed. */
  | { readonly type: "failed"; readonly error: string }
  /** initMs is 0 unless this was the instance's first invocation. */
  | {
      readonly type: "result";
      readonly id: number;
      readonly result: string;
      readonly initMs: number;
      readonly invokeMs: number;
    }
  | { readonly type: "error"; readonly id: number; readonly error: string; readonly initMs: number; readonly invokeMs: number };
