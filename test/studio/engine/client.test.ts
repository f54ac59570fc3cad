import { expect, test } from "vitest";
import { createClient } from "../../../src/studio/engine/client.ts";
import { Overtaken } from "../../../src/studio/engine/fault.ts";
import type { Opened, Progress } from "../../../src/studio/engine/protocol.ts";
import { FakeWorker, fakeMade, settled } from "./fakes.ts";

const PICTURE = new Blob(["picture"]);
const OPENED = { width: 4, height: 3, probe: { format: "jpeg" } } as Opened;

function setUp() {
  const workers: FakeWorker[] = [];
  const progress: Progress[] = [];
  const createWorker = () => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker;
  };
  const client = createClient({ createWorker, page: "https://a.test/studio/", onProgress: (said) => progress.push(said) });
  /** In the order they were started; the first is the quick one. */
  const worker = (index: number) => workers[index] as FakeWorker;
  const open = async () => {
    const opening = client.open(PICTURE, 800);
    await worker(0).answer(OPENED);
    return opening;
  };
  return { client, workers, worker, progress, open };
}

test("a worker starts with the address of the page, what is compiled, marks and the picture", async () => {
  const { client, worker, open } = setUp();
  client.setMarks({ pictures: [["logo.png", PICTURE]], base: "https://edge.test" });
  await open();
  const [start, modules, marks, opened] = worker(1).heard;
  expect(start).toEqual({ kind: "start", page: "https://a.test/studio/" });
  expect(modules).toEqual({ kind: "modules", modules: [], fonts: [] });
  expect(marks).toEqual({ kind: "marks", pictures: [["logo.png", PICTURE]], base: "https://edge.test" });
  expect(opened).toMatchObject({ kind: "open", picture: PICTURE });
});

test("a picture that cannot be read leaves the one before to all workers", async () => {
  const { client, worker, open } = setUp();
  await open();
  const opening = client.open(new Blob(["broken"]), 800);
  worker(0).say({ kind: "failure", id: 1, failure: { code: "CORRUPT_IMAGE", message: "the picture ends early" } });
  await expect(opening).rejects.toMatchObject({ code: "CORRUPT_IMAGE", message: "the picture ends early" });
  expect(worker(1).asked).toEqual(["open"]);
});

test("a result that is overtaken while it is made ends its worker, and the warm successor makes the next", async () => {
  const { client, workers, worker, open } = setUp();
  await open();
  const first = client.render("image/resize,w_1");
  await worker(1).answer(fakeMade("1"));
  expect((await first).data).toEqual(fakeMade("1").data);
  const before = workers.length;
  expect(worker(2).asked).toEqual(["open"]); // the successor, which has the picture already

  const second = client.render("image/resize,w_2");
  const third = client.render("image/resize,w_3");
  await expect(second).rejects.toBeInstanceOf(Overtaken);
  expect(worker(1).isTerminated).toBe(true);
  expect(worker(2).asked).toEqual(["open", "render image/resize,w_3"]);
  await worker(2).answer(fakeMade("3"));
  expect((await third).data).toEqual(fakeMade("3").data);
  expect(workers.length).toBe(before + 1); // one has gone, one has come
});

test("a worker that is idle is not ended", async () => {
  const { client, worker, open } = setUp();
  await open();
  client.cancel();
  void client.render("image/resize,w_1");
  await worker(1).answer(fakeMade("1"));
  client.cancel();
  void client.render("image/resize,w_2");
  expect(worker(1).isTerminated).toBe(false);
  expect(worker(1).asked).toEqual(["open", "render image/resize,w_1", "render image/resize,w_2"]);
});

test("of hundreds of results that are overtaken three workers are left", async () => {
  const { client, workers, open } = setUp();
  await open();
  for (let edit = 0; edit < 300; edit++) {
    client.render(`image/resize,w_${edit + 1}`).catch(() => undefined);
    await settled();
  }
  expect(workers.filter((worker) => !worker.isTerminated).length).toBe(3);
});

test("what one worker has compiled the others get, and those that come", async () => {
  const { client, worker, open } = setUp();
  await open();
  const module = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  const font = new Blob(["font"]);
  worker(0).say({ kind: "module", name: "png", module });
  worker(0).say({ kind: "font", file: "sans.ttf", font });
  expect(worker(1).heard).toContainEqual({ kind: "modules", modules: [["png", module]], fonts: [] });
  expect(worker(1).heard).toContainEqual({ kind: "modules", modules: [], fonts: [["sans.ttf", font]] });
  client.render("image/resize,w_1").catch(() => undefined);
  client.cancel();
  await settled();
  expect(worker(2).heard[1]).toEqual({ kind: "modules", modules: [["png", module]], fonts: [["sans.ttf", font]] });
});

test("a worker that dies fails what it was asked, and another takes its place", async () => {
  const { client, worker, open } = setUp();
  await open();
  const exact = client.render("image/resize,w_1");
  worker(1).onerror?.({ message: "out of memory" });
  await expect(exact).rejects.toMatchObject({ code: "INTERNAL", message: "the engine stopped unexpectedly: out of memory" });
  const again = client.render("image/resize,w_1");
  await worker(2).answer(fakeMade("1"));
  await expect(again).resolves.toMatchObject({ format: "jpeg" });

  const quick = client.explain("image/resize,w_1");
  worker(0).onerror?.({});
  await expect(quick).rejects.toMatchObject({ code: "INTERNAL" });
  void client.explain("image/resize,w_2");
  expect(worker(4).asked).toEqual(["open", "explain image/resize,w_2"]);
});

test("the load of a worker that is ended is over", async () => {
  const { client, worker, progress, open } = setUp();
  await open();
  client.render("image/resize,w_1/format,avif").catch(() => undefined);
  worker(1).say({ kind: "progress", file: "wasm/avif_enc.wasm", loaded: 5, total: 9, done: false });
  client.cancel();
  expect(progress).toEqual([
    { kind: "progress", file: "wasm/avif_enc.wasm", loaded: 5, total: 9, done: false },
    { kind: "progress", file: "wasm/avif_enc.wasm", loaded: 0, total: 0, done: true },
  ]);
});

test("drafts are made one at a time, and of those that wait only the newest", async () => {
  const { client, worker, open } = setUp();
  await open();
  const ask = (process: string) =>
    client.draft("draft", { process, side: 800, geometry: false }).catch((error: Error) => error);
  const drafts = [1, 2, 3, 4].map((width) => ask(`image/resize,w_${width}`));
  await worker(0).answer(fakeMade("1"));
  await worker(0).answer(fakeMade("4"));
  expect(worker(0).asked).toEqual(["open", "draft image/resize,w_1", "draft image/resize,w_4"]);
  expect((await Promise.all(drafts)).map((draft) => draft instanceof Overtaken)).toEqual([false, true, true, false]);
});

test("after dispose no worker is left and none is started", async () => {
  const { client, workers, open } = setUp();
  await open();
  const exact = client.render("image/resize,w_1");
  client.dispose();
  await expect(exact).rejects.toBeInstanceOf(Overtaken);
  await settled();
  expect(workers.every((worker) => worker.isTerminated)).toBe(true);
});
