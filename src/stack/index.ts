/** The whole cloud around the function, on loopback: object store, access point, function instances, caching edge. */
import { randomBytes } from "node:crypto";
import { type AccessPoint, type ForwardQuery, startAccessPoint } from "./access-point.ts";
import { type Edge, type EdgeOptions, type EdgeStats, startEdge } from "./edge.ts";
import type { Endpoint } from "./http.ts";
import { createInstancePool, type InstancePool, type PoolStats } from "./instances.ts";
import type { Keyring } from "./signature.ts";
import type { Credential } from "./signing.ts";
import { type Store, type StoreOptions, startStore } from "./store.ts";
import { createStudio } from "./studio.ts";

export interface StackOptions {
  /** Folder of the objects. */
  readonly root: string;
  /** Folder of the function: the very one that is deployed, with index.js. */
  readonly bundleDir: string;
  /** The bundled harness, dist/stack/instance.cjs. */
  readonly instanceScript: string;
  /** Folder of the studio's page, dist/studio: served at the edge below /studio, which hides objects below that key. */
  readonly studioDir?: string;
  /** 0 or absent takes a free one. */
  readonly storePort?: number;
  readonly accessPointPort?: number;
  readonly edgePort?: number;
  /** Added to the function's environment; wins over what the stack sets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default 4. */
  readonly maxInstances?: number;
  /** Default 180 s. */
  readonly idleMs?: number;
  /** Default "userRequest". */
  readonly forwardQuery?: ForwardQuery;
  /** Lines of instances and of the stack itself. */
  readonly log?: (line: string) => void;
  /** Default "cn-hangzhou". */
  readonly region?: string;
  /** Default "opalens-local". */
  readonly bucket?: string;
  /** The account's keys, for ali-oss; random when absent. */
  readonly credentials?: { readonly accessKeyId: string; readonly accessKeySecret: string };
  /** Default 30. */
  readonly functionTimeoutSeconds?: number;
  /** Default 1024. Told to the function, not enforced. */
  readonly memoryMb?: number;
  /** Another Node binary for the instances. */
  readonly execPath?: string;
  /** Stops instances between invocations, as the cloud freezes them. */
  readonly freeze?: boolean;
  /** What goes wrong in the store, for tests. */
  readonly faults?: StoreOptions["faults"];
  readonly edge?: Pick<EdgeOptions, "maxBytes" | "maxObjectBytes" | "notFoundTtlSeconds">;
}

export interface Stack {
  /** Without a slash at the end. */
  readonly urls: { readonly store: string; readonly accessPoint: string; readonly edge: string };
  readonly credentials: { readonly accessKeyId: string; readonly accessKeySecret: string };
  readonly bucket: string;
  readonly region: string;
  stats(): StackStats;
  /** Forgets what the edge keeps. */
  purge(): void;
  close(): Promise<void>;
}

export interface StackStats {
  readonly function: PoolStats;
  readonly accessPoint: { readonly requests: number; readonly unanswered: number };
  readonly edge: EdgeStats;
}

interface Parts {
  readonly store: Store;
  readonly pool: InstancePool;
  readonly accessPoint: AccessPoint;
  readonly edge: Edge;
}

export async function startStack(options: StackOptions): Promise<Stack> {
  const { bucket = "opalens-local", region = "cn-hangzhou" } = options;
  const account: Credential = options.credentials ?? { accessKeyId: `LTAI${randomText(12)}`, accessKeySecret: randomText(24) };
  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(part: T): T => {
    opened.push(part);
    return part;
  };
  // The edge first: nothing new comes in while the parts behind it end
  const close = async () => {
    for (const part of opened.splice(0).reverse()) await part.close();
  };
  try {
    const parts = await startParts(options, { bucket, region, account }, keep);
    return {
      urls: { store: parts.store.url, accessPoint: parts.accessPoint.url, edge: parts.edge.url },
      credentials: { accessKeyId: account.accessKeyId, accessKeySecret: account.accessKeySecret },
      bucket,
      region,
      stats: () => ({ function: parts.pool.stats(), accessPoint: parts.accessPoint.stats(), edge: parts.edge.stats() }),
      purge: parts.edge.purge,
      close,
    };
  } catch (thrown) {
    await close(); // a port that is taken must not leave the others behind
    throw thrown;
  }
}

interface Names {
  readonly bucket: string;
  readonly region: string;
  readonly account: Credential;
}

async function startParts(
  options: StackOptions,
  names: Names,
  keep: <T extends { close(): Promise<void> }>(part: T) => T,
): Promise<Parts> {
  const { bucket, region, account } = names;
  const log = options.log ?? (() => undefined);
  // Two identities, as in the cloud: the access point reads the original, the function's role reads others and writes back.
  const role = createTemporaryCredential();
  const reader = createTemporaryCredential();
  const storeKeys = keyringOf([account, role, reader]);
  const store = keep(
    await startStore({
      root: options.root,
      bucket,
      region,
      keyring: storeKeys,
      port: options.storePort ?? 0,
      ...(options.faults === undefined ? {} : { faults: options.faults }),
    }),
  );
  const pool = keep(
    createInstancePool({
      instanceScript: options.instanceScript,
      bundleDir: options.bundleDir,
      credential: role,
      region,
      log,
      env: { ...createFunctionEnv(store, bucket, region), ...options.env },
      timeoutSeconds: options.functionTimeoutSeconds ?? 30,
      memoryMb: options.memoryMb ?? 1024,
      maxInstances: options.maxInstances ?? 4,
      freeze: options.freeze ?? false,
      ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
      ...(options.execPath === undefined ? {} : { execPath: options.execPath }),
    }),
  );
  const accessPoint = keep(
    await startAccessPoint({
      port: options.accessPointPort ?? 0,
      storeUrl: store.url,
      bucket,
      region,
      credential: reader,
      keyring: keyringOf([role]),
      invoke: (event, requestId) => pool.invoke(event, requestId),
      forwardQuery: options.forwardQuery ?? "userRequest",
      log,
    }),
  );
  const { studioDir } = options;
  const studio =
    studioDir === undefined
      ? undefined
      : await createStudio({ dir: studioDir, engineDir: options.bundleDir, objects: store.files, bucket });
  const edge = keep(
    await startEdge({
      ...options.edge,
      origin: accessPoint.url,
      port: options.edgePort ?? 0,
      log,
      ...(studio === undefined ? {} : { intercept: studio }),
    }),
  );
  return { store, pool, accessPoint, edge };
}

/** Surface, "Function Compute bundle": where the function finds the bucket, and that loopback is to be trusted here. */
function createFunctionEnv(store: Endpoint, bucket: string, region: string): Record<string, string> {
  return {
    OPALENS_TRUSTED_HOSTS: "127.0.0.1,localhost",
    OPALENS_OSS_ENDPOINT: store.url,
    OPALENS_OSS_BUCKET: bucket,
    OPALENS_OSS_REGION: region,
  };
}

/** As STS gives them: an id that starts "STS." and a token with the characters that have to be encoded in URLs. */
function createTemporaryCredential(): Credential {
  return {
    accessKeyId: `STS.${randomText(16)}`,
    accessKeySecret: randomText(24),
    securityToken: `CAIS+/${randomBytes(60).toString("base64")}==`,
    readOnly: true,
  };
}

function keyringOf(credentials: readonly Credential[]): Keyring {
  const byId = new Map(credentials.map((credential) => [credential.accessKeyId, credential]));
  return (accessKeyId) => byId.get(accessKeyId);
}

function randomText(length: number): string {
  return randomBytes(length)
    .toString("base64")
    .replace(/[^A-Za-z0-9]/g, "")
    .padEnd(length, "x")
    .slice(0, length);
}
