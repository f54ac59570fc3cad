import { checkMcu, forRows, forScans, gridOf, type JpegJob, writeRows } from "./job.ts";
import type { JpegScan } from "./markers.ts";
import { reserveSource } from "./memory.ts";
import { createTables, type JpegTables } from "./tables.ts";

/** A sequential file of one scan, all components interleaved: rows go out as they are decoded. */
export function decodeSingleScan(job: JpegJob, scan: JpegScan): void {
  const { wasm, picture, input } = job;
  checkMcu(job, scan);
  const tables = createTables(job);
  const rows = picture.planes.map(({ width, down }) => reserveSource(wasm, width * down * picture.kept));
  const batch = reserveSource(wasm, wasm.batchBytes());
  beginScan(job, scan, tables, rows, batch, false);
  const writer = job.begin(picture.shape);
  const { top, bottom } = picture.cells;
  forRows(job, 0, bottom, (y) => {
    input.row(wasm.scanRow);
    if (y >= top) writeRows(job, writer, y - top, rows);
  });
}

/** A sequential file of several scans, of some components each: whole planes are kept until all are decoded. */
export function decodeManyScans(job: JpegJob, first: JpegScan): void {
  const { wasm, picture, input } = job;
  const mcuRows = picture.cells.bottom - picture.cells.top;
  const tables = createTables(job);
  const rowBytes = picture.planes.map(({ width, down }) => width * down * picture.kept);
  const planes = rowBytes.map((bytes) => reserveSource(wasm, bytes * mcuRows));
  // What no scan reaches is gray, as coefficients of 0 are
  planes.forEach((address, i) => {
    new Uint8Array(wasm.memory.buffer, address, rowBytes[i]! * mcuRows).fill(128);
  });
  const batch = reserveSource(wasm, wasm.batchBytes());
  forScans(job, first, (scan) => {
    const bottom = beginScan(job, scan, tables, planes, batch, true);
    forRows(job, 0, bottom, () => input.row(wasm.scanRow));
  });
  const writer = job.begin(picture.shape);
  forRows(job, 0, mcuRows, (y) => {
    writeRows(
      job,
      writer,
      y,
      planes.map((address, i) => address + y * rowBytes[i]!),
    );
  });
}

/** Opens a scan whose samples go to `rows`, on from row to row of MCUs where `whole`. Gives how many rows there are to decode. */
function beginScan(
  { wasm, picture, headers, input }: JpegJob,
  scan: JpegScan,
  tables: JpegTables,
  rows: readonly number[],
  batch: number,
  whole: boolean,
): number {
  const { kept, planes } = picture;
  const { across, cells, alone } = gridOf(picture, scan);
  scan.components.forEach(({ index, dc, ac }, i) => {
    const plane = planes[index]!;
    const blocksAcross = alone === undefined ? plane.across : 1;
    const blocksDown = alone === undefined ? plane.down : 1;
    const step = whole ? plane.width * blocksDown * kept : 0;
    const dequantizer = tables.dequantizer(index);
    const [dcTable, acTable] = [tables.huffman(0, dc), tables.huffman(1, ac)];
    wasm.setComponent(i, blocksAcross, blocksDown, plane.width, rows[index]!, step, dequantizer, dcTable, acTable);
  });
  input.open(scan.dataAt);
  const { left, right, top } = cells;
  wasm.beginScan(scan.components.length, across, left, right, top, headers.restartInterval, kept, batch);
  return cells.bottom;
}
