import { expect, test } from "vitest";
import { findKeptPicture, forgetPicture, type Keeping, keepPicture } from "../../../src/studio/shell/kept-picture.ts";

const HOUR = 3_600_000;

/** A browser's caches, shared by its tabs. */
function createCaches() {
  const stores = new Map<string, Map<string, Response>>();
  const open = (name: string) => {
    const entries = stores.get(name) ?? new Map<string, Response>();
    stores.set(name, entries);
    return {
      put: async (address: string, answer: Response) => void entries.set(address, answer),
      match: async (request: string) => entries.get(request)?.clone(),
      delete: async (request: string) => entries.delete(request),
      keys: async () => [...entries.keys()],
    };
  };
  const caches = { open: async (name: string) => open(name), delete: async (name: string) => stores.delete(name) };
  const count = () => [...stores.values()].reduce((sum, entries) => sum + entries.size, 0);
  return { caches: caches as unknown as Keeping["caches"], count };
}
function createTab(caches: Keeping["caches"], clock: { now: number }): Keeping {
  const values = new Map<string, string>();
  const tab = {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
  return { caches, tab, now: () => clock.now };
}
const picture = (text: string) => new Blob([text], { type: "image/png" });

test("a picture is found again in its tab, bytes, type and name", async () => {
  const { caches } = createCaches();
  const tab = createTab(caches, { now: 1 });
  await keepPicture(tab, { picture: picture("pixels"), name: "图 1.png" });
  const kept = await findKeptPicture(tab);
  expect(kept?.name).toBe("图 1.png");
  expect(kept?.picture.type).toBe("image/png");
  expect(await kept?.picture.text()).toBe("pixels");
});

test("only the last picture is kept, and a tab whose picture has gone begins without one", async () => {
  const { caches, count } = createCaches();
  const clock = { now: 1 };
  const [first, second] = [createTab(caches, clock), createTab(caches, clock)];
  await keepPicture(first, { picture: picture("a"), name: "a.png" });
  clock.now = 2;
  await keepPicture(second, { picture: picture("b"), name: "b.png" });
  expect(count()).toBe(1);
  expect(await findKeptPicture(first)).toBeUndefined();
  expect((await findKeptPicture(second))?.name).toBe("b.png");
});

test("a new tab finds nothing", async () => {
  const { caches } = createCaches();
  await keepPicture(createTab(caches, { now: 1 }), { picture: picture("a"), name: "a.png" });
  expect(await findKeptPicture(createTab(caches, { now: 2 }))).toBeUndefined();
});

test("forgetting takes the tab's picture away, another tab's only when it was left a day ago", async () => {
  const { caches, count } = createCaches();
  const clock = { now: HOUR };
  const [mine, other] = [createTab(caches, clock), createTab(caches, clock)];
  await keepPicture(mine, { picture: picture("a"), name: "a.png" });
  await forgetPicture(mine);
  expect(await findKeptPicture(mine)).toBeUndefined();
  expect(count()).toBe(0);

  await keepPicture(other, { picture: picture("b"), name: "b.png" });
  await forgetPicture(mine);
  expect((await findKeptPicture(other))?.name).toBe("b.png");
  clock.now += 25 * HOUR;
  await forgetPicture(mine);
  expect(count()).toBe(0);
});
