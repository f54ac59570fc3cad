/** One sample each of Y, Cb and Cr to R, G, B: libjpeg's ycc_rgb_convert with its tables written out (jdcolor.c). */
export function rgbOf(luma: number, blue: number, red: number): readonly [number, number, number] {
  const cb = blue - 128;
  const cr = red - 128;
  return [
    clamp(luma + Math.floor((91881 * cr + 32768) / 65536)),
    clamp(luma + Math.floor((-22554 * cb - 46802 * cr + 32768) / 65536)),
    clamp(luma + Math.floor((116130 * cb + 32768) / 65536)),
  ];
}

/** Scalar twin of ycckToCmyk in wasm/kernels/ycbcr.ts: the first `count` pixels of `data`, in place. */
export function ycckToCmyk(data: Uint8Array, count: number): void {
  for (let i = 0; i < count * 4; i += 4) {
    const rgb = rgbOf(data[i]!, data[i + 1]!, data[i + 2]!);
    for (let c = 0; c < 3; c++) data[i + c] = 255 - rgb[c]!;
  }
}

interface Samples {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * A plane of chroma at the size of its picture: libjpeg-turbo's h2v1_, h2v2_ and h1v2_fancy_upsample and int_upsample
 * (jdsample.c), sample by sample. Twin of what src/kernels/planes.ts makes of wasm/kernels/ycbcr.ts.
 */
export function upsample(plane: Samples, width: number, height: number, subsampleX: number, subsampleY: number): Samples {
  const data = new Uint8Array(width * height);
  const sample = sampling(plane, subsampleX, subsampleY);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[y * width + x] = sample(x, y);
  return { width, height, data };
}

function sampling({ width, height, data }: Samples, subsampleX: number, subsampleY: number): (x: number, y: number) => number {
  const at = (column: number, row: number) => {
    const inside = Math.min(height - 1, Math.max(0, row)) * width + Math.min(width - 1, Math.max(0, column));
    return data[inside]!;
  };
  const side = (x: number) => (x % 2 === 0 ? -1 : 1);
  const half = (x: number) => Math.floor(x / 2);
  if (subsampleX === 2 && subsampleY === 1 && width > 2) {
    return (x, y) => (at(half(x), y) * 3 + at(half(x) + side(x), y) + (x % 2 === 0 ? 1 : 2)) >> 2;
  }
  if (subsampleX === 1 && subsampleY === 2) {
    return (x, y) => (at(x, half(y)) * 3 + at(x, half(y) + side(y)) + (y % 2 === 0 ? 1 : 2)) >> 2;
  }
  if (subsampleX === 2 && subsampleY === 2 && width > 2) {
    return (x, y) => {
      const sum = (column: number) => at(column, half(y)) * 3 + at(column, half(y) + side(y));
      return (sum(half(x)) * 3 + sum(half(x) + side(x)) + (x % 2 === 0 ? 8 : 7)) >> 4;
    };
  }
  return (x, y) => at(Math.floor(x / subsampleX), Math.floor(y / subsampleY));
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, value));
}
