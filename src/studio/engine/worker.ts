/** The engine of the function, on a thread of the page. */
import urls from "virtual:engine-files";
import { asTransformError } from "../../core/errors.ts";
import { PlanFault } from "./fault.ts";
import { createFiles } from "./files.ts";
import type { Ask, Failure, FromWorker, Made, ToWorker } from "./protocol.ts";
import { createStudioEngine, type StudioEngine } from "./studio-engine.ts";

/** What of DedicatedWorkerGlobalScope is used; the types of a page and of a worker cannot be loaded together. */
interface Scope {
  onmessage: ((event: { readonly data: ToWorker }) => void) | null;
  postMessage(message: FromWorker, transfer?: readonly Transferable[]): void;
}
const scope = globalThis as unknown as Scope;

let page = "";
const files = createFiles({
  address: (file) => new URL(urls[file] ?? file, page).href,
  post: (message) => scope.postMessage(message),
});
const engine: StudioEngine = createStudioEngine({
  loadWasm: files.loadWasm,
  loadFont: files.loadFont,
  now: () => performance.now(),
});

/** Asks are answered one after the other, in the order they came. */
let last: Promise<void> = Promise.resolve();
scope.onmessage = ({ data: message }) => {
  switch (message.kind) {
    case "start":
      page = message.page;
      return;
    case "modules":
      files.take(message);
      return;
    case "marks":
      engine.setMarks(message);
      return;
    default:
      last = last.then(() => answer(message));
  }
};

async function answer(ask: Ask): Promise<void> {
  try {
    const value = await engine.answer(ask);
    const isMade = ask.kind === "draft" || ask.kind === "render";
    scope.postMessage({ kind: "answer", id: ask.id, value }, isMade ? [(value as Made).data.buffer] : []);
  } catch (thrown) {
    scope.postMessage({ kind: "failure", id: ask.id, failure: failureOf(thrown) });
  }
}

function failureOf(thrown: unknown): Failure {
  const { code, message, fault } = asTransformError(thrown, "INTERNAL", `the engine failed: ${String(thrown)}`);
  const call = thrown instanceof PlanFault ? thrown.call : undefined;
  return { code, message, ...(fault === undefined ? {} : { fault }), ...(call === undefined ? {} : { call }) };
}
