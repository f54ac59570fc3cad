import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Explanation } from "../../../src/engine.ts";
import { createActivity } from "../../../src/studio/engine/activity.ts";
import type { Client } from "../../../src/studio/engine/client.ts";
import { Overtaken, PlanFault } from "../../../src/studio/engine/fault.ts";
import { type Maker, startMaker } from "../../../src/studio/engine/maker.ts";
import type { Failure, Made } from "../../../src/studio/engine/protocol.ts";
import { docOf, EMPTY_DOC } from "../../../src/studio/state/document.ts";
import * as store from "../../../src/studio/state/store.ts";
import { encodeBase64Url } from "../../../src/syntax/base64.ts";
import { parseProcess } from "../../../src/syntax/oss-process.ts";
import { fakeMade, settled } from "./fakes.ts";

/** Answers at once, but for exact results, which wait until a test answers them. */
class FakeClient implements Client {
  readonly asked: string[] = [];
  readonly faults = new Map<string, Failure>();
  /** Ends the result that is being made. */
  finish: (outcome: Made | Error) => void = () => undefined;

  warm(): void {}
  setMarks(): void {}
  dispose(): void {}
  async open(): Promise<never> {
    throw new Error("not used here");
  }
  async explain(process: string): Promise<Explanation> {
    this.asked.push(`explain ${process}`);
    const fault = this.faults.get(process);
    if (fault !== undefined) throw new PlanFault(fault);
    return { steps: [] } as unknown as Explanation;
  }
  async draft(lane: string, { process }: { readonly process: string }): Promise<Made> {
    this.asked.push(`${lane} ${process}`);
    return fakeMade(`${lane} ${process}`);
  }
  render(process: string): Promise<Made> {
    this.asked.push(`render ${process}`);
    return new Promise((resolve, reject) => {
      this.finish = (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome));
    });
  }
  cancel(): void {
    this.finish(new Overtaken());
  }
  get rendered(): readonly string[] {
    return this.asked.filter((ask) => ask.startsWith("render ")).map((ask) => ask.slice("render ".length));
  }
}

let client: FakeClient;
let maker: Maker;
const live = new Set<string>();
let sources = 0;

beforeEach(() => {
  vi.useFakeTimers();
  live.clear();
  vi.spyOn(URL, "createObjectURL").mockImplementation(() => {
    const url = `blob:${live.size}-${Math.random()}`;
    live.add(url);
    return url;
  });
  vi.spyOn(URL, "revokeObjectURL").mockImplementation((url) => void live.delete(url));
  client = new FakeClient();
  store.resetDoc();
  store.stripOpen.value = false;
  maker = startMaker({ client, activity: createActivity(() => 0), side: 800 });
});
afterEach(() => {
  maker.end();
  maker.reset();
  store.source.value = undefined;
  store.marks.value = new Map();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function takePicture(alpha = false): void {
  sources++;
  const picture = new Blob(["picture"]);
  const probe = { format: "jpeg", alpha } as store.Source["probe"];
  maker.reset();
  store.source.value = { id: sources, name: "a.jpg", picture, url: "blob:source", probe, width: 4, height: 3 };
}
const ask = (process: string) => store.edit(() => docOf(parseProcess(process)));
const drag = (process: string) => store.move(() => docOf(parseProcess(process)));
async function after(ms: number): Promise<void> {
  await settled();
  await vi.advanceTimersByTimeAsync(ms);
}
/** The exact result that is being made is finished. */
async function finish(outcome: Made | Error = fakeMade("made")): Promise<void> {
  client.finish(outcome);
  await settled();
}
/** Result for `process`, made and shown. */
async function shown(process: string): Promise<void> {
  if (process === "") store.edit(() => EMPTY_DOC);
  else ask(process);
  await after(200);
  await finish();
}

describe("a new picture", () => {
  test("is explained, drafted and made", async () => {
    takePicture();
    await after(0);
    expect(client.asked).toEqual(["explain ", "draft ", "before ", "render "]);
    await finish(fakeMade("original"));
    expect(store.draft.value).toMatchObject({ width: 4, height: 3, process: "" });
    expect(store.result.value).toMatchObject({ bytes: 8, totalMs: 7, sha256: "sha of original", process: "" });
    expect(store.isCurrent.value).toBe(true);
  });
  test("takes the place of what was made of the one before", async () => {
    takePicture();
    await shown("image/bright,1");
    takePicture();
    expect([store.result.value, store.draft.value, store.before.value, store.explanation.value]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    await after(0);
    expect(client.rendered).toEqual(["image/bright,1", "image/bright,1"]);
  });
});

describe("a change", () => {
  beforeEach(async () => {
    takePicture();
    await after(0);
    await finish();
    client.asked.length = 0;
  });

  test("is drafted at once and made when there has been no other for a while", async () => {
    ask("image/bright,1");
    await after(100);
    ask("image/bright,2");
    await after(100);
    expect(client.rendered).toEqual([]);
    expect(store.draft.value?.process).toBe("image/bright,2");
    await after(100);
    expect(client.rendered).toEqual(["image/bright,2"]);
  });
  test("is not made while a control moves", async () => {
    for (let value = 1; value < 9; value++) {
      drag(`image/bright,${value}`);
      await after(200);
    }
    expect(client.rendered).toEqual([]);
    expect(store.draft.value?.process).toBe("image/bright,8");
    store.settle();
    await after(200);
    expect(client.rendered).toEqual(["image/bright,8"]);
  });
  test("ends what is being made", async () => {
    ask("image/bright,1");
    await after(200);
    ask("image/bright,2");
    await settled();
    expect(store.work.value.kind).toBe("idle");
    expect(store.renderFault.value).toBe(undefined);
    await after(200);
    await finish(fakeMade("2"));
    expect(store.result.value?.sha256).toBe("sha of 2");
    expect(client.rendered).toEqual(["image/bright,1", "image/bright,2"]);
  });
  test("that is taken back needs nothing made again", async () => {
    await shown("image/bright,1");
    client.asked.length = 0;
    ask("image/bright,2");
    await after(100);
    store.undo();
    await after(1000);
    expect(client.rendered).toEqual([]);
    expect(store.isCurrent.value).toBe(true);
  });
  test("that moves nothing leaves the original beside it", async () => {
    ask("image/bright,1");
    await after(0);
    expect(client.asked).toEqual(["explain image/bright,1", "draft image/bright,1"]);
  });
  test("that does not fit is a problem of its step, and nothing is made", async () => {
    const fault = { operation: "crop", parameter: "crop", expected: "an origin inside" };
    const process = "image/crop,x_9/crop,x_1";
    client.faults.set(process, { code: "BAD_ARGUMENT", message: "crop: …", fault, call: 0 });
    ask(process);
    await after(1000);
    const [first] = store.doc.value.steps;
    expect(store.problem.value).toMatchObject({ operation: "crop", step: first?.id, error: { code: "BAD_ARGUMENT" } });
    expect(client.asked).toEqual([`explain ${process}`]);
    expect(store.result.value?.process).toBe("");
    ask("image/crop,x_1");
    await after(0);
    expect(store.problem.value).toBe(undefined);
  });
  test("that fails says why, and the last result stays", async () => {
    ask("image/bright,1");
    await after(200);
    await finish(new PlanFault({ code: "SOURCE_TOO_LARGE", message: "too much" }));
    expect(store.renderFault.value).toEqual({ code: "SOURCE_TOO_LARGE", message: "too much" });
    expect(store.result.value?.process).toBe("");
    store.undo();
    expect(store.renderFault.value).toBe(undefined);
  });
  test("of a picture that is drawn makes the result again", async () => {
    await shown(`image/watermark,image_${encodeBase64Url("logo.png")}`);
    client.asked.length = 0;
    store.marks.value = new Map([["other.png", new Blob([])]]);
    await after(1000);
    expect(client.rendered).toEqual([]);
    store.marks.value = new Map([["logo.png", new Blob([])]]);
    await after(1000);
    expect(client.rendered.length).toBe(1);
  });
  test("leaves no picture behind, however many there are", async () => {
    store.stripOpen.value = true;
    for (let value = 1; value <= 40; value++) {
      await shown(`image/rotate,${value}`);
      await after(600);
      await finish();
    }
    const cards = store.candidates.value.filter(({ url }) => url !== undefined).length;
    expect(live.size - cards).toBeGreaterThan(6); // cards that have just gone may be loading still
    await after(1000);
    // Draft, original and result, each with the one before
    expect(live.size - cards).toBe(6);
    expect(cards).toBe(1);
  });
});

describe("the strip", () => {
  const states = () => store.candidates.value.map(({ format, quality, state }) => [format, quality, state].join(" "));
  beforeEach(async () => {
    store.stripOpen.value = true;
    takePicture();
    await after(0);
    await finish(fakeMade("original"));
    client.asked.length = 0;
  });

  test("waits for calm, then makes one card after the other", async () => {
    await after(400);
    expect(client.rendered).toEqual([]);
    await after(200);
    expect(client.rendered).toEqual(["image/format,jpg/quality,d_format"]);
    expect(states()[0]).toBe("jpeg  making");
    await finish(fakeMade("12345"));
    expect(client.rendered[1]).toBe("image/format,webp/quality,d_format");
    expect(store.candidates.value[0]).toMatchObject({ format: "jpeg", state: "made", bytes: 5, totalMs: 7 });
    expect(states()).toEqual([
      "jpeg  made",
      "webp  making",
      "avif  waiting",
      "jpeg 50 waiting",
      "jpeg 65 waiting",
      "jpeg 80 waiting",
      "jpeg 90 waiting",
    ]);
  });
  test("says of a card that it failed, and goes on", async () => {
    await after(600);
    await finish(new PlanFault({ code: "OUTPUT_TOO_LARGE", message: "too large" }));
    expect(store.candidates.value[0]).toMatchObject({ state: "failed", message: "too large" });
    expect(states()[1]).toBe("webp  making");
  });
  test("stops at a change, and its figures go", async () => {
    await after(600);
    await finish(fakeMade("12345"));
    ask("image/bright,1");
    await settled();
    expect(new Set(store.candidates.value.map(({ state }) => state))).toEqual(new Set(["waiting"]));
    await after(200);
    expect(client.rendered).toEqual([
      "image/format,jpg/quality,d_format",
      "image/format,webp/quality,d_format",
      "image/bright,1",
    ]);
  });
  test("needs no second making of what is shown", async () => {
    await shown("image/format,jpg/quality,d_format");
    client.asked.length = 0;
    await after(600);
    expect(states()[0]).toBe("jpeg  made");
    expect(client.rendered).toEqual(["image/format,webp/quality,d_format"]);
  });
  test("is made only while it is open", async () => {
    await after(600);
    store.stripOpen.value = false;
    expect(store.candidates.value).toEqual([]);
    await finish(fakeMade("late"));
    expect(store.candidates.value).toEqual([]);
    store.stripOpen.value = true;
    await after(600);
    expect(states()[0]).toBe("jpeg  making");
  });
});
