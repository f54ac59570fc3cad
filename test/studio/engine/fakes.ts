/** Workers and made pictures without an engine. */
import type { Ask, FromWorker, Made, ToWorker } from "../../../src/studio/engine/protocol.ts";
import type { WorkerLike } from "../../../src/studio/engine/runner.ts";

/** A worker that answers when a test says so. */
export class FakeWorker implements WorkerLike {
  onmessage: WorkerLike["onmessage"] = null;
  onerror: WorkerLike["onerror"] = null;
  isTerminated = false;
  readonly heard: ToWorker[] = [];

  postMessage(message: ToWorker): void {
    this.heard.push(message);
  }
  terminate(): void {
    this.isTerminated = true;
  }
  say(message: FromWorker): void {
    this.onmessage?.({ data: message });
  }

  get asks(): readonly Ask[] {
    return this.heard.filter((message): message is Ask => "id" in message);
  }
  /** Kinds of asks, with their process text. */
  get asked(): readonly string[] {
    return this.asks.map((ask) => ("process" in ask ? `${ask.kind} ${ask.process}` : ask.kind));
  }
  /** Answers the ask that came last. */
  async answer(value: Extract<FromWorker, { kind: "answer" }>["value"]): Promise<void> {
    this.say({ kind: "answer", id: this.asks[this.asks.length - 1]?.id ?? -1, value });
    await settled();
  }
}

/** Everything that waits for a promise has run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

export function fakeMade(text: string): Made {
  const data = new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
  const figures = { timings: { decode: 3, encode: 4 }, peakBytes: 1, warnings: [], sha256: `sha of ${text}` };
  return { data, mimeType: "image/jpeg", format: "jpeg", width: 4, height: 3, ...figures };
}
