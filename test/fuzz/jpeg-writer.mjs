/**
 * JPEG files that no encoder at hand writes: any sampling factors, one to four components, restart markers, scans apart,
 * progressive in any order of scans. What they show is noise; what counts is that every one is valid (ITU-T T.81).
 */
import { be16, join } from "./bytes.mjs";

const ZEROS = new Array(16).fill(0);
/** For AC, every symbol has a code of 9 bits, the last one of 10 (a code of ones alone is not allowed). */
const AC_COUNTS = ZEROS.map((_, i) => (i === 8 ? 255 : i === 9 ? 1 : 0));
const codeOf = (symbol) => (symbol < 255 ? [symbol, 9] : [510, 10]);
/** For DC, the categories 0 to 11 have 4 bits each. */
const DC_COUNTS = ZEROS.map((_, i) => (i === 3 ? 12 : 0));
const dcCodeOf = (category) => [category, 4];
const upTo = (length) => Array.from({ length }, (_, i) => i);

/**
 * { width, height, sampling: [[h, v], …], restart: MCUs or 0, apart: scans of one component each, progressive,
 *   adobe: transform or undefined, deep: 16-bit quantization tables }
 */
export function writeJpeg(random, options) {
  const { width, height, sampling, restart = 0, progressive = false, adobe, deep = false } = options;
  const frame = layOut(random, width, height, sampling);
  const quantizers = upTo(64).map(() => random.between(1, 12) + (deep && random.chance(0.05) ? 256 : 0));
  return join(
    [0xff, 0xd8],
    adobe === undefined ? [] : segment(0xee, ["Adobe", be16(100), be16(0), be16(0), adobe]),
    segment(0xdb, [deep ? 0x10 : 0, quantizers.map((value) => (deep ? be16(value) : value))]),
    segment(progressive ? 0xc2 : 0xc0, [
      ...[8, be16(height), be16(width), frame.components.length],
      ...frame.components.map(({ id, h, v }) => [id, (h << 4) | v, 0]),
    ]),
    segment(0xc4, [0x00, DC_COUNTS, upTo(12), 0x10, AC_COUNTS, upTo(256)]),
    restart > 0 ? segment(0xdd, be16(restart)) : [],
    ...scansOf(random, frame, options).map((scan) => writeScan(random, frame, scan, restart)),
    [0xff, 0xd9],
  );
}
function segment(marker, content) {
  const body = join(content);
  return join([0xff, marker], be16(body.length + 2), body);
}

/**
 * Components with their blocks: sparse coefficients in zigzag order, in whole MCUs. Small enough that few samples leave the
 * range of 8 bits by far: libjpeg wraps those around, and no encoder writes them.
 */
function layOut(random, width, height, sampling) {
  const hMax = Math.max(...sampling.map(([h]) => h));
  const vMax = Math.max(...sampling.map(([, v]) => v));
  const columns = Math.ceil(width / (8 * hMax));
  const rows = Math.ceil(height / (8 * vMax));
  const components = sampling.map(([h, v], i) => ({
    ...{ id: i + 1, h, v, columns: columns * h, rows: rows * v },
    ownColumns: Math.ceil(Math.ceil((width * h) / hMax) / 8),
    ownRows: Math.ceil(Math.ceil((height * v) / vMax) / 8),
    blocks: Array.from({ length: columns * h * rows * v }, () => randomBlock(random)),
  }));
  return { columns, rows, components };
}
function randomBlock(random) {
  const block = new Int16Array(64);
  block[0] = random.between(-60, 60);
  for (let count = random.below(8); count > 0; count--)
    block[random.between(1, 63)] = random.chance(0.9) ? random.between(-3, 3) : random.between(-12, 12);
  return block;
}

/** Which coefficients and bits each scan carries. */
function scansOf(random, { components }, { progressive, apart }) {
  const all = components.map((_, i) => i);
  const each = all.map((i) => [i]);
  if (!progressive) return (apart ? each : [all]).map((list) => ({ list, from: 0, to: 63, high: 0, low: 0 }));
  const low = random.below(3);
  const scans = (apart ? each : [all]).map((list) => ({ list, from: 0, to: 0, high: 0, low }));
  for (let bit = low; bit > 0; bit--) scans.push({ list: all, from: 0, to: 0, high: bit, low: bit - 1 });
  for (const list of each) {
    const split = random.between(1, 62);
    const acLow = random.below(3);
    for (const [from, to] of [
      [1, split],
      [split + 1, 63],
    ]) {
      scans.push({ list, from, to, high: 0, low: acLow });
      for (let bit = acLow; bit > 0; bit--) scans.push({ list, from, to, high: bit, low: bit - 1 });
    }
  }
  return scans;
}

function writeScan(random, frame, scan, restart) {
  const { list, from, to, high, low } = scan;
  const chosen = list.map((i) => frame.components[i]);
  const head = [chosen.length, ...chosen.map(({ id }) => [id, 0x00]), from, to, (high << 4) | low];
  const bits = createBits();
  const state = { predictions: new Map(), run: 0, bits, scan };
  let count = 0;
  for (const unit of unitsOf(frame, chosen)) {
    if (restart > 0 && count > 0 && count % restart === 0) {
      flushRun(state);
      bits.marker(0xd0 + ((count / restart - 1) & 7));
      state.predictions.clear();
    }
    for (const [component, block] of unit) writeBlock(random, state, component, block);
    count++;
  }
  flushRun(state);
  return join(segment(0xda, head), bits.end());
}
/** MCUs in order, as lists of [component, block]; of a scan of one component, its own blocks (T.81 A.2.2). */
function* unitsOf(frame, chosen) {
  const [only] = chosen;
  if (chosen.length === 1) {
    for (let y = 0; y < only.ownRows; y++)
      for (let x = 0; x < only.ownColumns; x++) yield [[only, only.blocks[y * only.columns + x]]];
    return;
  }
  for (let row = 0; row < frame.rows; row++) {
    for (let column = 0; column < frame.columns; column++) {
      yield chosen.flatMap((component) =>
        Array.from({ length: component.h * component.v }, (_, i) => {
          const [x, y] = [column * component.h + (i % component.h), row * component.v + Math.floor(i / component.h)];
          return [component, component.blocks[y * component.columns + x]];
        }),
      );
    }
  }
}

function writeBlock(random, state, component, block) {
  const { from, to, high, low } = state.scan;
  if (from === 0) writeDc(state, component, block[0], high, low);
  if (to === 0) return;
  if (high > 0) writeRefinement(state, block, from, to, low);
  else writeAc(random, state, block, Math.max(from, 1), to, low, from > 0);
}
/** T.81 F.1.2.1 and G.1.2.1. */
function writeDc({ bits, predictions }, component, value, high, low) {
  if (high > 0) return bits.put((value >> low) & 1, 1);
  const shifted = value >> low;
  const difference = shifted - (predictions.get(component) ?? 0);
  predictions.set(component, shifted);
  const size = sizeOf(difference);
  bits.put(...dcCodeOf(size));
  putBits(bits, difference, size);
}
const sizeOf = (value) => 32 - Math.clz32(Math.abs(value));
function putBits(bits, value, size) {
  if (size > 0) bits.put(value < 0 ? value + (1 << size) - 1 : value, size);
}
const reduced = (value, low) => Math.sign(value) * (Math.abs(value) >> low);

/** T.81 F.1.2.2, and G.1.2.2 with runs of blocks that end early. */
function writeAc(random, state, block, from, to, low, runs) {
  const { bits } = state;
  let zeros = 0;
  let pending = true;
  for (let k = from; k <= to; k++) {
    const value = reduced(block[k], low);
    if (value === 0) zeros++;
    else {
      if (pending) flushRun(state);
      pending = false;
      for (; zeros > 15; zeros -= 16) bits.put(...codeOf(0xf0));
      const size = sizeOf(value);
      bits.put(...codeOf((zeros << 4) | size));
      putBits(bits, value, size);
      zeros = 0;
    }
  }
  if (zeros === 0) return;
  if (!runs) return bits.put(...codeOf(0));
  state.run++;
  if (state.run >= 0x7fff || random.chance(0.05)) flushRun(state);
}
function flushRun(state) {
  if (state.run === 0) return;
  const size = 31 - Math.clz32(state.run);
  state.bits.put(...codeOf(size << 4));
  if (size > 0) state.bits.put(state.run - (1 << size), size);
  state.run = 0;
}
/** T.81 G.1.2.3; every block ends for itself. */
function writeRefinement({ bits }, block, from, to, low) {
  let zeros = 0;
  let corrections = [];
  const putCorrections = () => {
    for (const bit of corrections) bits.put(bit, 1);
    corrections = [];
  };
  let lastNew = from - 1;
  for (let k = from; k <= to; k++) if (Math.abs(block[k]) >> low === 1) lastNew = k;
  for (let k = from; k <= to; k++) {
    const value = Math.abs(block[k]) >> low;
    if (value > 1) corrections.push(value & 1);
    else if (value === 0) {
      zeros++;
      if (zeros === 16 && k < lastNew) {
        bits.put(...codeOf(0xf0));
        putCorrections();
        zeros = 0;
      }
    } else {
      bits.put(...codeOf((zeros << 4) | 1));
      bits.put(block[k] < 0 ? 0 : 1, 1);
      putCorrections();
      zeros = 0;
    }
  }
  if (zeros === 0 && corrections.length === 0) return;
  bits.put(...codeOf(0));
  putCorrections();
}

/** Bits from the left, with a zero behind every 0xff (T.81 F.1.2.3). */
function createBits() {
  const bytes = [];
  let held = 0;
  let count = 0;
  const byte = (value) => {
    bytes.push(value);
    if (value === 0xff) bytes.push(0);
  };
  const put = (value, size) => {
    for (let bit = size - 1; bit >= 0; bit--) {
      held = (held << 1) | ((value >> bit) & 1);
      if (++count === 8) {
        byte(held);
        held = 0;
        count = 0;
      }
    }
  };
  const align = () => {
    while (count > 0) put(1, 1);
  };
  return {
    put,
    marker(code) {
      align();
      bytes.push(0xff, code);
    },
    end() {
      align();
      return Uint8Array.from(bytes);
    },
  };
}
