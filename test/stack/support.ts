/** What the tests of the stack share: ali-oss as the official client, temporary folders, raw requests. */
import { mkdtemp, rm } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Keyring } from "../../src/stack/signature.ts";
import type { Credential } from "../../src/stack/signing.ts";

const require = createRequire(import.meta.url);

/** The few methods of ali-oss 6.23.0 that are used here; the package has no types. */
export interface OssClient {
  put(name: string, file: Buffer, options?: object): Promise<{ res: { status: number; headers: Record<string, string> } }>;
  get(name: string, options?: object): Promise<{ content: Buffer; res: { status: number; headers: Record<string, string> } }>;
  head(
    name: string,
    options?: object,
  ): Promise<{ status: number; meta: Record<string, string> | null; res: { headers: Record<string, string> } }>;
  delete(name: string): Promise<{ res: { status: number } }>;
  deleteMulti(names: readonly string[]): Promise<{ deleted: { Key: string }[] }>;
  list(query: object, options?: object): Promise<OssList & { nextMarker: string | null }>;
  listV2(query: object, options?: object): Promise<OssList & { nextContinuationToken: string | null; keyCount: number }>;
  signatureUrl(name: string, options?: object): string;
  signatureUrlV4(method: string, expires: number, request: object | undefined, name: string): Promise<string>;
}
interface OssList {
  objects: { name: string; etag: string; size: number; lastModified: string }[];
  prefixes: string[] | null;
  isTruncated: boolean;
}

export const OSS = require("ali-oss") as new (options: object) => OssClient;

/** ali-oss's own signer, for comparisons. */
export const signUtils = require("ali-oss/lib/common/signUtils") as {
  getCanonicalRequest(method: string, request: object, bucket?: string, object?: string, additional?: string[]): string;
  authorization(id: string, secret: string, canonical: string): string;
  buildCanonicalString(method: string, resource: string, request: object): string;
};

export const USER: Credential = { accessKeyId: "LTAIuser", accessKeySecret: "user-secret" };
export const ROLE: Credential = {
  accessKeyId: "STS.role",
  accessKeySecret: "role-secret",
  securityToken: "role+token/=",
  readOnly: true,
};
export const KEYRING: Keyring = (id) => [USER, ROLE].find(({ accessKeyId }) => accessKeyId === id);
export const BUCKET = "pictures";

/** A folder that goes away with the test; use: `await using folder = await temporaryFolder()`. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "opalens-stack-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Runs the clean-ups of a test in reverse order, also after a failure. */
export function createCleanup(): { add(work: () => unknown): void; run(): Promise<void> } {
  const works: (() => unknown)[] = [];
  return {
    add: (work) => void works.push(work),
    run: async () => {
      for (const work of works.splice(0).reverse()) await work();
    },
  };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

/** A request as written: no redirects, no decoding, no normalisation of the path, no kept connections. */
export function send(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: Buffer } = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const path = url.replace(/^https?:\/\/[^/?]*/, "") || "/";
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { hostname, port, path, method: options.method ?? "GET", headers: options.headers ?? {}, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    request.on("error", reject);
    request.end(options.body);
  });
}

/** The Code of an OSS error document. */
export function errorCode(answer: RawAnswer): string | undefined {
  return /<Code>(.*?)<\/Code>/.exec(answer.body.toString())?.[1];
}

/** A promise and its handles, for events that tests wait for. */
export function createSignal<T = void>(): { promise: Promise<T>; fire(value: T): void } {
  let fire: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    fire = resolve;
  });
  return { promise, fire: (value) => fire(value) };
}
