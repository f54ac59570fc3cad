import { expect, test } from "vitest";
import { Overtaken } from "../../../src/studio/engine/fault.ts";
import { createLanes } from "../../../src/studio/engine/lanes.ts";
import { settled } from "./fakes.ts";

/** Work that ends when it is told to, and a record of what has begun. */
function work() {
  const begun: string[] = [];
  const ends = new Map<string, (end: "well" | "badly") => void>();
  const start = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve, reject) => {
      ends.set(name, (end) => (end === "well" ? resolve(name) : reject(new Error(name))));
    });
  };
  const end = async (name: string, how: "well" | "badly" = "well") => {
    ends.get(name)?.(how);
    await settled();
  };
  return { begun, start, end };
}

test("one piece runs at a time, and of one lane only the newest waits", async () => {
  const lanes = createLanes(["draft"]);
  const { begun, start, end } = work();
  const first = lanes.run("draft", start("1"));
  const second = lanes.run("draft", start("2"));
  const third = lanes.run("draft", start("3"));
  await expect(second).rejects.toBeInstanceOf(Overtaken);
  expect(begun).toEqual(["1"]);
  await end("1");
  expect(await first).toBe("1");
  await end("3");
  expect(await third).toBe("3");
  expect(begun).toEqual(["1", "3"]);
});

test("an earlier lane goes first, whenever it was asked", async () => {
  const lanes = createLanes(["explain", "draft"]);
  const { begun, start, end } = work();
  void lanes.run("draft", start("running"));
  void lanes.run("draft", start("draft"));
  void lanes.run("explain", start("explain"));
  await end("running");
  await end("explain");
  await end("draft");
  expect(begun).toEqual(["running", "explain", "draft"]);
});

test("what fails does not stop the rest", async () => {
  const lanes = createLanes(["draft"]);
  const { begun, start, end } = work();
  const first = lanes.run("draft", start("1"));
  void lanes.run("draft", start("2"));
  await Promise.all([expect(first).rejects.toThrow("1"), end("1", "badly")]);
  expect(begun).toEqual(["1", "2"]);
});

test("what waits can be dropped", async () => {
  const lanes = createLanes(["draft", "explain"]);
  const { begun, start, end } = work();
  void lanes.run("draft", start("1"));
  const waiting = lanes.run("explain", start("2"));
  lanes.clear();
  await expect(waiting).rejects.toBeInstanceOf(Overtaken);
  await end("1");
  expect(begun).toEqual(["1"]);
});
