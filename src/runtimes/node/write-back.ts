import http from "http";
import type { Answer } from "../../http/handler.ts";
import { WRITE_BACK_QUERY, writeBackHeaders } from "../../oss/respond.ts";
import type { Stream } from "./http-client.ts";
import { type SignerOptions, signHeaders } from "./signer.ts";

export interface WriteBack {
  readonly route: string;
  readonly token: string;
  readonly signer: SignerOptions;
  /** A time of Date.now(). */
  readonly deadline: number;
}

/** The original broke off before a byte of the answer had been sent, so that another answer can still be given. */
export class NotSent extends Error {}

/**
 * Answers the client through WriteGetObjectResponse. The token is single-use, so only a connection that was never made is
 * tried again. Plain http, as all of Alibaba's SDKs do on this internal host. Rejects where the answer was not taken,
 * with NotSent where another may be given; the message holds neither token nor credential.
 */
export async function writeAnswer({ status, headers, body }: Answer<Stream>, target: WriteBack): Promise<void> {
  const unsigned = writeBackHeaders(target, status, headers);
  const signed = await signHeaders({ method: "POST", subresource: WRITE_BACK_QUERY, headers: unsigned }, target.signer);
  const all = { ...signed, "Content-Length": String(body.length) };
  try {
    await post(target, all, body);
  } catch (error) {
    if (!(error instanceof NotConnected)) throw error;
    await post(target, all, body);
  }
}

/** The connection was refused or could not be opened: not a byte has been sent. */
class NotConnected extends Error {}

function post(target: WriteBack, headers: Readonly<Record<string, string>>, body: Answer<Stream>["body"]): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!(body instanceof Uint8Array) && body.stream.aborted) return reject(brokeOff());
    const url = `http://${target.route}/?${WRITE_BACK_QUERY}`;
    // agent false: a fresh connection, because a kept one may be closed by its peer at the moment it is used
    const request = http.request(url, { method: "POST", headers, agent: false });
    let connected = false;
    const timer = setTimeout(
      () => request.destroy(new Error("the answer was not taken in time")),
      Math.max(1, target.deadline - Date.now()),
    );
    const settle = (error?: Error) => {
      clearTimeout(timer);
      if (error === undefined) resolve();
      else reject(error);
    };
    const send = () => {
      connected = true;
      if (body instanceof Uint8Array)
        request.end(Buffer.from(body.buffer, body.byteOffset, body.length)); // all that Node 12 takes
      else body.stream.pipe(request); // not before: what a request has taken is lost to a second one
    };
    request.on("socket", (socket) => socket.on("connect", send));
    request.on("error", (error) => settle(connected || error instanceof NotSent ? error : new NotConnected(error.message)));
    request.on("response", (response) => {
      const status = response.statusCode ?? 0;
      const code = response.headers["x-oss-ec"];
      response.resume();
      response.on("close", () =>
        settle(
          status >= 200 && status < 300 ? undefined : new Error(`WriteGetObjectResponse was refused: ${status} ${code ?? ""}`),
        ),
      );
    });
    if (body instanceof Uint8Array) return undefined;
    body.stream.on("error", () => undefined); // comes with "aborted", from Node 16 on
    body.stream.on("aborted", () => {
      if (!request.headersSent) request.destroy(brokeOff());
      else request.socket?.end(); // what was written still arrives, so that the client sees a cut body and does not wait
    });
    return undefined;
  });
}
function brokeOff(): NotSent {
  return new NotSent("the original broke off");
}
