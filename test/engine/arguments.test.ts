import { expect, test } from "vitest";
import type { Request } from "../../src/library.ts";
import { fixture, testLibrary } from "../support/library.ts";
import { probeOf, rejectionOf } from "../support/pictures.ts";

const library = testLibrary();

test.each([undefined, null, 42, {}, { calls: [] }, []])("transform and explain refuse %j as a request", async (request) => {
  const expected = { code: "BAD_ARGUMENT", operation: "request" };
  const bytes = await fixture("example.jpg");
  expect(await rejectionOf(library.transform(bytes, request as unknown as Request))).toMatchObject(expected);
  expect(() => library.explain(request as unknown as Request, probeOf(9, 9))).toThrow("request: expected");
});

test.each([undefined, null, "x", [1, 2], new Uint16Array(4), new ArrayBuffer(4)])(
  "transform and probe refuse %o as bytes",
  async (bytes) => {
    const expected = { code: "BAD_ARGUMENT", operation: "bytes" };
    expect(await rejectionOf(library.transform(bytes as unknown as Uint8Array, "w=5"))).toMatchObject(expected);
    expect(await rejectionOf(library.probe(bytes as unknown as Uint8Array))).toMatchObject(expected);
  },
);
