import { STANDARD_AC, STANDARD_DC } from "../../src/kernels/jpeg/standard-tables.ts";

/** A JPEG of flat blocks: each is 8x8 samples of 128 + DC, with a quantizer of 8. */
export interface FlatJpeg {
  readonly width: number;
  readonly height: number;
  /** Sampling factors and DC values, one for each block of the padded component, row by row. */
  readonly components: readonly {
    readonly across: number;
    readonly down: number;
    readonly id?: number;
    readonly dc: readonly number[];
  }[];
  /** In MCUs. */
  readonly restartInterval?: number;
  /** Components of each scan; one of all by default. */
  readonly scans?: readonly (readonly number[])[];
  readonly huffmanTables?: boolean;
  /** A progressive file, whose scans hold DC alone. */
  readonly progressive?: boolean;
  /** Transform of an Adobe segment. */
  readonly adobe?: number;
}

/** With the tables of T.81 annex K. Written for these tests: no other encoder at hand writes such sampling. */
export function encodeFlat(jpeg: FlatJpeg): Uint8Array {
  const { width, height, components, restartInterval = 0, huffmanTables = true, progressive = false } = jpeg;
  const scans = jpeg.scans ?? [components.map((_, i) => i)];
  const out: number[] = [0xff, 0xd8];
  const segment = (code: number, body: readonly number[]) =>
    out.push(0xff, code, (body.length + 2) >> 8, (body.length + 2) & 255, ...body);
  if (jpeg.adobe !== undefined) segment(0xee, [...Buffer.from("Adobe"), 0, 100, 0, 0, 0, 0, jpeg.adobe]);
  segment(0xdb, [0, ...new Array<number>(64).fill(8)]);
  const ids = components.map(({ id }, i) => id ?? i + 1);
  const parts = components.flatMap(({ across, down }, i) => [ids[i]!, (across << 4) | down, 0]);
  segment(progressive ? 0xc2 : 0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, components.length, ...parts]);
  if (huffmanTables) segment(0xc4, [0, ...STANDARD_DC[0]!, 0x10, ...STANDARD_AC[0]!]);
  if (restartInterval > 0) segment(0xdd, [restartInterval >> 8, restartInterval & 255]);
  for (const scan of scans) {
    segment(0xda, [scan.length, ...scan.flatMap((i) => [ids[i]!, 0]), 0, progressive ? 0 : 63, 0]);
    writeScan(out, jpeg, scan, restartInterval);
  }
  out.push(0xff, 0xd9);
  return Uint8Array.from(out);
}

/** Blocks of a padded component across. */
export function blocksAcross({ width, components }: FlatJpeg, index: number): number {
  const most = Math.max(...components.map((c) => c.across));
  return Math.ceil(width / (8 * most)) * components[index]!.across;
}

function writeScan(out: number[], jpeg: FlatJpeg, scan: readonly number[], interval: number): void {
  const bits = createBits(out, jpeg.progressive === true);
  const last = scan.map(() => 0);
  let mcus = 0;
  for (const mcu of orderOf(jpeg, scan)) {
    if (interval > 0 && mcus > 0 && mcus % interval === 0) {
      bits.flush();
      out.push(0xff, 0xd0 + ((mcus / interval - 1) & 7));
      last.fill(0);
    }
    for (const [position, block] of mcu) {
      const dc = jpeg.components[scan[position]!]!.dc[block]!;
      bits.difference(dc - last[position]!);
      last[position] = dc;
    }
    mcus++;
  }
  bits.flush();
}

/** MCUs of a scan, each a list of position in the scan and index of a block (T.81 section A.2). */
function orderOf(jpeg: FlatJpeg, scan: readonly number[]): [number, number][][] {
  const { width, height, components } = jpeg;
  const most = { across: Math.max(...components.map((c) => c.across)), down: Math.max(...components.map((c) => c.down)) };
  const alone = scan.length === 1 ? components[scan[0]!]! : undefined;
  const unit =
    alone === undefined
      ? { x: 8 * most.across, y: 8 * most.down }
      : { x: (8 * most.across) / alone.across, y: (8 * most.down) / alone.down };
  const mcus: [number, number][][] = [];
  for (let y = 0; y < Math.ceil(height / unit.y); y++) {
    for (let x = 0; x < Math.ceil(width / unit.x); x++) {
      const mcu: [number, number][] = [];
      scan.forEach((index, position) => {
        const { across, down } = alone === undefined ? components[index]! : { across: 1, down: 1 };
        for (let row = 0; row < down; row++) {
          for (let column = 0; column < across; column++) {
            mcu.push([position, (y * down + row) * blocksAcross(jpeg, index) + x * across + column]);
          }
        }
      });
      mcus.push(mcu);
    }
  }
  return mcus;
}

function createBits(out: number[], progressive: boolean) {
  const codes = codesOf(STANDARD_DC[0]!);
  const [endLength, endCode] = codesOf(STANDARD_AC[0]!).get(0)!;
  let held = "";
  const put = (value: number, length: number) => {
    if (length > 0) held += value.toString(2).padStart(length, "0");
    for (; held.length >= 8; held = held.slice(8)) {
      const byte = parseInt(held.slice(0, 8), 2);
      out.push(byte);
      if (byte === 255) out.push(0);
    }
  };
  return {
    difference(value: number) {
      const size = value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value))) + 1;
      const [length, code] = codes.get(size)!;
      put(code, length);
      put(value < 0 ? value + 2 ** size - 1 : value, size);
      if (!progressive) put(endCode, endLength);
    },
    flush() {
      if (held.length > 0) put(2 ** (8 - held.length) - 1, 8 - held.length);
    },
  };
}

/** Symbol to length and code, T.81 annex C. */
function codesOf(spec: Uint8Array): Map<number, [number, number]> {
  const codes = new Map<number, [number, number]>();
  let code = 0;
  let at = 16;
  for (let length = 1; length <= 16; length++) {
    for (let i = 0; i < spec[length - 1]!; i++) codes.set(spec[at++]!, [length, code++]);
    code *= 2;
  }
  return codes;
}
