import type { BlurKernel } from "../effects/gauss.ts";

/**
 * Scalar twin of the blur in wasm/kernels/{levels,pyramid,fir,finish}.ts, for whole pictures and one axis after the other.
 * `data`: `width`×`height` straight-alpha RGBA px, left as they are. Edges are replicated.
 */
export function blur(data: Uint8Array, width: number, height: number, opaque: boolean, kernel: BlurKernel): Uint8Array {
  const fine = blurred(data, width, height, opaque, kernel);
  return data.map((_, i) => (level(fine[i - (i % 4) + 3]!) === 0 ? 0 : level(fine[i]!)));
}
function level(fixed: number): number {
  return Math.min(255, (fixed + 128) >> 8);
}

/** The same before it is rounded to bytes: 1/256 of a level, straight alpha. */
export function blurred(data: Uint8Array, width: number, height: number, opaque: boolean, kernel: BlurKernel): Uint16Array {
  const { levels, fine, weights } = kernel;
  // All that a halved picture's second px sees are copies of the edge; places can be halved as often as is asked for
  const edge = 2 ** levels * 4;
  const size = (picture: number) => Math.ceil((picture + 2 * edge) / 2 ** levels) * 2 ** levels + 1;
  const lines: number[][] = [];
  for (let y = -edge; y < size(height) - edge; y++) {
    for (let c = 0; c < 4; c++) {
      const line: number[] = [];
      for (let x = -edge; x < size(width) - edge; x++) {
        line.push(wide(data, (clamp(y, height - 1) * width + clamp(x, width - 1)) * 4, c, opaque));
      }
      lines.push(line);
    }
  }
  // One plane a channel: rows of a plane, then its columns
  const output = new Uint16Array(data.length);
  for (let c = 0; c < 4; c++) {
    let plane = lines.filter((_, i) => i % 4 === c);
    if (kernel.box !== undefined) {
      plane = transposed(transposed(plane.map((line) => boxed(line, kernel))).map((line) => boxed(line, kernel)));
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) output[(y * width + x) * 4 + c] = plane[y + edge]![x + edge]!;
      }
      continue;
    }
    for (let i = 1; i <= levels; i++) {
      const half = (line: number[]) => halved(line, fine && i === levels);
      plane = transposed(transposed(plane.map(half)).map(half));
    }
    plane = plane.map((line) => line.map((value) => ((value + 1) >> 1) - 16384));
    plane = transposed(transposed(plane.map((line) => convolved(line, weights))).map((line) => convolved(line, weights)));
    plane = plane.map((line) => line.map((value) => (value + 16384) * 2));
    for (let i = levels; i > 0; i--) {
      const twice = (line: number[]) => doubled(line, fine && i === levels);
      plane = transposed(transposed(plane).map(twice)).map(twice);
    }
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) output[(y * width + x) * 4 + c] = plane[y + edge]![x + edge]!;
    }
  }
  if (!opaque) for (let at = 0; at < output.length; at += 4) straighten(output, at);
  return output;
}

/** One axis of a curve that is cut off: see wasm/kernels/slide.ts. */
function boxed(line: readonly number[], { levels, weights, box }: BlurKernel): number[] {
  const { radius, each, share } = box!;
  let rest = [...line];
  for (let i = 0; i < levels; i++) rest = halved(rest, false);
  rest = convolved(
    rest.map((value) => ((value + 1) >> 1) - 16384),
    weights,
  ).map((value) => (value + 16384) * 2);
  for (let i = 0; i < levels; i++) rest = doubled(rest, false);
  return line.map((_, i) => {
    let sum = 0;
    for (let d = -radius; d <= radius; d++) sum += line[clamp(i + d, line.length - 1)]!;
    const both = f32(f32(sum * f32(each)) + f32(rest[i]! * f32(share)));
    return Math.floor(f32(both + 0.5));
  });
}
const f32 = Math.fround;

/** 16 bits: see wasm/kernels/levels.ts. */
function wide(data: Uint8Array, at: number, c: number, opaque: boolean): number {
  const value = c === 3 ? 255 : data[at + c]!;
  return opaque ? value * 256 : Math.round((value * data[at + 3]! * 256) / 255);
}

function average(a: number, b: number): number {
  return (a + b + 1) >> 1;
}

function halved(line: readonly number[], fine: boolean): number[] {
  const at = (i: number) => line[clamp(i, line.length - 1)]!;
  return Array.from({ length: (line.length + 1) / 2 }, (_, i) => {
    const own = at(2 * i);
    if (fine) {
      const odd = fineBetween(at(2 * i - 3), at(2 * i - 1), at(2 * i + 1), at(2 * i + 3));
      return average(odd, fineOn(at(2 * i - 2), own, at(2 * i + 2)));
    }
    const outer = average(average(average(at(2 * i - 2), at(2 * i + 2)), own), own);
    return average(average(at(2 * i - 1), at(2 * i + 1)), outer);
  });
}

function doubled(line: readonly number[], fine: boolean): number[] {
  const at = (i: number) => line[clamp(i, line.length - 1)]!;
  return Array.from({ length: line.length * 2 - 1 }, (_, i) => {
    const own = at(i >> 1);
    if (fine && i % 2 === 1) return fineBetween(at((i >> 1) - 1), own, at((i >> 1) + 1), at((i >> 1) + 2));
    if (fine) return fineOn(at((i >> 1) - 1), own, at((i >> 1) + 1));
    if (i % 2 === 1) return average(own, at((i >> 1) + 1));
    return average(average(average(at((i >> 1) - 1), at((i >> 1) + 1)), own), own);
  });
}

/** 6 20 6 and 1 15 15 1: the even and the odd ones of 1 6 15 20 15 6 1. */
function fineOn(a: number, b: number, c: number): number {
  const outer = average(a, c);
  return average(average(average(outer, b), outer), b);
}
function fineBetween(a: number, b: number, c: number, d: number): number {
  const inner = average(b, c);
  return average(average(average(average(average(a, d), inner), inner), inner), inner);
}

/** Exact sums, rounded once. */
function convolved(line: readonly number[], weights: Int16Array): number[] {
  return line.map((_, i) => {
    let sum = 16384;
    for (let d = 1 - weights.length; d < weights.length; d++) {
      sum += weights[Math.abs(d)]! * line[clamp(i + d, line.length - 1)]!;
    }
    return Math.max(-16384, Math.min(16383, Math.floor(sum / 32768)));
  });
}

function straighten(values: Uint16Array, at: number): void {
  const a = values[at + 3]!;
  if (a >= 65280) return;
  for (let c = 0; c < 3; c++) {
    const straight = Math.fround(Math.fround(values[at + c]! * 65280) / Math.max(1, a));
    values[at + c] = Math.floor(Math.fround(Math.min(65280, straight) + 0.5));
  }
}

function transposed(plane: readonly (readonly number[])[]): number[][] {
  return plane[0]!.map((_, x) => plane.map((line) => line[x]!));
}

function clamp(value: number, largest: number): number {
  return Math.max(0, Math.min(value, largest));
}
