import { describe, expect, test } from "vitest";
import { TransformError } from "../../src/core/errors.ts";
import { createLessor, type Leased } from "../../src/core/lease.ts";
import { rejectionOf } from "../support/pictures.ts";

const EMPTY = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
const MIB = 1024 * 1024;
const CORRUPT = { code: "CORRUPT_IMAGE", message: "not decodable" } as const;

/** A lessor whose instances are numbered and say what memory they have. */
function setup(memory: (id: number) => number = () => MIB) {
  const reported: number[] = [];
  let made = 0;
  const lease = createLessor(
    async () => EMPTY,
    (bytes) => reported.push(bytes),
  );
  const create = (): Leased<number> => {
    const id = ++made;
    return { api: id, memoryBytes: () => memory(id) };
  };
  const use = <R>(work: (id: number) => R | Promise<R>, name: "webp_dec" | "avif_dec" = "webp_dec") =>
    lease(name, create, CORRUPT, work);
  return { use, reported, made: () => made, lease };
}

describe("lease", () => {
  test("keeps an instance after clean work", async () => {
    const { use } = setup();
    expect([await use((id) => id), await use((id) => id)]).toEqual([1, 1]);
  });
  test.each([
    [
      "a throw",
      () => {
        throw new Error("trap");
      },
    ],
    [
      "a TransformError",
      () => {
        throw new TransformError("UNSUPPORTED_FORMAT", "no");
      },
    ],
    [
      "a rejection",
      async () => {
        throw new Error("later");
      },
    ],
    [
      "a number, as emscripten throws",
      () => {
        throw 5_246_024;
      },
    ],
  ])("drops it after %s; the next lease gets a fresh one", async (_name, work) => {
    const { use } = setup();
    expect(await use((id) => id)).toBe(1);
    await rejectionOf(use(work as () => never));
    expect(await use((id) => id)).toBe(2);
    expect(await use((id) => id)).toBe(2);
  });
  test("drops it once its memory reaches the mark of 32 MiB", async () => {
    const sizes = [32 * MIB - 1, 32 * MIB];
    const { use } = setup((id) => (id === 1 ? sizes[0]! : sizes[1]!));
    expect([await use((id) => id), await use((id) => id)]).toEqual([1, 1]);
    sizes[0] = 33 * MIB;
    expect([await use((id) => id), await use((id) => id), await use((id) => id)]).toEqual([1, 2, 3]);
  });
  test("gives concurrent leases different instances", async () => {
    const { use, made } = setup();
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const busy = [1, 2, 3].map(() =>
      use(async (id) => {
        await gate;
        return id;
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    open();
    expect((await Promise.all(busy)).sort()).toEqual([1, 2, 3]);
    expect(await use((id) => id)).toBeLessThanOrEqual(3);
    expect(made()).toBe(3);
  });
  test("keeps instances of different modules apart", async () => {
    const { use } = setup();
    expect([await use((id) => id, "webp_dec"), await use((id) => id, "avif_dec"), await use((id) => id, "webp_dec")]).toEqual([
      1, 2, 1,
    ]);
  });
  test("reports memory after clean and after failed work", async () => {
    const { use, reported } = setup((id) => id * MIB);
    await use(() => 0);
    await rejectionOf(
      use(() => {
        throw new Error("x");
      }),
    );
    expect(reported).toEqual([MIB, MIB]);
  });
});

describe("lease: what a failure means", () => {
  // biome-ignore format: one row per case
  test.each([
    ["any throw: what the caller said",          new Error("unreachable"),                            "CORRUPT_IMAGE"],
    ["a trap",                                   new WebAssembly.RuntimeError("unreachable"),         "CORRUPT_IMAGE"],
    ["a TransformError: itself",                 new TransformError("UNSUPPORTED_FORMAT", "CMYK"),    "UNSUPPORTED_FORMAT"],
    ["memory that cannot grow",                  new RangeError("WebAssembly.Memory.grow(): x"),      "SOURCE_TOO_LARGE"],
    ["an allocator that gave up",                new Error("std::bad_alloc"),                         "SOURCE_TOO_LARGE"],
    ["emscripten's abort for memory",            new Error("Aborted(OOM)"),                           "SOURCE_TOO_LARGE"],
  ])("%s", async (_name, thrown, code) => {
    const { use } = setup();
    const failure = await rejectionOf(use(() => { throw thrown; }));
    expect(failure.code).toBe(code);
  });
  test("raw failures stay in the cause, not in the message", async () => {
    const { use } = setup();
    const cause = new Error("secret path /x");
    const thrown = await use(() => {
      throw cause;
    }).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: "CORRUPT_IMAGE", message: "not decodable", cause });
  });
  test("a module that cannot be loaded or made leaves nothing behind", async () => {
    let tries = 0;
    const lease = createLessor(
      async () => {
        if (++tries === 1) throw new Error("network");
        return EMPTY;
      },
      () => {},
    );
    const once = () =>
      lease(
        "webp_dec",
        () => ({ api: tries, memoryBytes: () => 1 }),
        CORRUPT,
        (id) => id,
      );
    await expect(once()).rejects.toThrow();
    expect(await once()).toBe(2);
  });
  test("an instance that cannot get its memory is a matter of size, not a fault of ours", async () => {
    const lease = createLessor(
      async () => EMPTY,
      () => {},
    );
    const create = (): Leased<number> => {
      throw new RangeError("WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance");
    };
    expect((await rejectionOf(lease("webp_dec", create, CORRUPT, (id) => id))).code).toBe("SOURCE_TOO_LARGE");
  });
});
