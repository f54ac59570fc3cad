/** A server on the loopback for one page that runs the library as a browser has it, and reports what came of it. */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

/** Path of the server to folder. */
export type Folders = Readonly<Record<string, string>>;
export interface PageServer {
  readonly url: string;
  /** What the page sent to /done; rejected with what it sent to /failed. */
  readonly answer: Promise<string>;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".html": "text/html; charset=utf-8",
};

export async function servePage(html: string, folders: Folders): Promise<PageServer> {
  let settle: { resolve(text: string): void; reject(error: Error): void } | undefined;
  const answer = new Promise<string>((resolve, reject) => {
    settle = { resolve, reject };
  });
  answer.catch(() => undefined); // may come before anyone waits for it
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    if (request.method === "POST") {
      const text = await bodyOf(request);
      if (pathname === "/done") settle?.resolve(text);
      else settle?.reject(new Error(`the page failed: ${text}`));
      return void response.end();
    }
    const body = pathname === "/" ? html : await fileOf(pathname, folders);
    const type = TYPES[pathname === "/" ? ".html" : extname(pathname)] ?? "application/octet-stream";
    response.writeHead(body === undefined ? 404 : 200, { "Content-Type": type }).end(body);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    answer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function fileOf(pathname: string, folders: Folders): Promise<Uint8Array | undefined> {
  const [prefix, folder] = Object.entries(folders).find(([prefix]) => pathname.startsWith(prefix)) ?? [];
  if (prefix === undefined || folder === undefined) return undefined;
  const path = normalize(join(folder, decodeURIComponent(pathname.slice(prefix.length))));
  return path.startsWith(folder) ? readFile(path).catch(() => undefined) : undefined;
}
async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request.setEncoding("utf8")) text += part;
  return text;
}
