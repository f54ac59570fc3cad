import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { createFiles } from "../../../src/studio/engine/files.ts";
import type { FromWorker, Modules } from "../../../src/studio/engine/protocol.ts";
import { WASM_FILES } from "../../../wasm/files.mjs";
import { ROOT } from "../../support/library.ts";

afterEach(() => void vi.unstubAllGlobals());

function setUp(answer: (url: string) => Response | Promise<Response>) {
  const asked: string[] = [];
  const said: FromWorker[] = [];
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    return answer(url);
  });
  const files = createFiles({ address: (file) => `https://a.test/${file}?1`, post: (message) => said.push(message) });
  const progress = () => said.flatMap((message) => (message.kind === "progress" ? [message] : []));
  return { files, asked, said, progress };
}
const wasm = (headers: Record<string, string>) => async () =>
  new Response(await readFile(join(ROOT, WASM_FILES.pixels)), { headers });

test("a module is fetched once, compiled whatever the host says it is, and passed on", async () => {
  const { files, asked, said } = setUp(wasm({ "content-type": "application/octet-stream" }));
  const [one, other] = await Promise.all([files.loadWasm("pixels"), files.loadWasm("pixels")]);
  expect(one).toBeInstanceOf(WebAssembly.Module);
  expect(other).toBe(one);
  expect(asked).toEqual(["https://a.test/wasm/pixels.wasm?1"]);
  expect(said).toContainEqual({ kind: "module", name: "pixels", module: one });
});
test("its progress begins, counts to its length and ends", async () => {
  const length = (await readFile(join(ROOT, WASM_FILES.pixels))).length;
  const { files, progress } = setUp(wasm({ "content-length": String(length) }));
  await files.loadWasm("pixels");
  const file = "wasm/pixels.wasm";
  expect(progress()[0]).toMatchObject({ file, loaded: 0, done: false });
  expect(progress().slice(-2)).toMatchObject([
    { file, loaded: length, total: length, done: false },
    { file, done: true },
  ]);
});
test("of a compressed file the length is not known", async () => {
  const { files, progress } = setUp(wasm({ "content-length": "10", "content-encoding": "br" }));
  await files.loadWasm("pixels");
  expect(progress().every(({ total }) => total === 0)).toBe(true);
});
test("a failure ends the progress and is forgotten", async () => {
  let fails = true;
  const { files, progress } = setUp(() => (fails ? new Response("", { status: 503 }) : wasm({})()));
  await expect(files.loadWasm("pixels")).rejects.toThrow("wasm/pixels.wasm: HTTP 503");
  expect(progress().pop()).toMatchObject({ done: true });
  fails = false;
  expect(await files.loadWasm("pixels")).toBeInstanceOf(WebAssembly.Module);
});
test("a font that the host does not have is left out", async () => {
  const { files } = setUp((url) => (url.includes("han-kai") ? new Response("", { status: 404 }) : new Response("font")));
  expect(await files.loadFont("han-kai.ttf")).toBe(undefined);
  expect(new TextDecoder().decode(await files.loadFont("sans.ttf"))).toBe("font");
});
test("what is handed over is not fetched", async () => {
  const { files, asked } = setUp(() => new Response("", { status: 404 }));
  const module = await WebAssembly.compile(await readFile(join(ROOT, WASM_FILES.pixels)));
  const handed: Modules = { kind: "modules", modules: [["pixels", module]], fonts: [["sans.ttf", new Blob(["font"])]] };
  files.take(handed);
  expect(await files.loadWasm("pixels")).toBe(module);
  expect((await files.loadFont("sans.ttf"))?.length).toBe(4);
  expect(asked).toEqual([]);
});
