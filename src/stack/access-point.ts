/**
 * The Object FC Access Point of the stack: a GetObject becomes an invocation of the function, and what the function writes back becomes the
 * answer. Specification: opap-and-fc.md sections 1 to 3; what it marks as unknown is marked so here.
 */
import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createRequestId, type Endpoint, listen, OssError, parseTarget, type Query, sendError, type Target } from "./http.ts";
import type { Outcome } from "./instance-process.ts";
import type { Keyring } from "./signature.ts";
import { type Credential, presignV1, SIGNING_QUERY_NAMES } from "./signing.ts";
import { createWriteBack, type WriteBack } from "./write-back.ts";

/**
 * How the user's query reaches the function, which is not documented:
 * userRequest: `userRequest` carries the whole URL and the headers, as on S3 Object Lambda; inputUrl: no `userRequest`, the parameters are
 * part of the presigned URL; none: only the key gets through.
 */
export type ForwardQuery = "userRequest" | "inputUrl" | "none";

export interface AccessPointOptions {
  readonly port?: number;
  readonly writeBackPort?: number;
  /** Base URL of the store. */
  readonly storeUrl: string;
  readonly bucket: string;
  readonly region: string;
  /** Temporary credentials of the access point itself: they sign inputOssUrl. */
  readonly credential: Credential;
  /** Credentials that may call WriteGetObjectResponse. */
  readonly keyring: Keyring;
  readonly invoke: (event: Uint8Array, requestId: string) => Promise<Outcome>;
  /** Default "userRequest". */
  readonly forwardQuery?: ForwardQuery;
  readonly log?: (line: string) => void;
  readonly now?: () => Date;
}

export interface AccessPoint extends Endpoint {
  /** host:port of the write-back endpoint, as in events. */
  readonly outputRoute: string;
  stats(): { readonly requests: number; readonly unanswered: number };
}

const URL_EXPIRES_SECONDS = 900; // not documented; longer than any function of ours may run

// Between two neighbours, not for the one behind: RFC 9110 section 7.6.1
const HOP_BY_HOP = new Set(["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"]);

export async function startAccessPoint(options: AccessPointOptions): Promise<AccessPoint> {
  const now = options.now ?? (() => new Date());
  const writeBack = createWriteBack({ keyring: options.keyring, region: options.region, now });
  const writeBackEndpoint = await listen(options.writeBackPort ?? 0, writeBack.handle);
  const outputRoute = writeBackEndpoint.url.replace("http://", "");
  writeBack.setRoute(outputRoute);
  const stats = { requests: 0, unanswered: 0 };
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    stats.requests++;
    if (!(await serveGet(options, writeBack, outputRoute, now(), request, response))) stats.unanswered++;
  };
  const endpoint = await listen(options.port ?? 0, serve).catch(async (thrown: unknown) => {
    await writeBackEndpoint.close();
    throw thrown;
  });
  const close = async () => {
    await Promise.all([endpoint.close(), writeBackEndpoint.close()]);
  };
  return { ...endpoint, outputRoute, stats: () => ({ ...stats }), close };
}

/** False when the function ended without an answer. */
async function serveGet(
  options: AccessPointOptions,
  writeBack: WriteBack,
  outputRoute: string,
  now: Date,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const target = parseTarget(request);
  const key = target.path.slice(1);
  // GetObject is the only action an access point hands to a function; what it does with others is not documented.
  if (request.method !== "GET" || key === "") {
    throw new OssError(405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
  }
  const requestId = createRequestId();
  const outputToken = `OSSV1#${randomBytes(48).toString("base64")}`;
  const event = Buffer.from(JSON.stringify(createEvent(options, { request, target, key, now, outputRoute, outputToken })));
  const ticket = writeBack.expect(outputToken, requestId, response);
  const outcome = await options.invoke(event, requestId);
  if (!outcome.ok) options.log?.(`${requestId} function failed (${outcome.reason}): ${outcome.message}`);
  if (ticket.close()) return true;
  // The real status, code and time-out of this case are not documented. 503 for a full queue lets clients try again later.
  const isThrottled = !outcome.ok && outcome.reason === "throttled";
  const message = outcome.ok ? "The function ended without writing an answer." : `The function failed: ${outcome.reason}.`;
  const error = isThrottled ? new OssError(503, "ServiceUnavailable", message) : new OssError(500, "FunctionFailed", message);
  sendError(request, response, error, requestId);
  return false;
}

interface EventParts {
  readonly request: IncomingMessage;
  readonly target: Target;
  readonly key: string;
  readonly now: Date;
  readonly outputRoute: string;
  readonly outputToken: string;
}

/** The three documented fields, and `userRequest` in the mode that assumes it. */
function createEvent(options: AccessPointOptions, parts: EventParts): object {
  const { target, key, request } = parts;
  const mode = options.forwardQuery ?? "userRequest";
  // A client's own signature is meant for the access point; in the store's URL it would collide with ours.
  const forwarded: Query = mode === "inputUrl" ? target.query.filter(([name]) => !SIGNING_QUERY_NAMES.has(name)) : [];
  const inputOssUrl = presignV1({
    base: options.storeUrl,
    path: `/${key}`, // as in the cloud, where the host stands for the bucket
    resource: `/${options.bucket}/${key}`,
    credential: options.credential,
    query: forwarded,
    now: parts.now,
    expiresSeconds: URL_EXPIRES_SECONDS,
  });
  const getObjectContext = { inputOssUrl, outputRoute: parts.outputRoute, outputToken: parts.outputToken };
  if (mode !== "userRequest") return { getObjectContext };
  const url = `http://${request.headers.host ?? "127.0.0.1"}${target.rawPath}${target.rawQuery === "" ? "" : `?${target.rawQuery}`}`;
  return { getObjectContext, userRequest: { url, headers: userHeaders(request) } };
}

/** With the spelling of the client: functions have to compare names case-insensitively. */
function userHeaders({ rawHeaders }: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? "";
    const value = rawHeaders[i + 1] ?? "";
    if (HOP_BY_HOP.has(name.toLowerCase())) continue;
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}
