/** The "pixels" module: kernels over straight-alpha RGBA rows in linear memory, and conversions between planes and pixels. */
export { composite, isClear } from "./composite";
export { corner } from "./corner";
export { flatten } from "./flatten";
export { matrix } from "./matrix";
export { mark, reserve, reset } from "./memory";
export { over } from "./over";
export { pack } from "./pack";
export { transpose } from "./turn";
export { chroma, chromaDoubled, chromaRepeated, ycbcrToRgba, ycckToCmyk } from "./ycbcr";
