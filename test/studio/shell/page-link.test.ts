import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followLink, isLinkOpening, linkedKey, type Place } from "../../../src/studio/shell/page-link.ts";
import { addStep, createStep, setSetting } from "../../../src/studio/state/document.ts";
import {
  doc,
  edit,
  move,
  notice,
  processText,
  resetDoc,
  type Source,
  settle,
  source,
  undo,
} from "../../../src/studio/state/store.ts";

/** An address with what a page does about it. */
function createPlace(fragment: string, store: Promise<boolean> = Promise.resolve(true)) {
  const written: string[] = [];
  const opened: string[] = [];
  let changed = () => {};
  let leave = () => {};
  let now = fragment;
  const place: Place = {
    read: () => now,
    write: (next) => {
      now = `#${next}`;
      written.push(next);
    },
    onChange: (act) => {
      changed = act;
    },
    onLeave: (act) => {
      leave = act;
    },
    hasStore: () => store,
    open: async (key) => {
      opened.push(key);
    },
  };
  const visit = (next: string) => {
    now = next;
    changed();
  };
  return { place, written, opened, visit, leave: () => leave() };
}
const sourceOf = (key?: string): Source =>
  ({ id: 1, name: key ?? "local.jpg", ...(key === undefined ? {} : { key }) }) as unknown as Source;

beforeEach(() => {
  vi.useFakeTimers();
  resetDoc();
  source.value = undefined;
  linkedKey.value = undefined;
  notice.value = undefined;
});
afterEach(() => vi.useRealTimers());

test("a page that is opened takes over chain and settings, with nothing to undo", () => {
  const { place, written } = createPlace("#process=image/resize,w_200/format,webp&off=0");
  expect(followLink(place)).toBe(false);
  expect(doc.value.steps.map(({ name, on }) => [name, on])).toEqual([["resize", false]]);
  expect(doc.value.settings).toEqual({ format: { value: "webp" } });
  undo();
  expect(doc.value.steps).toHaveLength(1);
  vi.runAllTimers();
  expect(written).toEqual([]);
});

test("the address follows a change once it has rested", () => {
  const { place, written } = createPlace("");
  followLink(place);
  edit((now) => addStep(now, createStep("resize", { w: "200" })));
  edit((now) => setSetting(now, "format", { value: "webp" }));
  expect(written).toEqual([]);
  vi.runAllTimers();
  expect(written).toEqual(["process=image/resize,w_200/format,webp"]);
  undo();
  undo();
  vi.runAllTimers();
  expect(written.slice(1)).toEqual([""]);
});

test("a page that is left before it rests has its address right", () => {
  const { place, written, leave } = createPlace("");
  followLink(place);
  edit((now) => addStep(now, createStep("flip", { value: "h" })));
  leave();
  expect(written).toEqual(["process=image/flip,h"]);
});

test("the address does not follow a control that moves", () => {
  const { place, written } = createPlace("");
  followLink(place);
  for (const quality of ["10", "20", "30"]) {
    move((now) => setSetting(now, "quality", { Q: quality }));
    vi.advanceTimersByTime(2000);
  }
  expect(written).toEqual([]);
  settle();
  vi.runAllTimers();
  expect(written).toEqual(["process=image/quality,Q_30"]);
});

test("half an argument leaves the address at what was said last", () => {
  const { place, written } = createPlace("#process=image/resize,w_200");
  followLink(place);
  edit((now) => addStep(now, createStep("blur", { r: "3" })));
  vi.runAllTimers();
  expect(written).toEqual([]);
});

test("the object of a link is opened, and stays in the address while it is not", async () => {
  const { place, written, opened } = createPlace("#key=a/owl.jpg");
  expect(followLink(place)).toBe(true);
  await vi.runAllTimersAsync();
  expect(opened).toEqual(["a/owl.jpg"]);
  edit((now) => setSetting(now, "format", { value: "webp" }));
  vi.runAllTimers();
  expect(written).toEqual(["key=a/owl.jpg&process=image/format,webp"]);
});

test.each([true, false])("a link is opening until its object has been asked for, with a store: %s", async (hasStore) => {
  const { place } = createPlace("#key=none.jpg", Promise.resolve(hasStore));
  followLink(place);
  expect(isLinkOpening.value).toBe(true);
  await vi.runAllTimersAsync();
  expect([isLinkOpening.value, linkedKey.value]).toEqual([false, "none.jpg"]);
});

test("a link that another one overtakes is not the one that is opening", async () => {
  let answer = (_hasStore: boolean) => {};
  const { place, visit, opened } = createPlace("#key=a.jpg", new Promise((resolve) => (answer = resolve)));
  followLink(place);
  visit("#key=b.jpg");
  expect(isLinkOpening.value).toBe(true);
  answer(true);
  await vi.runAllTimersAsync();
  expect([opened, isLinkOpening.value]).toEqual([["b.jpg"], false]);
});

test("the address has the key of what is open; a local picture has none", () => {
  const { place, written } = createPlace("");
  followLink(place);
  source.value = sourceOf("dice.png");
  vi.runAllTimers();
  source.value = sourceOf();
  vi.runAllTimers();
  expect(written).toEqual(["key=dice.png", ""]);
});

test("a link to an object where there is no store says so", async () => {
  const { place, opened } = createPlace("#key=owl.jpg", Promise.resolve(false));
  followLink(place);
  await vi.runAllTimersAsync();
  expect(opened).toEqual([]);
  expect(notice.value?.text).toContain("owl.jpg");
});

test("a picture that is opened meanwhile is not replaced by the link's", async () => {
  let found = (_isThere: boolean) => {};
  const { place, opened } = createPlace("#key=owl.jpg", new Promise((resolve) => (found = resolve)));
  followLink(place);
  source.value = sourceOf();
  found(true);
  await vi.runAllTimersAsync();
  expect(opened).toEqual([]);
});

test("a bad link says why, and the page starts empty", () => {
  const { place } = createPlace("#process=image/resize,w_0");
  expect(followLink(place)).toBe(false);
  expect(doc.value.steps).toEqual([]);
  expect(notice.value).toMatchObject({ kind: "error", text: expect.stringContaining("resize.w") });
});

test("a link that is pasted into the address replaces the chain and can be undone", async () => {
  const { place, visit, opened } = createPlace("#process=image/flip,h");
  followLink(place);
  source.value = sourceOf("owl.jpg");
  visit("#key=owl.jpg&process=image/rotate,90");
  expect(processText.value).toBe("image/rotate,90");
  undo();
  expect(processText.value).toBe("image/flip,h");
  visit("#key=dice.png");
  await vi.runAllTimersAsync();
  expect(opened).toEqual(["dice.png"]);
});

test("a bad link that is pasted leaves the chain as it is", () => {
  const { place, visit } = createPlace("#process=image/flip,h");
  followLink(place);
  visit("#process=image/nonsense");
  expect(processText.value).toBe("image/flip,h");
  expect(notice.value?.kind).toBe("error");
});

test("a bad link that is pasted leaves the address, too", () => {
  const { place, visit, written } = createPlace("#process=image/flip,h");
  followLink(place);
  visit("#process=image/nonsense");
  expect(written).toEqual(["process=image/flip,h"]);
});

test("an object that cannot be opened leaves the address to the picture before it", async () => {
  const { place, visit, written } = createPlace("");
  followLink(place);
  source.value = sourceOf("owl.jpg");
  await vi.runAllTimersAsync();
  visit("#key=gone.jpg");
  await vi.runAllTimersAsync();
  expect(written).toEqual(["key=owl.jpg", "key=owl.jpg"]);
});

test("what the page wrote itself is not read back", () => {
  const { place, visit } = createPlace("");
  followLink(place);
  edit((now) => addStep(now, createStep("flip", { value: "h" })));
  const before = doc.value;
  vi.runAllTimers();
  visit("#process=image/flip,h");
  expect(doc.value).toBe(before);
});
