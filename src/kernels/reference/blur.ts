import { type BlurKernel, type CellKernel, type DirectKernel, fractionsOf } from "../gauss.ts";

/**
 * Scalar twin of the blur in wasm/kernels/{fir,cells,finish}.ts, for whole pictures and one axis after the other.
 * `data`: `width`×`height` straight-alpha RGBA px, left as they are. Edges are replicated.
 */
export function blur(data: Uint8Array, width: number, height: number, opaque: boolean, kernel: BlurKernel): Uint8Array {
  const fine = blurred(data, width, height, opaque, kernel);
  return data.map((_, i) => (level(fine[i - (i % 4) + 3]!) === 0 ? 0 : level(fine[i]!)));
}
function level(fixed: number): number {
  return (fixed + 128) >> 8;
}

/** The same before it is rounded to bytes: 1/256 of a level, straight alpha. */
export function blurred(data: Uint8Array, width: number, height: number, opaque: boolean, kernel: BlurKernel): Uint16Array {
  return kernel.kind === "direct"
    ? directly(data, width, height, opaque, kernel)
    : byCells(data, width, height, opaque, kernel);
}

function directly(data: Uint8Array, width: number, height: number, opaque: boolean, { weights }: DirectKernel) {
  const radius = weights.length - 1;
  const rows = new Uint16Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 4; c++) {
        let sum = 65536;
        for (let d = -radius; d <= radius; d++) {
          const at = (y * width + clamp(x + d, width - 1)) * 4;
          sum += weights[Math.abs(d)]! * channel(data, at, c, opaque);
        }
        rows[(y * width + x) * 4 + c] = Math.floor(sum / 131072);
      }
    }
  }
  const output = new Uint16Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sums = [0, 0, 0, 0];
      for (let d = -radius; d <= radius; d++) {
        const at = (clamp(y + d, height - 1) * width + x) * 4;
        for (let c = 0; c < 4; c++) sums[c] = sums[c]! + weights[Math.abs(d)]! * rows[at + c]!;
      }
      output.set(opaque ? sums.map((sum) => Math.floor((sum + 32768) / 65536)) : straight(sums), (y * width + x) * 4);
    }
  }
  return output;
}

/** 15 bits: see `spread`. */
function channel(data: Uint8Array, at: number, c: number, opaque: boolean): number {
  const value = c === 3 ? 255 : data[at + c]!;
  return opaque ? value << 7 : (value * data[at + 3]! + 1) >> 1;
}

function straight(sums: readonly number[]): number[] {
  const a = sums[3]!;
  if (a === 0) return [0, 0, 0, 0];
  const color = sums.slice(0, 3).map((sum) => Math.min(65280, Math.floor((sum * 65280) / a + 0.5)));
  return [...color, Math.floor(a / 65280 + 0.5)];
}

function byCells(data: Uint8Array, width: number, height: number, opaque: boolean, kernel: CellKernel) {
  const { factor, across, down } = kernel;
  const [columns, rows] = [Math.ceil(width / factor) + 4, Math.ceil(height / factor) + 4];
  const cells = new Float64Array(columns * rows * 4);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (const [y, partY] of partsOf(row - 2, factor, height)) {
        for (const [x, partX] of partsOf(column - 2, factor, width)) {
          const at = (y * width + x) * 4;
          const alpha = opaque ? 255 : data[at + 3]!;
          for (let c = 0; c < 4; c++) {
            const to = (row * columns + column) * 4 + c;
            cells[to] = cells[to]! + (c === 3 ? 255 : data[at + c]!) * alpha * partX * partY;
          }
        }
      }
    }
  }
  const middle = convolve(cells, columns, rows, across, 1, 0);
  const small = convolve(middle, columns, rows, down, 0, 1);
  return enlarge(small, columns, width, height, opaque, factor);
}

/** Pixels and which part of each, in 1 / (2 · factor), a cell takes: all at its center, none at the center of the next. */
function partsOf(cell: number, factor: number, size: number): readonly (readonly [at: number, part: number])[] {
  const parts: [number, number][] = [];
  for (let at = (cell - 1) * factor; at < (cell + 2) * factor; at++) {
    const distance = Math.abs(2 * at + 1 - factor * (2 * cell + 1));
    if (distance < 2 * factor) parts.push([clamp(at, size - 1), 2 * factor - distance]);
  }
  return parts;
}

function convolve(cells: Float64Array, columns: number, rows: number, weights: Float64Array, stepX: number, stepY: number) {
  const output = new Float64Array(cells.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = (dx: number) => (clamp(row + dx * stepY, rows - 1) * columns + clamp(column + dx * stepX, columns - 1)) * 4;
      for (let c = 0; c < 4; c++) {
        let sum = 0;
        for (let d = weights.length - 1; d > 0; d--) sum += weights[d]! * (cells[at(-d) + c]! + cells[at(d) + c]!);
        output[at(0) + c] = sum + weights[0]! * cells[at(0) + c]!;
      }
    }
  }
  return output;
}

function enlarge(
  small: Float64Array,
  columns: number,
  width: number,
  height: number,
  opaque: boolean,
  factor: number,
): Uint16Array {
  const fractions = fractionsOf(factor);
  const output = new Uint16Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const above = (Math.floor(y / factor) + (y % factor < factor >> 1 ? 1 : 2)) * columns;
    const ty = fractions[y % factor]!;
    for (let x = 0; x < width; x++) {
      const left = Math.floor(x / factor) + (x % factor < factor >> 1 ? 1 : 2);
      const tx = fractions[x % factor]!;
      const [r = 0, g = 0, b = 0, a = 0] = [0, 1, 2, 3].map((c) => {
        const at = (above + left) * 4 + c;
        const first = mix(small[at]!, small[at + columns * 4]!, ty);
        return mix(first, mix(small[at + 4]!, small[at + columns * 4 + 4]!, ty), tx);
      });
      const to = (y * width + x) * 4;
      if (opaque) output.set([r, g, b, 255].map(fixed), to);
      else if (a >= 0.001) output.set([r * (255 / a), g * (255 / a), b * (255 / a), a].map(fixed), to);
    }
  }
  return output;
}
function mix(from: number, to: number, t: number): number {
  return from + (to - from) * t;
}
function fixed(value: number): number {
  return clamp(Math.trunc(value * 256 + 0.5), 65280);
}
function clamp(value: number, largest: number): number {
  return Math.max(0, Math.min(value, largest));
}
