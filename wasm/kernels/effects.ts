/**
 * The "effects" module: blur, sharpening and rotation in scalar WebAssembly 1.0. Pictures stay in the host's memory; a call
 * sees a row or a tile, so that memory does not grow with the picture and V8 gets calls to move to optimized code between.
 */
export { addCells, blurCellRows, blurCells, enlarge, gather } from "./cells";
export { firColumns, firRow, spread } from "./fir";
export { narrow, unsharp } from "./finish";
export { mark, reserve, reset } from "./memory";
export { rotateTile, widen } from "./rotate";
