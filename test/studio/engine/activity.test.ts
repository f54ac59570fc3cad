import { expect, test } from "vitest";
import { createActivity } from "../../../src/studio/engine/activity.ts";
import { work } from "../../../src/studio/state/store.ts";

test("what matters most is told: loading before opening, rendering, drafting", async () => {
  const activity = createActivity(() => 7);
  const ends: (() => void)[] = [];
  const begin = (kind: "opening" | "drafting" | "rendering") => {
    return activity.during(kind, new Promise<void>((resolve) => void ends.push(resolve)));
  };
  const drafting = begin("drafting");
  expect(work.value).toEqual({ kind: "drafting" });
  const rendering = begin("rendering");
  expect(work.value).toEqual({ kind: "rendering", since: 7 });
  const opening = begin("opening");
  expect(work.value).toEqual({ kind: "opening" });
  activity.onProgress({ kind: "progress", file: "wasm/png.wasm", loaded: 3, total: 9, done: false });
  expect(work.value).toEqual({ kind: "loading", file: "wasm/png.wasm", loaded: 3, total: 9 });
  activity.onProgress({ kind: "progress", file: "wasm/png.wasm", loaded: 0, total: 0, done: true });
  expect(work.value).toEqual({ kind: "opening" });
  for (const end of ends) end();
  await Promise.all([drafting, rendering, opening]);
  expect(work.value).toEqual({ kind: "idle" });
});

test("work that fails is over too", async () => {
  const activity = createActivity(() => 0);
  await expect(activity.during("rendering", Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(work.value).toEqual({ kind: "idle" });
});
