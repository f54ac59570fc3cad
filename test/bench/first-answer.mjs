/**
 * One engine in a process of its own: started by fresh.mjs with a JSON argument { engine, dist, source, request, repeat }.
 * Writes a line when the first result is there, and a second one with the peak memory after it and after `repeat` more.
 */
import { existsSync, readFileSync, writeSync } from "node:fs";
import { PEERS } from "./peers.mjs";

const { engine, dist, source, request, repeat } = JSON.parse(process.argv[2]);
const bytes = readFileSync(source);
// Without an engine: what the process costs in any case
const { run } = engine === undefined ? { run: () => bytes } : await PEERS[engine]({ dist, formats: [request.format] });
const first = await run(bytes, request);
writeSync(1, "answered\n");
const once = peakBytes();
for (let i = 0; i < repeat; i++) await run(bytes, request);
writeSync(1, `${JSON.stringify({ bytes: first.length, once, repeated: peakBytes() })}\n`);
process.exit(0); // worker threads of an engine would keep it

/**
 * Peak resident memory of this process. Linux carries getrusage's maxrss over exec, so that it may be the parent's before it
 * is ours (fs/exec.c, exec_mmap); VmHWM belongs to the address space and starts anew.
 */
function peakBytes() {
  const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "latin1") : "";
  const found = /^VmHWM:\s*(\d+) kB$/m.exec(status);
  return 1024 * (found === null ? process.resourceUsage().maxRSS : Number(found[1]));
}
