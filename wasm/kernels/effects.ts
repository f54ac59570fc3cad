/**
 * The "effects" module: blur, sharpening and rotation. Pictures stay in the host's memory; a call sees a row or a tile, so
 * that memory does not grow with the picture and V8 gets calls to move to optimized code between.
 */
export { center, convolve } from "./fir";
export { narrow, straighten, unsharp } from "./finish";
export { replicate, spread } from "./levels";
export { mark, reserve, reset } from "./memory";
export { betweenRows, doubleRow, doubleRows, halveRow, halveRows } from "./pyramid";
export { betweenRowsFinely, doubleRowFinely, doubleRowsFinely, halveRowFinely, halveRowsFinely } from "./pyramid";
export { rotateTile, widen } from "./rotate";
export { slideRow, slideRows, sumRow } from "./slide";
