/** Functions that a compiled module exports, by name. */
export type Exports = Readonly<Record<string, (...args: number[]) => number>>;

/** Memory inside the module; the leasing code knows a RangeError for a lack of it. */
export function allocated(hb: Exports, bytes: number): number {
  const address = call(hb, "malloc", Math.max(1, bytes)) >>> 0;
  if (address === 0) throw new RangeError("out of memory");
  return address;
}

export function call(hb: Exports, name: string, ...args: number[]): number {
  const callee = hb[name];
  if (callee === undefined) throw new Error(`the module does not export ${name}`);
  return callee(...args);
}
