import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { openObject } from "../../src/runtimes/node/http-client.ts";
import { rejectionOf } from "../support/pictures.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
async function serve(listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
const soon = (ms = 5000) => Date.now() + ms;
const BYTES = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));

describe("http client: reading", () => {
  test.each([
    ["with", true],
    ["without", false],
  ])("%s Content-Length", async (_name, withLength) => {
    const { url } = await serve((_request, response) => {
      response.setHeader("X-Own", "1");
      if (withLength) response.setHeader("Content-Length", BYTES.length);
      for (let at = 0; at < BYTES.length; at += 70_001) response.write(BYTES.subarray(at, at + 70_001));
      response.end();
    });
    const object = await openObject({ url }, soon());
    expect(object).toMatchObject({ status: 200, headers: { "x-own": "1" } });
    const bytes = await object.read(BYTES.length); // the bound itself is allowed
    expect(Buffer.compare(bytes, BYTES)).toBe(0);
    expect(bytes.byteLength).toBe(bytes.buffer.byteLength); // a buffer of its own, so that it can be moved to the worker
  });

  test("an empty body", async () => {
    const { url } = await serve((_request, response) => response.writeHead(200, { "Content-Length": 0 }).end());
    expect(await (await openObject({ url }, soon())).read(10)).toHaveLength(0);
  });

  test("a claimed length over the bound is refused before a byte is read", async () => {
    let closed: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const { url } = await serve((request, response) => {
      request.on("close", closed);
      response.writeHead(200, { "Content-Length": 1e12 });
      response.write("x");
    });
    const object = await openObject({ url }, soon());
    expect(await rejectionOf(object.read(1000))).toMatchObject({ code: "SOURCE_TOO_LARGE" });
    await gone; // the connection was given up
  });

  test("a body without end is refused at the bound", async () => {
    const { url } = await serve((_request, response) => {
      const more = () => {
        if (!response.destroyed) response.write(BYTES, () => setImmediate(more));
      };
      more();
    });
    expect(await rejectionOf((await openObject({ url }, soon())).read(2_000_000))).toMatchObject({ code: "SOURCE_TOO_LARGE" });
  });

  test("a length that lies high costs no memory and is UPSTREAM_FAILED once the body breaks off", async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { "Content-Length": 900_000_000 });
      response.write("tiny", () => response.destroy());
    });
    const object = await openObject({ url }, soon());
    const before = process.memoryUsage().arrayBuffers;
    const reading = rejectionOf(object.read(1_000_000_000));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
    expect(await reading).toMatchObject({ code: "UPSTREAM_FAILED" });
  });

  test("a chunked body that breaks off", async () => {
    const { url } = await serve((_request, response) => {
      response.write(BYTES, () => setTimeout(() => response.destroy(), 20));
    });
    expect(await rejectionOf((await openObject({ url }, soon())).read(1_000_000))).toMatchObject({ code: "UPSTREAM_FAILED" });
  });
});

describe("http client: time", () => {
  test("no head", async () => {
    const { url } = await serve(() => undefined);
    const from = Date.now();
    expect(await rejectionOf(openObject({ url }, soon(200)))).toMatchObject({ code: "TIMEOUT" });
    expect(Date.now() - from).toBeLessThan(2000);
  });

  test("a head and then nothing", async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { "Content-Length": 10 });
      response.write("x");
    });
    const object = await openObject({ url }, soon(250));
    expect(await rejectionOf(object.read(100))).toMatchObject({ code: "TIMEOUT" });
  });

  test("a deadline that has passed", async () => {
    const { url } = await serve(() => undefined);
    expect(await rejectionOf(openObject({ url }, Date.now() - 1000))).toMatchObject({ code: "TIMEOUT" });
  });
});

describe("http client: what is sent", () => {
  test("redirects are not followed: they would leave the trusted hosts", async () => {
    const asked: string[] = [];
    const { url } = await serve((request, response) => {
      asked.push(String(request.url));
      response.writeHead(302, { Location: "/elsewhere" }).end("moved");
    });
    const object = await openObject({ url: `${url}/a` }, soon());
    expect(object.status).toBe(302);
    object.discard();
    expect(asked).toEqual(["/a"]);
  });

  test("path and query exactly as they were signed", async () => {
    const { url } = await serve((request, response) => response.end(request.url));
    for (const path of ["/a/../b.jpg?x=1", "/%2e%2E/a%20b.jpg?Signature=a%2Bb'c&x", "/", "/a?b?c", "//a//b"]) {
      expect(Buffer.from(await (await openObject({ url: url + path }, soon())).read(999)).toString()).toBe(path);
    }
    expect(Buffer.from(await (await openObject({ url: `${url}/ü?#x` }, soon())).read(999)).toString()).toBe("/%C3%BC");
  });

  test("headers of a signed read", async () => {
    const { url } = await serve((request, response) => response.end(String(request.headers.authorization)));
    const object = await openObject({ url, headers: { Authorization: "OSS a:b" } }, soon());
    expect(Buffer.from(await object.read(99)).toString()).toBe("OSS a:b");
  });
});

describe("http client: connections", () => {
  test("nobody listens", async () => {
    const { url, server } = await serve(() => undefined);
    await new Promise((resolve) => server.close(resolve));
    const failure = await rejectionOf(openObject({ url: `${url}/a?Signature=secret` }, soon()));
    expect(failure.code).toBe("UPSTREAM_FAILED");
    expect(failure.message).not.toContain("secret");
  });

  test("a kept connection that the store has closed meanwhile is no failure of the read", async () => {
    const sockets = new Map<Socket, number>();
    const { url } = await serve((request, response) => {
      const count = (sockets.get(request.socket) ?? 0) + 1;
      sockets.set(request.socket, count);
      if (count > 1)
        request.socket.resetAndDestroy(); // what a frozen instance finds when it wakes
      else response.end("fine");
    });
    for (let i = 0; i < 3; i++) {
      expect(Buffer.from(await (await openObject({ url }, soon())).read(99)).toString()).toBe("fine");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(Math.max(...sockets.values())).toBe(2); // one was used again, so the case did arise
  });

  test("a new connection that is reset is a failure, not tried again", async () => {
    let count = 0;
    const { url } = await serve((request) => {
      count++;
      request.socket.resetAndDestroy();
    });
    expect(await rejectionOf(openObject({ url }, soon()))).toMatchObject({ code: "UPSTREAM_FAILED" });
    expect(count).toBe(1);
  });

  test("discard frees a connection with a small body and gives one with a large body up", async () => {
    const sockets = new Set<Socket>();
    const ended: string[] = [];
    const { url } = await serve((request, response) => {
      sockets.add(request.socket);
      request.on("close", () => ended.push(String(request.url)));
      if (request.url === "/small") response.end("x".repeat(1000));
      else response.writeHead(200, { "Content-Length": 1e9 }).write("x");
    });
    for (let i = 0; i < 3; i++) {
      (await openObject({ url: `${url}/small` }, soon())).discard();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(sockets.size).toBe(1);
    (await openObject({ url: `${url}/large` }, soon())).discard();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ended).toContain("/large");
  });
});
