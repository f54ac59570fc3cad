import { describe, expect, test } from "vitest";
import { createKernels } from "../../src/kernels/index.ts";
import { createPlaneKernels } from "../../src/kernels/planes.ts";
import { noise } from "../support/noise.ts";
import { BUILDS } from "./pixels-module.ts";

const MIB = 1 << 20;

describe.each(BUILDS)("pixels memory, %s", (_build, { module, instantiate }) => {
  test("reserve gives aligned addresses that do not overlap and grows as needed", () => {
    const wasm = instantiate();
    let previousEnd = 1; // 0 means failure
    for (const bytes of [1, 15, 16, 17, 0, 70_000, 3 * MIB]) {
      const address = wasm.reserve(bytes);
      expect(address % 16).toBe(0);
      expect(address).toBeGreaterThanOrEqual(previousEnd);
      expect(wasm.memory.buffer.byteLength).toBeGreaterThanOrEqual(address + bytes);
      previousEnd = address + bytes;
    }
  });

  test("reset gives back what was reserved since the mark", () => {
    const wasm = instantiate();
    wasm.reserve(100);
    const start = wasm.mark();
    const first = wasm.reserve(2 * MIB);
    const size = wasm.memory.buffer.byteLength;
    wasm.reset(start);
    expect(wasm.reserve(2 * MIB)).toBe(first);
    expect(wasm.memory.buffer.byteLength).toBe(size);
  });

  test.each([16 * MIB, 0x3fffffff, 0x40000001, 0x7fffffff, 0xfffffff0, -1])(
    "reserve(%i) is 0 beyond the maximum and takes nothing",
    (bytes) => {
      const wasm = instantiate();
      const start = wasm.mark();
      expect(wasm.reserve(bytes)).toBe(0);
      expect(wasm.mark()).toBe(start);
      expect(wasm.reserve(15 * MIB)).toBe(start);
    },
  );

  /** Bytes of the memory of every instance that is made meanwhile. */
  function memoriesOf(work: () => void): number[] {
    const memories: WebAssembly.Memory[] = [];
    const Instance = WebAssembly.Instance;
    WebAssembly.Instance = class extends Instance {
      constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
        super(module, imports);
        memories.push(this.exports["memory"] as WebAssembly.Memory);
      }
    };
    try {
      work();
    } finally {
      WebAssembly.Instance = Instance;
    }
    return memories.map((memory) => memory.buffer.byteLength);
  }

  test("kernels keep wasm memory flat whatever the picture's size", () => {
    const kernels = createKernels(module);
    const large = noise(4 * MIB);
    const used = memoriesOf(() => {
      for (let round = 0; round < 5; round++) {
        kernels.flatten(large, 1, 2, 3);
        kernels.composite(large, 4 * MIB, large.slice(), 4 * MIB, MIB, 1, 9);
      }
    });
    expect(used).toEqual([3 * 65536]);
  });

  test.each([
    [8192, 40, 3],
    [100, 3000, 3],
    [65_535, 3, 16],
  ])("plane kernels on planes of %ix%i take no more than %i times 64 KiB", (width, height, pages) => {
    const planes = createPlaneKernels(module);
    const plane = (columns: number, rows: number) => ({ width: columns, height: rows, data: new Uint8Array(columns * rows) });
    const luma = plane(width, height);
    const used = memoriesOf(() => {
      for (const subsampling of [1, 2, 4] as const) {
        const chroma = plane(Math.ceil(width / subsampling), Math.ceil(height / subsampling));
        const factors = { subsampleX: subsampling, subsampleY: subsampling };
        planes.ycbcrToRgba({ layout: "ycbcr8", width, height, ...factors, planes: [luma, chroma, chroma], alpha: false });
      }
      planes.pack([luma.data, luma.data.slice(), luma.data.slice(), luma.data.slice()]);
      planes.ycckToCmyk(new Uint8Array(width * height * 4));
      planes.turnPlane(luma.data, width, height, { swap: true, mirrorX: true, mirrorY: false });
    });
    expect(used).toHaveLength(1);
    expect(used[0]).toBeLessThanOrEqual(pages * 65536);
  });

  test("a failing module is an INTERNAL error and the next call gets a new instance", () => {
    const kernels = createKernels(module);
    const Instance = WebAssembly.Instance;
    let made = 0;
    class Trapping {
      readonly exports = {
        mark: () => 16,
        reserve: () => {
          throw new WebAssembly.RuntimeError("unreachable");
        },
      };
      constructor() {
        made++;
      }
    }
    WebAssembly.Instance = Trapping as unknown as typeof Instance;
    try {
      for (let call = 0; call < 2; call++) {
        expect(() => kernels.flatten(new Uint8Array(4), 0, 0, 0)).toThrow(expect.objectContaining({ code: "INTERNAL" }));
      }
    } finally {
      WebAssembly.Instance = Instance;
    }
    expect(made).toBe(2);
    const data = Uint8Array.from([1, 2, 3, 0]);
    kernels.flatten(data, 4, 5, 6);
    expect(Array.from(data)).toEqual([4, 5, 6, 255]);
  });
});
