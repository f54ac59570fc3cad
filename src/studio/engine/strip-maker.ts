import { type Candidate, candidates, type Result } from "../state/store.ts";
import type { Client } from "./client.ts";
import { Overtaken } from "./fault.ts";
import { faultOf } from "./problem.ts";
import type { Made } from "./protocol.ts";
import { totalOf } from "./shown.ts";
import { type Asked, waiting } from "./strip.ts";

/** Makes the cards of the comparison strip, one after the other. */
export interface StripMaker {
  /** Shows the cards as waiting and makes them after a while of calm. `result` is one that is made already. */
  start(asked: readonly Asked[], result: Result): void;
  /** Stops; figures that may not be true any more go. */
  stop(): void;
  /** Stops and takes the cards away. */
  clear(): void;
}

/** A person who is still trying things out does not want the processor taken. */
const CALM_MS = 500;
/** A card that goes may be loading its picture still, and browsers complain about a URL that is gone before it is read. */
const RELEASE_MS = 1000;

export function createStripMaker(client: Pick<Client, "render" | "cancel">): StripMaker {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Raised by every start and stop, so that a run notices that it is over. */
  let run = 0;
  let isMaking = false;

  const replace = (next: readonly Candidate[]) => {
    const old = candidates.peek();
    candidates.value = next;
    const urls = old.flatMap(({ url }) => (url === undefined ? [] : [url]));
    if (urls.length > 0) setTimeout(() => urls.forEach((url) => void URL.revokeObjectURL(url)), RELEASE_MS);
  };
  const stop = () => {
    run++;
    clearTimeout(timer);
    if (isMaking) client.cancel();
    isMaking = false;
    const cards = candidates.peek();
    if (cards.some(({ state }) => state !== "waiting")) replace(cards.map(waiting));
  };
  const set = (index: number, change: Partial<Candidate>) => {
    candidates.value = candidates.peek().map((card, at) => (at === index ? { ...card, ...change } : card));
  };

  async function make(asked: readonly Asked[], result: Result): Promise<void> {
    const mine = run;
    for (const [index, { process }] of asked.entries()) {
      set(index, { state: "making" });
      isMaking = true;
      const finish = await cardOf(process, result, client);
      if (run !== mine || finish === undefined) return;
      isMaking = false;
      set(index, finish());
    }
  }
  return {
    start(asked, result) {
      stop();
      replace(asked.map(waiting));
      timer = setTimeout(() => void make(asked, result), CALM_MS);
    },
    stop,
    clear() {
      stop();
      if (candidates.peek().length > 0) replace([]);
    },
  };
}

/** undefined: something else was wanted meanwhile. The object URL is made last, by who will keep it. */
async function cardOf(
  process: string,
  result: Result,
  client: Pick<Client, "render">,
): Promise<(() => Partial<Candidate>) | undefined> {
  try {
    const { blob, totalMs } = process === result.process ? result : resultParts(await client.render(process));
    return () => ({ state: "made", bytes: blob.size, totalMs, url: URL.createObjectURL(blob) });
  } catch (thrown) {
    if (thrown instanceof Overtaken) return undefined;
    return () => ({ state: "failed", message: faultOf(thrown).message });
  }
}
function resultParts({ data, mimeType, timings }: Made) {
  return { blob: new Blob([data], { type: mimeType }), totalMs: totalOf(timings) };
}
