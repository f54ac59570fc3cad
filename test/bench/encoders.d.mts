import type { PeerRequest } from "./peers.mjs";

export interface Peer {
  run(bytes: Uint8Array, request: PeerRequest): Promise<Uint8Array>;
}
export function checkSettings(opalens: Peer, source: Uint8Array, width: number): Promise<void>;
