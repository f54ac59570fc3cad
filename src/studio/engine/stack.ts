import { TransformError } from "../../core/errors.ts";
import { encodeKey } from "../state/link.ts";
import type { StackInfo, StoredObject } from "../state/store.ts";

/** The local stack's part for the studio, below the page's folder: studio/api/… */
export interface StackApi {
  /** undefined where the page comes from a plain web host. */
  find(): Promise<StackInfo | undefined>;
  objects(): Promise<readonly StoredObject[]>;
  /** Puts a picture under a free key like `name` and gives the key. UPSTREAM_FAILED where the store refuses. */
  store(name: string, picture: Blob): Promise<string>;
  /** Bytes of an object. SOURCE_NOT_FOUND, UPSTREAM_FAILED. */
  fetchObject(edge: string, key: string): Promise<Blob>;
}

/** Another site's page cannot send it without being asked about, so it cannot reach the store through a visitor's browser. */
const HEADERS = { "x-opalens-studio": "1" };

/** What of `fetch` is used. */
export type Request = (
  url: string,
  options?: {
    readonly method?: string;
    readonly headers?: Record<string, string>;
    readonly body?: Blob;
    readonly cache?: "no-store";
    readonly signal?: AbortSignal;
  },
) => Promise<Response>;

export function createStackApi(page: string, request: Request): StackApi {
  const address = (path: string) => new URL(`api/${path}`, page).href;
  const get = async (path: string): Promise<unknown> => {
    // A plain host answers 404, or its start page for anything; both mean that there is no stack
    const response = await request(address(path), { headers: HEADERS }).catch(() => undefined);
    if (response?.ok !== true) return undefined;
    return response.json().catch(() => undefined);
  };
  return {
    async find() {
      const info = await get("stack");
      return isStackInfo(info) ? info : undefined;
    },
    async objects() {
      const list = (await get("objects")) as { readonly objects?: readonly StoredObject[] } | undefined;
      return Array.isArray(list?.objects) ? list.objects : [];
    },
    async store(name, picture) {
      const put = { method: "PUT", headers: HEADERS, body: picture };
      const response = await reached(request(address(`objects/${encodeKey(name)}`), put));
      if (response.status !== 201) throw new TransformError("UPSTREAM_FAILED", `the store answered ${await said(response)}`);
      return ((await response.json()) as { readonly key: string }).key;
    },
    async fetchObject(edge, key) {
      const response = await reached(request(`${edge}/${encodeKey(key)}`));
      if (response.status === 404) throw new TransformError("SOURCE_NOT_FOUND", `the store has no object ${key}`);
      if (!response.ok) throw new TransformError("UPSTREAM_FAILED", `${key}: ${await said(response)}`);
      return response.blob();
    },
  };
}

/** Address of a transform: `process` as it is where a query allows, so that it can be read. */
export function processUrl(edge: string, key: string, process: string): string {
  const query = encodeURIComponent(process).replace(/%2F/g, "/").replace(/%2C/g, ",").replace(/%3A/g, ":");
  return `${edge}/${encodeKey(key)}${process === "" ? "" : `?x-oss-process=${query}`}`;
}

/** Status and, where it is short text, what the server says about it. */
export async function said(response: Response): Promise<string> {
  const text = (await response.text().catch(() => ""))
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return `HTTP ${response.status}${text === "" ? "" : `: ${text.slice(0, 200)}`}`;
}

async function reached(response: Promise<Response>): Promise<Response> {
  try {
    return await response;
  } catch (cause) {
    throw new TransformError("UPSTREAM_FAILED", "the server cannot be reached", { cause });
  }
}

function isStackInfo(value: unknown): value is StackInfo {
  const info = value as Partial<StackInfo> | undefined | null;
  return typeof info?.bucket === "string" && typeof info.edge === "string" && typeof info.version === "string";
}
