/** Watches the document and the source, and makes what the page shows (state/store.ts). */
import { batch, effect } from "@preact/signals";
import { TransformError } from "../../core/errors.ts";
import { printPlan } from "../../syntax/print.ts";
import { type Doc, isUntouched, planOf } from "../state/document.ts";
import * as store from "../state/store.ts";
import { createActivity } from "./activity.ts";
import { createClient } from "./client.ts";
import { Overtaken } from "./fault.ts";
import { type Maker, startMaker } from "./maker.ts";
import { faultOf } from "./problem.ts";
import { proofWithoutAsking, prove } from "./proof.ts";
import type { WorkerLike } from "./runner.ts";
import { shownOf } from "./shown.ts";
import { createStackApi, type Request } from "./stack.ts";

const page = document.baseURI;
const request: Request = (url, options) => fetch(url, options);
const api = createStackApi(page, request);
const activity = createActivity(() => performance.now());
const client = createClient({ createWorker, page, onProgress: activity.onProgress });
/** Drafts as large as the screen, but no larger than is quick. */
const side = Math.round(Math.min(1600, Math.max(800, Math.max(screen.width, screen.height) * devicePixelRatio)));
let maker: Maker | undefined;
let foundStack: () => void = () => undefined;
/** Settled once it is known whether there is a local stack, and what it stores. */
export const stackKnown: Promise<void> = new Promise((resolve) => {
  foundStack = resolve;
});
let opened = 0;

function createWorker(): WorkerLike {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module" }) as WorkerLike;
}

/** Starts watching; the only writer of draft, before, result, work, proof, candidates, explanation and plannedProblem. */
export function startSession(): void {
  client.warm();
  maker = startMaker({ client, activity, side });
  watchSource();
  watchProof();
  void findStack().finally(foundStack);
}

/** Opens a picture and makes it the source; its fault goes to `sourceFault`, and the source before stays. */
export async function openPicture(picture: Blob, name: string, key?: string): Promise<void> {
  const id = ++opened;
  try {
    const { probe, width, height } = await activity.during("opening", client.open(picture, side));
    const url = URL.createObjectURL(picture);
    batch(() => {
      maker?.reset();
      store.source.value = { id, name, ...(key === undefined ? {} : { key }), picture, url, probe, width, height };
      store.sourceFault.value = undefined;
    });
  } catch (thrown) {
    if (!(thrown instanceof Overtaken)) store.sourceFault.value = faultOf(thrown);
  }
}

/** Fetches an object of the store and opens it. */
export async function openObject(key: string): Promise<void> {
  const mine = ++opened;
  const edge = store.stack.peek()?.edge;
  try {
    if (edge === undefined) throw new TransformError("SOURCE_NOT_FOUND", "there is no store");
    const picture = await activity.during("opening", api.fetchObject(edge, key));
    if (mine === opened) await openPicture(picture, key, key);
  } catch (thrown) {
    if (mine === opened) store.sourceFault.value = faultOf(thrown);
  }
}

/** A quick draft of another document than the one that is shown; its URL is the caller's. A newer call makes this one fail. */
export async function draftOf(doc: Doc): Promise<store.Shown> {
  const planned = planOf(doc);
  if ("problem" in planned) throw planned.problem.error;
  const process = isUntouched(doc) ? "" : printPlan(planned.plan);
  return shownOf(await client.draft("input", { process, side, geometry: false }), process);
}

/** Puts the source into the local store under a free key, so that it can be compared; sets `source.key`. */
export async function storeSource(): Promise<void> {
  const from = store.source.peek();
  if (from === undefined || from.key !== undefined || store.stack.peek() === undefined) return;
  store.proof.value = { kind: "asking" };
  try {
    const key = await api.store(from.name, from.picture);
    const now = store.source.peek();
    if (now?.id === from.id) store.source.value = { ...now, key };
    store.objects.value = await api.objects();
  } catch (thrown) {
    store.proof.value = { kind: "failed", message: faultOf(thrown).message, url: "" };
  }
}

async function findStack(): Promise<void> {
  const stack = await api.find();
  if (stack === undefined) return;
  store.stack.value = stack;
  store.objects.value = await api.objects();
}

/** Whoever closes the picture need not know what has been made of it. */
function watchSource(): void {
  let url: string | undefined;
  effect(() => {
    const source = store.source.value;
    if (source === undefined) maker?.reset();
    if (url !== undefined && url !== source?.url) URL.revokeObjectURL(url);
    url = source?.url;
  });
}

/** Compares each new result with the server's answer, where there is one. */
function watchProof(): void {
  effect(() => {
    const [stack, source, result] = [store.stack.value, store.source.value, store.result.value];
    const known = proofWithoutAsking({ stack, source, result });
    if (known !== undefined) {
      store.proof.value = known;
      return undefined;
    }
    const [edge, key, here] = [stack?.edge, source?.key, result?.sha256];
    store.proof.value = { kind: "asking" };
    if (edge === undefined || key === undefined || result === undefined || here === undefined) return undefined;
    const abort = new AbortController();
    prove({ edge, key, process: result.process, here }, request, abort.signal).then(
      (proof) => {
        if (!abort.signal.aborted) store.proof.value = proof;
      },
      () => undefined,
    );
    return () => abort.abort();
  });
}
