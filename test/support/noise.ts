/** Reproducible bytes for pictures so large that fast-check would be slow. Constants: Numerical Recipes, "ranqd1". */
export function noise(bytes: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length: bytes }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 24;
  });
}
