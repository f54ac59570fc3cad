import { type Binary, findProgram } from "./runtimes.ts";

/** The last release of each line that Function Compute offers or may offer (access-point reference, section 5). */
export const NODE_VERSIONS = ["12.22.12", "14.21.3", "16.20.2", "18.20.8", "20.20.2", "22.23.3", "24.21.0"] as const;

export type NodeBinary = Binary;

/**
 * Path of a Node binary of that version: the running one, or one fetched once from npm into node_modules/.cache. Where it
 * cannot be had: an error under CI, else the reason, so that a test can skip itself. Without `fetch` it is only looked for.
 */
export async function findNode(version: string, fetch = true): Promise<NodeBinary> {
  if (process.versions.node === version) return { path: process.execPath };
  const program = {
    ...{ title: "Node", package: `node-${process.platform}-${process.arch}`, version, file: "bin/node" },
    ...{ folder: `node-${version}`, prints: (output: string) => output.trim() === `v${version}` },
  };
  return findProgram(program, fetch);
}
