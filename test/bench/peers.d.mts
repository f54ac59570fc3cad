export interface PeerRequest {
  readonly width?: number;
  readonly format: string;
  readonly quality?: number;
  readonly options?: Readonly<Record<string, string | number>>;
}
export interface PeerOptions {
  readonly dist: string;
  readonly formats: readonly string[];
  readonly fetch?: boolean;
}
export function loadPeers(
  names: readonly string[],
  options: PeerOptions,
): Promise<{ readonly peers: Readonly<Record<string, object>>; readonly missing: readonly string[] }>;
