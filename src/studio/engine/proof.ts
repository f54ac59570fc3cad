import type { Proof, Result, Source, StackInfo } from "../state/store.ts";
import { sha256Of } from "./sha256.ts";
import { processUrl, type Request, said } from "./stack.ts";

interface Compared {
  readonly stack: StackInfo | undefined;
  readonly source: Source | undefined;
  readonly result: Result | undefined;
}

/** What can be said without asking; undefined where the server has to be asked, or there is no result yet. */
export function proofWithoutAsking({ stack, source, result }: Compared): Proof | undefined {
  if (stack === undefined) return { kind: "none", why: "no-server" };
  if (source?.key === undefined) return { kind: "none", why: "not-stored" };
  return result !== undefined && result.sha256 === undefined ? { kind: "none", why: "insecure" } : undefined;
}

/** Asks the server for the same picture by the same text and compares. Fails only where `signal` is aborted. */
export async function prove(
  { edge, key, process, here }: { edge: string; key: string; process: string; here: string },
  request: Request,
  signal: AbortSignal,
): Promise<Proof> {
  const url = processUrl(edge, key, process);
  try {
    const response = await request(url, { cache: "no-store", signal });
    if (!response.ok) return { kind: "failed", message: await said(response), url };
    const there = (await sha256Of(await response.arrayBuffer())) ?? "";
    return here === there ? { kind: "equal", sha256: here, url } : { kind: "different", here, there, url };
  } catch (thrown) {
    signal.throwIfAborted();
    return { kind: "failed", message: thrown instanceof Error ? thrown.message : String(thrown), url };
  }
}
