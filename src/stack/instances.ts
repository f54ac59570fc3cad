/** The pool of function instances: one invocation at a time each, new ones on demand, idle ones ended. */
import { randomBytes } from "node:crypto";
import { InstanceProcess, type Outcome } from "./instance-process.ts";
import type { ContextData } from "./instance-protocol.ts";
import type { Credential } from "./signing.ts";

export interface PoolOptions {
  /** The bundled harness, dist/stack/instance.cjs. */
  readonly instanceScript: string;
  /** Folder with the function's index.js. */
  readonly bundleDir: string;
  readonly credential: Credential;
  readonly region: string;
  /** Added to what Function Compute sets itself. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default "index.handler". */
  readonly handler?: string;
  readonly functionName?: string;
  /** Default 4. */
  readonly maxInstances?: number;
  /** Invocations that may wait for an instance; further ones are throttled. Default 100. */
  readonly maxQueue?: number;
  /** Default 180 s; Function Compute ends idle instances after about 3 to 5 minutes. */
  readonly idleMs?: number;
  readonly timeoutSeconds?: number;
  readonly memoryMb?: number;
  readonly initTimeoutMs?: number;
  readonly stopGraceMs?: number;
  readonly freeze?: boolean;
  readonly execPath?: string;
  readonly log?: (line: string) => void;
}

export interface PoolStats {
  readonly instances: number;
  readonly coldStarts: number;
  readonly invocations: number;
  /** By reason: error, init, timeout, crash, throttled, closed. */
  readonly failures: Readonly<Record<string, number>>;
}

export interface InstancePool {
  /** Never rejects. */
  invoke(event: Uint8Array, requestId: string): Promise<Outcome>;
  stats(): PoolStats;
  /** Process ids of the living instances. */
  pids(): number[];
  /** Ends all instances: idle ones get their preStop, busy ones are killed. */
  close(): Promise<void>;
}

interface Waiting {
  start(instance: InstanceProcess): void;
  giveUp(outcome: Outcome): void;
}

const ACCOUNT_ID = "1000000000000000"; // 16 digits, as real ones have

export function createInstancePool(options: PoolOptions): InstancePool {
  return new Pool(options);
}

class Pool implements InstancePool {
  private readonly options: PoolOptions;
  private readonly all = new Set<InstanceProcess>();
  /** The one used last is used next, as that lets the others end. */
  private readonly idle: { instance: InstanceProcess; timer: NodeJS.Timeout }[] = [];
  private readonly queue: Waiting[] = [];
  private readonly ending = new Set<Promise<void>>();
  private isClosed = false;
  private coldStarts = 0;
  private invocations = 0;
  private readonly failures: Record<string, number> = {};

  constructor(options: PoolOptions) {
    this.options = options;
  }

  async invoke(event: Uint8Array, requestId: string): Promise<Outcome> {
    this.invocations++;
    const outcome = await new Promise<Outcome>((resolve) => {
      const start = (instance: InstanceProcess) => void this.run(instance, event, requestId).then(resolve);
      this.place({ start, giveUp: resolve });
    });
    if (!outcome.ok) this.failures[outcome.reason] = (this.failures[outcome.reason] ?? 0) + 1;
    return outcome;
  }

  stats(): PoolStats {
    return {
      instances: this.all.size,
      coldStarts: this.coldStarts,
      invocations: this.invocations,
      failures: { ...this.failures },
    };
  }

  pids(): number[] {
    return [...this.all].map(({ pid }) => pid).filter((pid) => pid !== undefined);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const waiting of this.queue.splice(0)) waiting.giveUp(failure("closed", "the stack is closing"));
    const idle = this.idle.splice(0).map(({ instance, timer }) => {
      clearTimeout(timer);
      return instance;
    });
    for (const instance of this.all) if (!idle.includes(instance)) instance.kill();
    await Promise.all([
      ...idle.map((instance) => instance.stop()),
      ...this.ending,
      ...[...this.all].map(({ exited }) => exited),
    ]);
  }

  /** Idle instance, else a new one, else the queue. */
  private place(waiting: Waiting): void {
    const { maxInstances = 4, maxQueue = 100 } = this.options;
    const idle = this.idle.pop();
    if (this.isClosed) waiting.giveUp(failure("closed", "the stack is closing"));
    else if (idle !== undefined) {
      clearTimeout(idle.timer);
      waiting.start(idle.instance);
    } else if (this.all.size < maxInstances) waiting.start(this.create());
    else if (this.queue.length < maxQueue) this.queue.push(waiting);
    else waiting.giveUp(failure("throttled", `${maxQueue} invocations are waiting already`));
  }

  private async run(instance: InstanceProcess, event: Uint8Array, requestId: string): Promise<Outcome> {
    const outcome = await instance.invoke(event, this.createContext(requestId));
    if (outcome.ok || outcome.reason === "error") this.release(instance);
    return outcome;
  }

  private create(): InstanceProcess {
    const { options } = this;
    this.coldStarts++;
    const instance = new InstanceProcess(
      {
        script: options.instanceScript,
        bundleDir: options.bundleDir,
        handler: options.handler ?? "index.handler",
        env: this.createEnv(),
        log: options.log ?? (() => undefined),
        timeoutMs: (options.timeoutSeconds ?? 30) * 1000,
        initTimeoutMs: options.initTimeoutMs ?? 60_000, // the cloud allows up to 300 s; nobody waits that long at a desk
        stopGraceMs: options.stopGraceMs ?? 2000,
        freeze: options.freeze === true && process.platform !== "win32",
        ...(options.execPath === undefined ? {} : { execPath: options.execPath }),
      },
      this.createContext("initializer"),
    );
    this.all.add(instance);
    void instance.exited.then(() => this.remove(instance));
    return instance;
  }

  /** Somebody waiting gets it; otherwise it idles, until it has done so for too long. */
  private release(instance: InstanceProcess): void {
    if (this.isClosed || !this.all.has(instance)) return;
    const next = this.queue.shift();
    if (next !== undefined) {
      next.start(instance);
      return;
    }
    const timer = setTimeout(() => this.end(instance), this.options.idleMs ?? 180_000);
    timer.unref();
    this.idle.push({ instance, timer });
  }

  private end(instance: InstanceProcess): void {
    this.forgetIdle(instance);
    const ended = instance.stop();
    this.ending.add(ended);
    void ended.then(() => this.ending.delete(ended));
  }

  /** An instance is gone: whoever waits may have a new one in its place. */
  private remove(instance: InstanceProcess): void {
    this.all.delete(instance);
    this.forgetIdle(instance);
    const next = this.isClosed ? undefined : this.queue.shift();
    if (next !== undefined) this.place(next);
  }

  private forgetIdle(instance: InstanceProcess): void {
    const index = this.idle.findIndex((entry) => entry.instance === instance);
    if (index < 0) return;
    clearTimeout(this.idle[index]?.timer);
    this.idle.splice(index, 1);
  }

  private createContext(requestId: string): ContextData {
    const { accessKeyId, accessKeySecret, securityToken = "" } = this.options.credential;
    return {
      requestId,
      credentials: { accessKeyId, accessKeySecret, securityToken },
      function: {
        name: this.options.functionName ?? "opalens",
        handler: this.options.handler ?? "index.handler",
        memory: this.options.memoryMb ?? 1024,
        timeout: this.options.timeoutSeconds ?? 30,
      },
      service: { name: "", logProject: "", logStore: "", qualifier: "LATEST", versionId: "" },
      region: this.options.region,
      accountId: ACCOUNT_ID,
    };
  }

  /** The real environment of a function: only the path is ours, so that nothing of the developer's shell helps or hurts. */
  private createEnv(): Record<string, string> {
    return {
      PATH: process.env["PATH"] ?? "",
      TMPDIR: process.env["TMPDIR"] ?? "/tmp",
      FC_ACCOUNT_ID: ACCOUNT_ID,
      FC_FUNCTION_NAME: this.options.functionName ?? "opalens",
      FC_FUNCTION_HANDLER: this.options.handler ?? "index.handler",
      FC_FUNCTION_MEMORY_SIZE: String(this.options.memoryMb ?? 1024),
      FC_REGION: this.options.region,
      FC_INSTANCE_ID: `c-${randomBytes(8).toString("hex")}`,
      ...this.options.env,
    };
  }
}

function failure(reason: "throttled" | "closed", message: string): Outcome {
  return { ok: false, reason, message, coldStart: false };
}
