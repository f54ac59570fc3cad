export { chain } from "./chain.ts";
export { code } from "./code.ts";
export { shell } from "./shell.ts";
export { viewer } from "./viewer.ts";
