import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import { CORPUS, HAS_CORPUS } from "../support/corpus.ts";
import { ROOT, testLibrary } from "../support/library.ts";

/** Seeds: the fixtures, and in the full run the small files of the corpus where there is one. */
const FULL = process.env["OPALENS_TEST_FULL"] === "1";
const FOLDERS = [
  join(ROOT, "fixtures/images"),
  ...(FULL && HAS_CORPUS
    ? ["png", "webp", "avif", "jpeg", "orientation", "broken", "edge"].map((name) => join(CORPUS, name))
    : []),
];
const ROUNDS = FULL ? 12_000 : 500;
/** What damaged bytes may end in; INTERNAL would be a 500. */
const EXPECTED = ["CORRUPT_IMAGE", "UNSUPPORTED_FORMAT", "SOURCE_TOO_LARGE"];

const seeds = FOLDERS.flatMap((folder) =>
  readdirSync(folder).map((name): [string, Uint8Array] => [name, new Uint8Array(readFileSync(join(folder, name)))]),
).filter(([, bytes]) => bytes.length > 20 && bytes.length < 60_000);

/** A linear congruential generator (Numerical Recipes), so that a failure can be run again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** One to eight bytes changed, most of them in the header; one in five also cut short. */
function damaged(bytes: Uint8Array, random: () => number): Uint8Array {
  const copy = bytes.slice();
  for (let change = 1 + Math.floor(random() * 8); change > 0; change--) {
    const range = random() < 0.6 ? Math.min(copy.length, 700) : copy.length;
    const kind = random();
    copy[Math.floor(random() * range)] = kind < 0.3 ? 255 : kind < 0.5 ? 0 : Math.floor(random() * 256);
  }
  return random() < 0.2 ? copy.slice(0, Math.floor(random() * copy.length)) : copy;
}

test("damaged bytes end in a picture or a typed client error, and the engine goes on", { timeout: 900_000 }, async () => {
  const library = testLibrary();
  const [, good] = seeds.find(([name]) => name === "example.jpg") as [string, Uint8Array];
  const before = await library.transform(good, "image/resize,w_40/format,png");
  const random = randomFrom(20_000);
  let pictures = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const [name, bytes] = seeds[Math.floor(random() * seeds.length)] as [string, Uint8Array];
    try {
      await library.transform(damaged(bytes, random), "image/resize,w_40/format,png", { limits: { maxPixels: 20_000_000 } });
      pictures++;
    } catch (thrown) {
      expect(thrown, `${name}, round ${round}`).toBeInstanceOf(TransformError);
      const { code, message, cause } = thrown as TransformError;
      expect(EXPECTED, `${name}, round ${round}: ${code} ${message} ${String(cause)}`).toContain(code);
    }
  }
  expect(pictures).toBeGreaterThan(0); // some damage is harmless; none at all would mean that nothing was decoded
  expect((await library.transform(good, "image/resize,w_40/format,png")).data).toEqual(before.data);
});
