/** A bucket as literal text: what is opened, read and discarded is written down. */
import { TransformError } from "../../src/core/errors.ts";
import { DEFAULT_LIMITS } from "../../src/core/limits.ts";
import type { HandlerOptions, PictureRequest } from "../../src/http/handler.ts";
import type { ObjectSource, OpenedObject } from "../../src/http/source.ts";
import { formatOfExtension } from "../../src/operations/format.ts";
import { printPlan } from "../../src/syntax/index.ts";

export interface FakeObject {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly readFails?: TransformError;
}
export interface FakeSource extends ObjectSource<string> {
  /** "open key", "read key", "discard key", in order; the body as a stream is its text. */
  readonly calls: string[];
}

export const ETAG = '"5B3C1A2E053D763E1B002CC607C5A0FE"';
export const MODIFIED = "Wed, 21 Oct 2015 07:28:00 GMT";

/** Objects by key; `requested` is the key that the presigned URL names. */
export function fakeSource(requested: string, objects: Readonly<Record<string, FakeObject>>): FakeSource {
  const calls: string[] = [];
  const open = async (key: string): Promise<OpenedObject<string>> => {
    calls.push(`open ${key}`);
    const { status = 200, headers = {}, body = key, readFails } = objects[key] ?? { status: 404 };
    return {
      status,
      headers: {
        etag: ETAG,
        "last-modified": MODIFIED,
        "content-type": "image/jpeg",
        "content-length": String(body.length),
        ...headers,
      },
      stream: body,
      async read(maxBytes) {
        calls.push(`read ${key}`);
        if (readFails !== undefined) throw readFails;
        if (body.length > maxBytes) throw new TransformError("SOURCE_TOO_LARGE", "too large");
        return new TextEncoder().encode(body);
      },
      discard: () => void calls.push(`discard ${key}`),
    };
  };
  return { calls, open, openRequested: () => open(requested) };
}

export function fakeOptions(more: Partial<HandlerOptions> = {}): HandlerOptions {
  return {
    limits: DEFAULT_LIMITS,
    onError: "error",
    strictQuery: false,
    passSvg: false,
    keySeparator: "!",
    originalExtensions: ["jpg", "png", "webp"],
    styles: { thumb: "image/resize,w_60", w_9: "image/resize,w_999" },
    formatOf: formatOfExtension,
    prepare: () => undefined,
    transform: async (bytes, plan) => ({
      data: new TextEncoder().encode(`${new TextDecoder().decode(bytes)} by ${printPlan(plan)}`),
      mimeType: `image/${plan.settings.format ?? "jpeg"}`,
      width: 1,
      height: 2,
      timings: { decode: 3 },
      peakBytes: 4,
      warnings: [],
    }),
    digest: (text) => Buffer.from(text).toString("hex").padEnd(64, "0"),
    engineVersion: "1",
    ...more,
  };
}

export function fakeRequest(key: string, query = "", headers: Readonly<Record<string, string>> = {}): PictureRequest {
  return { key, query, headers, requestId: "REQ1", hostId: "b.oss.com" };
}
