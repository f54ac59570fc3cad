/** A body that arrives once and is read by many, each from its beginning and at its own pace. */

/** keep: every chunk stays, for the cache and for readers to come. pass: chunks go when all present readers have had them. */
export type BodyMode = "keep" | "pass";

export interface BodyReader {
  /** Undefined at the end; rejects when the body breaks off. */
  next(): Promise<Buffer | undefined>;
  /** Has to be called, or a passing body waits for this reader for ever. */
  close(): void;
}

// How far a passing body may run ahead of its slowest reader: a few socket buffers of 64 KiB
const PASS_AHEAD_BYTES = 1024 * 1024;

export class SharedBody {
  private mode: BodyMode;
  private chunks: Buffer[] = [];
  /** Chunks dropped from the front. */
  private dropped = 0;
  private heldBytes = 0;
  private readonly cursors = new Set<{ index: number }>();
  /** Before its first reader a passing body holds on to what it has. */
  private hadReader = false;
  private state: "open" | "ended" | "failed" = "open";
  private wake: () => void = () => undefined;
  private change: Promise<void>;

  constructor(mode: BodyMode) {
    this.mode = mode;
    this.change = this.createChange();
  }

  /** Bytes held right now. */
  get size(): number {
    return this.heldBytes;
  }

  /** New readers would miss the beginning. */
  get isPassing(): boolean {
    return this.mode === "pass";
  }

  /** All bytes are here and stay. */
  get isComplete(): boolean {
    return this.state === "ended" && this.mode === "keep";
  }

  /** Nobody will ever want the bytes that are still to come. */
  get isUnwanted(): boolean {
    return this.mode === "pass" && this.hadReader && this.cursors.size === 0;
  }

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.heldBytes += chunk.length;
    this.drop();
    this.notify();
  }

  end(): void {
    this.state = "ended";
    this.notify();
  }

  fail(): void {
    if (this.state === "open") this.state = "failed";
    this.notify();
  }

  /** From now on only the present readers are served; before the first one came, also that one. */
  startPassing(): void {
    this.mode = "pass";
    this.drop();
    this.notify();
  }

  /** Gives the bytes up that nobody is going to read. */
  abandon(): void {
    this.hadReader = true;
    this.startPassing();
  }

  /** Resolves when a passing body may take more; at once for a kept one. */
  async room(): Promise<void> {
    while (this.mode === "pass" && !this.isUnwanted && this.heldBytes > PASS_AHEAD_BYTES) await this.change;
  }

  read(): BodyReader {
    const cursor = { index: this.dropped };
    this.hadReader = true;
    this.cursors.add(cursor);
    return {
      next: () => this.nextChunk(cursor),
      close: () => {
        this.cursors.delete(cursor);
        this.drop();
        this.notify();
      },
    };
  }

  private async nextChunk(cursor: { index: number }): Promise<Buffer | undefined> {
    for (;;) {
      const chunk = this.chunks[cursor.index - this.dropped];
      if (chunk !== undefined) {
        cursor.index++;
        this.drop();
        return chunk;
      }
      if (this.state === "failed") throw new Error("the body broke off");
      if (this.state === "ended") return undefined;
      await this.change;
    }
  }

  /** Lets go of what every reader has had. */
  private drop(): void {
    if (this.mode === "keep" || !this.hadReader) return;
    const slowest = Math.min(...[...this.cursors].map(({ index }) => index), this.dropped + this.chunks.length);
    const count = slowest - this.dropped;
    if (count <= 0) return;
    for (const chunk of this.chunks.splice(0, count)) this.heldBytes -= chunk.length;
    this.dropped = slowest;
    this.notify();
  }

  private notify(): void {
    const { wake } = this;
    this.change = this.createChange();
    wake();
  }

  private createChange(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}
