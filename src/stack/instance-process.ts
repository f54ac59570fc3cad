/** The parent's side of one instance: its process, from start to exit. */
import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import type { ContextData, FromInstance, ToInstance } from "./instance-protocol.ts";

export type Outcome =
  | {
      readonly ok: true;
      readonly result: string;
      readonly coldStart: boolean;
      readonly initMs: number;
      readonly invokeMs: number;
    }
  | { readonly ok: false; readonly reason: FailureReason; readonly message: string; readonly coldStart: boolean };

/**
 * error: the handler threw or called back with an error; init: the bundle did not load or its initializer failed; timeout; crash: the
 * process ended; throttled: too many invocations wait; closed: the pool is closed.
 */
export type FailureReason = "error" | "init" | "timeout" | "crash" | "throttled" | "closed";

export interface InstanceOptions {
  /** The bundled harness, dist/stack/instance.cjs. */
  readonly script: string;
  readonly bundleDir: string;
  /** As in the function's configuration: "index.handler". */
  readonly handler: string;
  /** The whole environment; nothing of ours is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Another Node binary, to try another runtime. */
  readonly execPath?: string;
  readonly log: (line: string) => void;
  readonly timeoutMs: number;
  readonly initTimeoutMs: number;
  /** How long preStop may take before the process is killed. */
  readonly stopGraceMs: number;
  /** Stops the process between invocations, as Function Compute freezes instances. POSIX only. */
  readonly freeze: boolean;
}

interface Invocation {
  readonly id: number;
  readonly coldStart: boolean;
  finish(outcome: Outcome): void;
}

export class InstanceProcess {
  /** Settles when the process has ended, whatever ended it. */
  readonly exited: Promise<void>;
  private readonly options: InstanceOptions;
  private readonly child: ChildProcess;
  private current: Invocation | undefined;
  private timer: NodeJS.Timeout | undefined;
  private invocations = 0;
  private isReady = false;
  private hasExited = false;

  constructor(options: InstanceOptions, context: ContextData) {
    this.options = options;
    this.child = fork(options.script, [], {
      cwd: options.bundleDir,
      env: options.env,
      execArgv: [], // the flags of our own process (loaders, inspectors) are not the function's
      ...(options.execPath === undefined ? {} : { execPath: options.execPath }),
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", options.log);
    }
    this.exited = new Promise((resolve) => {
      this.child.once("exit", (code, signal) => {
        this.hasExited = true;
        this.fail("crash", `the instance ended during the invocation (${signal ?? `exit status ${code}`})`);
        resolve();
      });
      this.child.once("error", (error) => {
        this.fail("crash", error.message);
        if (this.child.pid === undefined)
          resolve(); // never started
        else this.kill(); // cannot be talked to
      });
    });
    this.child.on("message", (message: FromInstance) => this.receive(message));
    const exported = options.handler.slice(options.handler.lastIndexOf(".") + 1);
    this.send({ type: "start", bundleDir: options.bundleDir, handler: exported, context });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Never rejects. One at a time: the pool sees to it. */
  invoke(event: Uint8Array, context: ContextData): Promise<Outcome> {
    const id = this.invocations++;
    const coldStart = id === 0;
    return new Promise((resolve) => {
      this.current = { id, coldStart, finish: resolve };
      if (this.hasExited) return this.fail("crash", "the instance had ended");
      this.thaw();
      this.limit();
      this.send({ type: "invoke", id, event: Buffer.from(event).toString("base64"), context });
    });
  }

  /** Runs preStop, then ends; kills what takes too long. */
  async stop(): Promise<void> {
    if (this.hasExited) return;
    const timer = setTimeout(() => this.kill(), this.options.stopGraceMs);
    this.thaw();
    this.send({ type: "stop" });
    await this.exited;
    clearTimeout(timer);
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }

  private receive(message: FromInstance): void {
    if (message.type === "ready") {
      this.isReady = true;
      if (this.current !== undefined) this.limit();
    } else if (message.type === "failed") {
      this.kill();
      this.fail("init", message.error);
    } else if (message.id === this.current?.id) {
      const { coldStart } = this.current;
      const { initMs, invokeMs } = message;
      if (this.options.freeze) this.child.kill("SIGSTOP");
      if (message.type === "result") this.finish({ ok: true, result: message.result, coldStart, initMs, invokeMs });
      else this.finish({ ok: false, reason: "error", message: message.error, coldStart });
    }
  }

  /** The initializer has its own limit; the function's starts when it is done. */
  private limit(): void {
    clearTimeout(this.timer);
    const limitMs = this.isReady ? this.options.timeoutMs : this.options.initTimeoutMs;
    this.timer = setTimeout(() => {
      this.kill();
      this.fail("timeout", `${this.isReady ? "the function" : "the initializer"} took longer than ${limitMs} ms`);
    }, limitMs);
  }

  private fail(reason: FailureReason, message: string): void {
    this.finish({ ok: false, reason, message, coldStart: this.current?.coldStart ?? false });
  }

  private finish(outcome: Outcome): void {
    clearTimeout(this.timer);
    const { current } = this;
    this.current = undefined;
    current?.finish(outcome);
  }

  private thaw(): void {
    if (this.options.freeze) this.child.kill("SIGCONT");
  }

  private send(message: ToInstance): void {
    // The error of a channel that has just closed is the exit event's business
    if (this.child.connected) this.child.send(message, () => undefined);
  }
}
