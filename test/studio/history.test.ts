import fc from "fast-check";
import { expect, test } from "vitest";
import { type Doc, EMPTY_DOC } from "../../src/studio/state/document.ts";
import { changed, EMPTY_HISTORY, type History, moving, redone, undone } from "../../src/studio/state/history.ts";

/** A document that is told by a number; 0 is the empty one. */
function numbered(number: number): Doc {
  return number === 0 ? EMPTY_DOC : { steps: [], settings: { quality: { Q: String(number) } } };
}
function numberOf({ present }: History): number {
  return Number(present.settings["quality"]?.["Q"] ?? 0);
}
/** Where repeating a step leads, one history per time. */
function walk(start: History, step: (history: History) => History, times: number): readonly History[] {
  let history = start;
  return Array.from({ length: times }, () => {
    history = step(history);
    return history;
  });
}
function after(...numbers: readonly number[]): History {
  return numbers.reduce((history, number) => changed(history, numbered(number)), EMPTY_HISTORY);
}

test("undo goes back through every change, redo forward again", () => {
  const start = after(1, 2, 3);
  expect(walk(start, undone, 4).map(numberOf)).toEqual([2, 1, 0, 0]);
  expect(walk(walk(start, undone, 3)[2] ?? start, redone, 4).map(numberOf)).toEqual([1, 2, 3, 3]);
});

test("a change after undo forgets what was undone", () => {
  const history = changed(undone(after(1, 2)), numbered(9));
  expect(history.future).toEqual([]);
  expect(numberOf(redone(history))).toBe(9);
  expect(numberOf(undone(history))).toBe(1);
});

test("a change to what is there already is none, and keeps what can be redone", () => {
  const history = undone(after(1, 2));
  const same = changed(history, numbered(1));
  expect(same.past).toHaveLength(1);
  expect(numberOf(redone(same))).toBe(2);
});

test("a movement is one step, however many changes it has", () => {
  const moved = [2, 3, 4].reduce((history, number) => moving(history, numbered(number)), after(1));
  expect(numberOf(moved)).toBe(4);
  const settled = changed(moved);
  expect(settled.before).toBeUndefined();
  expect(settled.past).toHaveLength(2);
  expect(numberOf(undone(settled))).toBe(1);
});

test("the change that ends a movement belongs to it", () => {
  const history = changed(moving(after(1), numbered(2)), numbered(3));
  expect(numberOf(history)).toBe(3);
  expect(numberOf(undone(history))).toBe(1);
});

test("a movement that comes back to where it began leaves no trace", () => {
  const start = undone(after(1, 2));
  const history = changed(moving(moving(start, numbered(5)), numbered(1)));
  expect(history).toEqual(start);
});

test("undo during a movement takes all of it back, and redo brings its last place", () => {
  const history = undone(moving(moving(after(1), numbered(2)), numbered(3)));
  expect(numberOf(history)).toBe(1);
  expect(history.before).toBeUndefined();
  expect(numberOf(redone(history))).toBe(3);
});

test("redo during a movement ends it: what was undone before is no longer what follows", () => {
  const history = redone(moving(undone(after(1, 2)), numbered(7)));
  expect(numberOf(history)).toBe(7);
  expect(history.before).toBeUndefined();
  expect(numberOf(undone(history))).toBe(1);
});

test("nothing to undo and nothing to redo are no faults", () => {
  expect(undone(EMPTY_HISTORY)).toEqual(EMPTY_HISTORY);
  expect(redone(EMPTY_HISTORY)).toEqual(EMPTY_HISTORY);
  expect(changed(EMPTY_HISTORY)).toEqual(EMPTY_HISTORY);
});

test("the oldest states are forgotten, the newest 200 are kept", () => {
  let history = after(...Array.from({ length: 250 }, (_unused, index) => index + 1));
  for (let steps = 0; steps < 300; steps++) history = undone(history);
  expect(numberOf(history)).toBe(50);
});

type Act = { readonly act: "change" | "move"; readonly number: number } | { readonly act: "settle" | "undo" | "redo" };
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: fc.constantFrom("change", "move"), number: fc.nat(3) }),
  fc.record({ act: fc.constantFrom("settle", "undo", "redo") }),
) as fc.Arbitrary<Act>;
function acted(history: History, { act: name, ...rest }: Act): History {
  const doc = "number" in rest ? numbered(rest.number) : history.present;
  if (name === "change") return changed(history, doc);
  if (name === "move") return moving(history, doc);
  if (name === "settle") return changed(history);
  return name === "undo" ? undone(history) : redone(history);
}
/** Any history that a person can come to. */
const anyHistory = fc.array(act, { maxLength: 30 }).map((acts) => acts.reduce(acted, EMPTY_HISTORY));

test("laws: redo takes undo back, undo takes redo back", () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const settled = changed(history);
      if (settled.past.length > 0) expect(redone(undone(history))).toEqual(settled);
      if (settled.future.length > 0) expect(undone(redone(history))).toEqual(settled);
    }),
    { numRuns: 500 },
  );
});

test("laws: undoing all that is past and redoing it all comes back to the same history", () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const settled = changed(history);
      const times = settled.past.length;
      let there = settled;
      for (let step = 0; step < times; step++) there = undone(there);
      expect(there.past).toEqual([]);
      for (let step = 0; step < times; step++) there = redone(there);
      expect(there).toEqual(settled);
    }),
    { numRuns: 300 },
  );
});

test("laws: two neighbors in a history differ, and settling twice is settling once", () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const settled = changed(history);
      const line = [...settled.past, settled.present, ...settled.future].map((doc) => JSON.stringify(doc));
      expect(line.filter((text, index) => text === line[index + 1])).toEqual([]);
      expect(changed(settled)).toEqual(settled);
    }),
    { numRuns: 300 },
  );
});

test("laws: a movement of any length is undone at once", () => {
  fc.assert(
    fc.property(anyHistory, fc.array(fc.nat(9), { minLength: 1, maxLength: 8 }), (history, numbers) => {
      const start = changed(history);
      const moved = numbers.reduce((then, number) => moving(then, numbered(number)), start);
      const settled = changed(moved);
      if (numberOf(settled) === numberOf(start)) expect(settled).toEqual(start);
      else expect(undone(settled)).toMatchObject({ past: start.past, present: start.present });
    }),
    { numRuns: 300 },
  );
});
