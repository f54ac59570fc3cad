/** The "pixels" module: scalar kernels over straight-alpha RGBA rows in linear memory, WebAssembly 1.0 only (Node 12 runs it). */
export { composite } from "./composite";
export { flatten } from "./flatten";
export { mask } from "./mask";
export { matrix } from "./matrix";
export { mark, reserve, reset } from "./memory";
export { over } from "./over";
