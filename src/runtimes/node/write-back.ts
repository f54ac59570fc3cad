import http from "http";
import type { Answer } from "../../http/handler.ts";
import { writeBackHeaders, WRITE_BACK_QUERY } from "../../oss/respond.ts";
import type { Stream } from "./http-client.ts";
import { signHeaders, type SignerOptions } from "./signer.ts";

export interface WriteBack {
  readonly route: string;
  readonly token: string;
  readonly signer: SignerOptions;
  /** A time of Date.now(). */
  readonly deadline: number;
}

/**
 * Answers the client through WriteGetObjectResponse. The token is single-use, so only a connection that was never made is
 * tried again. Plain http, as all of Alibaba's SDKs do on this internal host. Rejects where the answer was not taken;
 * the message holds neither token nor credential.
 */
export async function writeAnswer({ status, headers, body }: Answer<Stream>, target: WriteBack): Promise<void> {
  const content = body instanceof Uint8Array ? body : await sized(body);
  const length = content instanceof Uint8Array ? content.length : content.length;
  const unsigned = writeBackHeaders(target, status, headers);
  const signed = await signHeaders({ method: "POST", subresource: WRITE_BACK_QUERY, headers: unsigned }, target.signer);
  const all = { ...signed, "Content-Length": String(length) };
  try {
    await post(target, all, content);
  } catch (error) {
    if (!(error instanceof NotConnected)) throw error;
    await post(target, all, content);
  }
}

interface SizedStream {
  readonly stream: Stream;
  readonly length: number;
}

/** Content-Length is required, so a body of unknown length is collected first; OSS sends a length with every object. */
async function sized({ stream, length }: { readonly stream: Stream; readonly length?: number }): Promise<SizedStream | Uint8Array> {
  if (length !== undefined) return { stream, length };
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The connection was refused or could not be opened: not a byte has been sent. */
class NotConnected extends Error {}

function post(target: WriteBack, headers: Readonly<Record<string, string>>, body: Uint8Array | SizedStream): Promise<void> {
  return new Promise((resolve, reject) => {
    const url = `http://${target.route}/?${WRITE_BACK_QUERY}`;
    // agent false: a fresh connection, because a kept one may be closed by its peer at the moment it is used
    const request = http.request(url, { method: "POST", headers, agent: false });
    let connected = false;
    const timer = setTimeout(() => request.destroy(new Error("the answer was not taken in time")), Math.max(1, target.deadline - Date.now()));
    const settle = (error?: Error) => {
      clearTimeout(timer);
      if (error === undefined) resolve();
      else reject(error);
    };
    request.on("socket", (socket) => socket.on("connect", () => (connected = true)));
    request.on("error", (error) => settle(connected ? error : new NotConnected(error.message)));
    request.on("response", (response) => {
      const status = response.statusCode ?? 0;
      const code = response.headers["x-oss-ec"];
      response.resume();
      response.on("close", () =>
        settle(status >= 200 && status < 300 ? undefined : new Error(`WriteGetObjectResponse was refused: ${status} ${code ?? ""}`)),
      );
    });
    if (body instanceof Uint8Array) return request.end(body);
    body.stream.on("error", (error) => request.destroy(error));
    body.stream.on("aborted", () => request.destroy(new Error("the original broke off")));
    body.stream.pipe(request);
    return undefined;
  });
}
