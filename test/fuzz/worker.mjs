/**
 * A thread that tries its share of the inputs. The main thread sees in shared memory which one is tried and since when no
 * other was; it ends the thread when that is too long, which a codec in an endless loop could not do itself.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";
import { inputOf } from "./inputs.mjs";
import { attempt, loadLibrary, watchInstances } from "./judge.mjs";

const { dist, seeds, seed, first, end, step, shared, given, repeats } = workerData;
/** Now and then a second library, which has seen other inputs, must say the same: what an earlier picture left must not show. */
const CONTROL_EVERY = 10;
/** After so many inputs the collector runs, so that memory that stays is told from memory that waits. */
const COLLECT_EVERY = 500;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
const watch = watchInstances();
const library = await loadLibrary(dist, "first");
const control = await loadLibrary(dist, "control");

/** A number of inputs that the main thread hands over whole: each is tried several times, and the fastest counts. */
if (given !== undefined) {
  Atomics.store(shared, 0, 0);
  let best;
  for (let i = 0; i < repeats; i++) {
    const tried = await attempt(library, given, watch);
    if (best === undefined || tried.ms < best.ms) best = tried;
  }
  parentPort.postMessage({ done: best });
} else {
  let tried = 0;
  for (let index = first; index < end; index += step) {
    Atomics.store(shared, 0, index);
    const input = inputOf(seeds, seed, index);
    const result = await attempt(library, input, watch);
    if (result.fault === undefined && ++tried % CONTROL_EVERY === 0) {
      const other = await attempt(control, input);
      if (other.outcome !== result.outcome || other.text !== result.text) {
        result.fault = {
          kind: "unstable",
          message: `${result.outcome} ${result.text}, on another library ${other.outcome} ${other.text}`,
        };
      }
    }
    if (tried % COLLECT_EVERY === 0) collect();
    parentPort.postMessage({
      index,
      format: input.format,
      name: input.name,
      plan: input.plan,
      bytes: input.bytes.length,
      ...result,
    });
  }
  collect();
  parentPort.postMessage({ done: true });
}
