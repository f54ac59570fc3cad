import { TransformError } from "../../core/errors.ts";
import type { RowShape } from "../../core/rows.ts";
import type { PlaneWriter } from "./decoder.ts";
import type { JpegDecoderExports } from "./exports.ts";
import type { JpegInput } from "./input.ts";
import { corrupt, type JpegFrame, type JpegHeaders, type JpegScan, readToScan } from "./markers.ts";
import type { Cells, JpegPicture } from "./picture.ts";

/** One picture on its way through the kernel. */
export interface JpegJob {
  readonly wasm: JpegDecoderExports;
  readonly bytes: Uint8Array;
  readonly headers: JpegHeaders;
  readonly frame: JpegFrame;
  readonly picture: JpegPicture;
  readonly input: JpegInput;
  readonly begin: (shape: RowShape) => PlaneWriter;
  readonly pause: () => void;
}

/** Bits of the kernel's `damage`. */
export const ENDS_EARLY = 1;
export const BAD_DATA = 2;
/** As libvips; no encoder writes more than a few dozen, and each costs time by the size of the picture, not of the file. */
const MAX_SCANS = 100;
/** Rows of MCUs between two calls of `pause`. */
const ROWS_BETWEEN_PAUSES = 4;
/** ITU-T T.81 section B.2.3. */
const MAX_MCU_BLOCKS = 10;

/** Calls `work` for each row from `from` on before `to`, and `pause` every few of them. */
export function forRows({ pause }: JpegJob, from: number, to: number, work: (row: number) => void): void {
  for (let row = from; row < to; row++) {
    if ((row - from) % ROWS_BETWEEN_PAUSES === 0) pause();
    work(row);
  }
}

/**
 * Calls `read` for each scan of a file of several. What is wrong behind the first scan is damage, as there is something to show;
 * so is a file that ends without an end of image, as nothing tells whether it had more scans.
 */
export function forScans(job: JpegJob, first: JpegScan, read: (scan: JpegScan) => void): void {
  const { wasm, bytes, headers, input } = job;
  let count = 0;
  let at = first.dataAt;
  const readNext = (scan: JpegScan) => {
    checkMcu(job, scan);
    at = scan.dataAt;
    read(scan);
    at = Math.max(at, input.position());
    return readToScan(bytes, at, headers);
  };
  for (let scan: JpegScan | undefined = first; scan !== undefined; ) {
    if (++count > MAX_SCANS) throw corrupt(`a JPEG of more than ${MAX_SCANS} scans`);
    try {
      scan = readNext(scan);
      if (scan === undefined && !headers.ended) wasm.addDamage(ENDS_EARLY);
    } catch (thrown) {
      if (count === 1 || !(thrown instanceof TransformError) || thrown.code !== "CORRUPT_IMAGE") throw thrown;
      wasm.addDamage(BAD_DATA);
      return;
    }
  }
}

export function checkMcu({ frame }: JpegJob, { components }: JpegScan): void {
  if (components.length === 1) return;
  const blocks = components.reduce(
    (sum, { index }) => sum + frame.components[index]!.across * frame.components[index]!.down,
    0,
  );
  if (blocks > MAX_MCU_BLOCKS) throw corrupt("a JPEG with bad sampling factors");
}

/** What a scan is a grid of: MCUs, or blocks where it has one component (T.81 section A.2). */
export interface Grid {
  readonly across: number;
  readonly down: number;
  readonly cells: Cells;
  /** Index of the one component. */
  readonly alone?: number;
}

export function gridOf({ cells, mcusAcross, mcusDown, planes, blocks }: JpegPicture, { components }: JpegScan): Grid {
  if (components.length > 1) return { across: mcusAcross, down: mcusDown, cells };
  const alone = components[0]!.index;
  const { across, down } = planes[alone]!;
  const own = blocks[alone]!;
  return {
    ...own,
    cells: {
      left: Math.min(cells.left * across, own.across),
      top: Math.min(cells.top * down, own.down),
      right: Math.min(cells.right * across, own.across),
      bottom: Math.min(cells.bottom * down, own.down),
    },
    alone,
  };
}

/** Delivers row y of MCUs, whose samples lie at `addresses`. */
export function writeRows({ wasm, picture }: JpegJob, writer: PlaneWriter, y: number, addresses: readonly number[]): void {
  const { planes, kept } = picture;
  planes.forEach((plane, i) => {
    const height = plane.down * kept;
    const size = plane.width * Math.min(height, plane.height - y * height);
    if (size <= 0) return;
    const address = addresses[i]!;
    if (plane.inversion !== "none") wasm.invert(address, size, plane.inversion === "centered" ? 1 : 0);
    writer.write(i, new Uint8Array(wasm.memory.buffer, address, size));
  });
}
