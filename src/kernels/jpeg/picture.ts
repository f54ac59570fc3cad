import { intersect, type Rect } from "../../core/geometry.ts";
import type { PlaneShape, RowShape } from "../../core/rows.ts";
import type { JpegRequest } from "./decoder.ts";
import { corrupt, type JpegFrame } from "./markers.ts";

/** Rows and columns of MCUs, or of blocks: from the first that is kept to the first that is not. */
export interface Cells {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}
export interface JpegPlane extends PlaneShape {
  /** Sampling factors: blocks of an MCU. */
  readonly across: number;
  readonly down: number;
  /** How stored samples become delivered ones. */
  readonly inversion: "none" | "inverted" | "centered";
}
/** What of a picture is decoded, and how. */
export interface JpegPicture {
  readonly kept: number;
  readonly shape: RowShape;
  /** The shape's. */
  readonly planes: readonly JpegPlane[];
  readonly mcusAcross: number;
  readonly mcusDown: number;
  /** MCUs that meet the region. */
  readonly cells: Cells;
  /** Blocks of each plane that a scan of it alone has (T.81 section A.2.3), across and down. */
  readonly blocks: readonly { readonly across: number; readonly down: number }[];
}

/** CORRUPT_IMAGE where the region misses the picture. */
export function planPicture(
  frame: JpegFrame,
  kind: "gray" | "ycbcr" | "rgb" | "cmyk" | "ycck",
  { region, kept }: JpegRequest,
): JpegPicture {
  const { width, height, components } = frame;
  const most = { across: Math.max(...components.map((c) => c.across)), down: Math.max(...components.map((c) => c.down)) };
  const wanted = intersect(region, { width, height });
  if (wanted === undefined) throw corrupt("the part that is wanted lies outside the picture");
  const mcu = { width: 8 * most.across, height: 8 * most.down };
  const cells = {
    left: Math.floor(wanted.x / mcu.width),
    top: Math.floor(wanted.y / mcu.height),
    right: Math.ceil((wanted.x + wanted.width) / mcu.width),
    bottom: Math.ceil((wanted.y + wanted.height) / mcu.height),
  };
  const covers = coverOf(cells, mcu, frame);
  // Stored as 255 less the ink, as Adobe began it; libvips and browsers take every JPEG of four components so, marked or not
  const inverted = components.length === 4;
  const planes = components.map(({ across, down }, index) => ({
    width: Math.ceil((covers.width * kept * across) / mcu.width),
    height: Math.ceil((covers.height * kept * down) / mcu.height),
    spanX: { of: mcu.width, by: kept * across },
    spanY: { of: mcu.height, by: kept * down },
    across,
    down,
    inversion: !inverted
      ? ("none" as const)
      : kind === "ycck" && (index === 1 || index === 2)
        ? ("centered" as const)
        : ("inverted" as const),
  }));
  return {
    kept,
    shape: { kind, alpha: false, covers, planes },
    planes,
    mcusAcross: Math.ceil(width / mcu.width),
    mcusDown: Math.ceil(height / mcu.height),
    cells,
    blocks: components.map(({ across, down }) => ({
      across: Math.ceil((width * across) / mcu.width),
      down: Math.ceil((height * down) / mcu.height),
    })),
  };
}

function coverOf(cells: Cells, mcu: { width: number; height: number }, frame: JpegFrame): Rect {
  const x = cells.left * mcu.width;
  const y = cells.top * mcu.height;
  return {
    x,
    y,
    width: Math.min(cells.right * mcu.width, frame.width) - x,
    height: Math.min(cells.bottom * mcu.height, frame.height) - y,
  };
}
