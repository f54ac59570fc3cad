/* The blocks of a row of MCUs in the order of an interleaved scan, T.81 section A.2.3. */
import { transform } from "./fdct";
import { chroma, columns, components, height, planeOf, strideOf, width } from "./frame";
import { MULTIPLIERS, MULTIPLIERS_SIZE } from "./tables";
import { AC, CHROMINANCE, DC, nextToken, putBlock, putDifference, put, setNextToken } from "./tokens";

/** Tokens of a block: DC, 63 levels, end of block. */
export const BLOCK_TOKENS: u32 = 65;

const block: usize = memory.data(128, 16);
/** i32 DC level of each component's last block. */
const predictions: usize = memory.data(12, 4);

export function beginBlocks(): void {
  memory.fill(predictions, 0, 12);
}

/** Tokens of row `row` of a sequential scan of all components; the buffer must have room for them. */
export function tokenizeRow(row: i32): void {
  let at = nextToken();
  const yStride = <usize>strideOf(0);
  const cStride = <usize>strideOf(1);
  const y = planeOf(0);
  const blockColumns = (width + 7) >> 3;
  const blockRows = (height + 7) >> 3;
  for (let column = 0; column < columns; column++) {
    for (let i = 0; i < chroma * chroma; i++) {
      const across = chroma == 2 ? i & 1 : 0;
      const down = chroma == 2 ? i >> 1 : 0;
      if (column * chroma + across < blockColumns && row * chroma + down < blockRows) {
        const src = y + <usize>(((column * chroma + across) << 3)) + <usize>(down << 3) * yStride;
        at = tokenizeBlock(at, src, yStride, 0);
      } else {
        at = put(put(at, DC, 0), AC, 0); // beyond the picture: like the block before, and flat
      }
    }
    for (let component = 1; component < components; component++) {
      at = tokenizeBlock(at, planeOf(component) + <usize>(column << 3), cStride, component);
    }
  }
  setNextToken(at);
}

// @ts-ignore: AssemblyScript decorates functions, which TypeScript in an editor refuses; the compiler needs it to inline
@inline
function tokenizeBlock(at: usize, src: usize, stride: usize, component: i32): usize {
  const chrominance = component != 0;
  const table: u32 = chrominance ? CHROMINANCE : 0;
  const mask = transform(src, stride, chrominance ? MULTIPLIERS + MULTIPLIERS_SIZE : MULTIPLIERS, block);
  const prediction = predictions + (<usize>component << 2);
  const level = <i32>load<i16>(block);
  at = putDifference(at, level - load<i32>(prediction), DC | table);
  store<i32>(prediction, level);
  return putBlock(at, block, mask, AC | table);
}
