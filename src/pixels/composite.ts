import { intersect, type Size } from "../core/geometry.ts";
import { createRgba, type RgbaRaster, rgbaOf } from "../core/raster.ts";
import type { StepParams } from "../core/step.ts";
import { BAND_BYTES, type Kernels } from "../kernels/index.ts";
import { toLayout } from "./layout.ts";
import type { Stage } from "./stage.ts";

type Tile = NonNullable<StepParams["composite"]["tile"]>;

/** Marks that are smaller are repeated in a raster of at least this side first, so that tiling is few kernel calls. */
const TILE_SIDE = 256;

/** Draws a mark over the input, once or in tiles, clipped to it. Changes the input in place. */
export const composite: Stage<"composite"> = {
  kind: "composite",
  layouts: ["rgba8"],
  scratchBytes(input, { params: { mark, tile } }) {
    const block = tile === undefined ? { width: 0, height: 0 } : blockSize(tile, mark.size, input);
    // The output is the input, so where both are counted there is room for a mark of that size
    const markBytes = Math.max(0, mark.size.width * mark.size.height - input.width * input.height) * 4;
    return 2 * BAND_BYTES + markBytes + block.width * block.height * 4;
  },
  async apply(raster, { params }, tools) {
    const { mark, x, y, opacity, tile } = params;
    const target = rgbaOf(raster);
    const drawn = rgbaOf(toLayout(await tools.mark(mark), ["rgba8"]));
    const kernels = await tools.kernels();
    if (tile === undefined) drawAt(target, drawn, x, y, opacity, kernels);
    else drawTiles(target, drawn, { x, y, opacity, tile }, kernels, tools.checkpoint);
    return target;
  },
};

function drawAt(target: RgbaRaster, mark: RgbaRaster, x: number, y: number, opacity: number, kernels: Kernels): void {
  const shown = intersect({ x, y, width: mark.width, height: mark.height }, target);
  if (shown === undefined) return;
  const targetStart = (shown.y * target.width + shown.x) * 4;
  const markStart = ((shown.y - y) * mark.width + (shown.x - x)) * 4;
  kernels.composite(
    target.data.subarray(targetStart),
    target.width * 4,
    mark.data.subarray(markStart),
    mark.width * 4,
    shown.width,
    shown.height,
    opacity,
  );
}

function drawTiles(
  target: RgbaRaster,
  mark: RgbaRaster,
  { x, y, opacity, tile }: Pick<StepParams["composite"], "x" | "y" | "opacity"> & { readonly tile: Tile },
  kernels: Kernels,
  checkpoint: () => void,
): void {
  const block = repeat(mark, tile, target);
  const stepX = repeats(tile.periodX, target.width) * tile.periodX;
  const stepY = repeats(tile.periodY, target.height) * tile.periodY;
  for (let top = startOf(y, stepY); top < target.height; top += stepY) {
    checkpoint();
    for (let left = startOf(x, stepX); left < target.width; left += stepX) drawAt(target, block, left, top, opacity, kernels);
  }
}

/** First place at or left of 0 from which steps reach `at`. */
function startOf(at: number, step: number): number {
  return at > 0 ? at - Math.ceil(at / step) * step : at;
}
/** How often a mark stands in a block along one axis: as often as fits into TILE_SIDE, but no further than the picture goes. */
function repeats(period: number, length: number): number {
  return Math.max(1, Math.floor(Math.min(TILE_SIDE, length) / period));
}

/** Without the gap behind the last mark, so that a single mark needs no room for it. */
function blockSize({ periodX, periodY }: Tile, mark: Size, picture: Size): Size {
  return {
    width: (repeats(periodX, picture.width) - 1) * periodX + mark.width,
    height: (repeats(periodY, picture.height) - 1) * periodY + mark.height,
  };
}

/** Marks do not meet, because a period is at least as long as a mark: so copying is drawing. */
function repeat(mark: RgbaRaster, tile: Tile, picture: Size): RgbaRaster {
  const { width, height } = blockSize(tile, mark, picture);
  if (width === mark.width && height === mark.height) return mark;
  const block = createRgba(width, height, true);
  for (let top = 0; top < height; top += tile.periodY) {
    for (let row = 0; row < mark.height; row++) {
      const from = mark.data.subarray(row * mark.width * 4, (row + 1) * mark.width * 4);
      for (let left = 0; left < width; left += tile.periodX) block.data.set(from, ((top + row) * width + left) * 4);
    }
  }
  return block;
}
