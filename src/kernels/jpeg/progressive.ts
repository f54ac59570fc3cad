import { forRows, forScans, gridOf, type JpegJob, writeRows } from "./job.ts";
import { corrupt, type JpegScan } from "./markers.ts";
import { reserveSource } from "./memory.ts";
import { createTables, type JpegTables } from "./tables.ts";

/** Where a component's coefficients are: see wasm/kernels/jpeg-dec/progressive.ts. */
interface Stored {
  readonly dc: number;
  /** 0 where AC is not kept. */
  readonly bits: number;
  readonly values: number;
  readonly blocksAcross: number;
}

/** A progressive file: coefficients are collected from all scans, then rendered row by row. */
export function decodeProgressive(job: JpegJob, first: JpegScan): void {
  const { wasm, picture, input } = job;
  const tables = createTables(job);
  const stored = reserveStored(job);
  const rows = picture.planes.map(({ width, down }) => reserveSource(wasm, width * down * picture.kept));
  const batch = reserveSource(wasm, wasm.batchBytes());
  forScans(job, first, (scan) => {
    checkProgression(scan);
    for (const { index } of scan.components) tables.dequantizer(index);
    if (picture.kept === 1 && scan.spectralStart > 0) return input.pass(scan.dataAt); // an eighth is DC alone
    const down = beginScan(job, scan, tables, stored);
    forRows(job, 0, down, () => input.row(wasm.progressiveRow));
  });
  render(job, tables, stored, rows, batch);
}

function reserveStored({ wasm, picture }: JpegJob): Stored[] {
  const { kept, mcusAcross, mcusDown, planes } = picture;
  return planes.map(({ across, down }) => {
    const blocksAcross = mcusAcross * across;
    const blocks = blocksAcross * mcusDown * down;
    const dc = reserveSource(wasm, blocks * 2);
    const bits = kept === 1 ? 0 : reserveSource(wasm, blocks * 8);
    const values = kept === 1 ? 0 : reserveSource(wasm, blocks * 2 * kept * kept);
    // Values are written before they are read: their bits tell
    new Uint8Array(wasm.memory.buffer, dc, blocks * 2).fill(0);
    if (bits !== 0) new Uint8Array(wasm.memory.buffer, bits, blocks * 8).fill(0);
    return { dc, bits, values, blocksAcross };
  });
}

/** ITU-T T.81 section G.1.1.1; libjpeg refuses the same. */
function checkProgression({ components, spectralStart, spectralEnd, approximationHigh, approximationLow }: JpegScan): void {
  const band =
    spectralStart === 0 ? spectralEnd === 0 : spectralEnd >= spectralStart && spectralEnd <= 63 && components.length === 1;
  const approximation = approximationLow <= 13 && (approximationHigh === 0 || approximationLow === approximationHigh - 1);
  if (!band || !approximation) throw corrupt("a JPEG with a bad progression");
}

/** Gives how many rows there are to decode. */
function beginScan(
  { wasm, picture, headers, input }: JpegJob,
  scan: JpegScan,
  tables: JpegTables,
  stored: readonly Stored[],
): number {
  const { across, down, alone } = gridOf(picture, scan);
  const { spectralStart, spectralEnd, approximationHigh, approximationLow } = scan;
  scan.components.forEach(({ index, dc, ac }, i) => {
    const plane = picture.planes[index]!;
    const { dc: dcs, bits, values, blocksAcross } = stored[index]!;
    const dcTable = spectralStart === 0 && approximationHigh === 0 ? tables.huffman(0, dc) : 0;
    const acTable = spectralStart > 0 ? tables.huffman(1, ac) : 0;
    wasm.setComponent(
      i,
      alone === undefined ? plane.across : 1,
      alone === undefined ? plane.down : 1,
      0,
      0,
      0,
      0,
      dcTable,
      acTable,
    );
    wasm.setStored(i, dcs, bits, values, blocksAcross);
  });
  input.open(scan.dataAt);
  const count = scan.components.length;
  const { restartInterval } = headers;
  wasm.beginProgressive(
    count,
    across,
    restartInterval,
    picture.kept,
    spectralStart,
    spectralEnd,
    approximationHigh,
    approximationLow,
  );
  return down;
}

function render(job: JpegJob, tables: JpegTables, stored: readonly Stored[], rows: readonly number[], batch: number): void {
  const { wasm, picture } = job;
  const { planes, cells } = picture;
  const dequantizers = planes.map((_, i) => tables.dequantizer(i));
  const writer = job.begin(picture.shape);
  forRows(job, cells.top, cells.bottom, (y) => {
    planes.forEach(({ down }, i) => {
      beginPlane(job, i, stored[i]!, rows[i]!, dequantizers[i]!, batch);
      for (let row = 0; row < down; row++) wasm.renderRow(y * down + row);
    });
    writeRows(job, writer, y - cells.top, rows);
  });
}

/** Each plane by itself, block by block: an MCU of all may have more blocks than a batch holds. */
function beginPlane(
  { wasm, picture }: JpegJob,
  index: number,
  from: Stored,
  rows: number,
  dequantizer: number,
  batch: number,
): void {
  const { planes, cells, kept } = picture;
  const { across, width } = planes[index]!;
  wasm.setComponent(0, 1, 1, width, rows, width * kept, dequantizer, 0, 0);
  wasm.setStored(0, from.dc, from.bits, from.values, from.blocksAcross);
  wasm.beginScan(1, from.blocksAcross, cells.left * across, cells.right * across, 0, 0, kept, batch);
}
