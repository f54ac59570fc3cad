import type { StoredObject } from "../state/store.ts";

/** Objects whose key has every word of a query, in any order and letter case. */
export function matching(objects: readonly StoredObject[], query: string): readonly StoredObject[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return objects.filter(({ key }) => words.every((word) => key.toLowerCase().includes(word)));
}

/** Place in a list after a key of the keyboard; undefined where that key does not move. */
export function movedIn(key: string, at: number, count: number): number | undefined {
  if (count === 0) return undefined;
  switch (key) {
    case "ArrowDown":
      return Math.min(at + 1, count - 1);
    case "ArrowUp":
      return Math.max(at - 1, 0);
    case "PageDown":
      return Math.min(at + 8, count - 1);
    case "PageUp":
      return Math.max(at - 8, 0);
    default:
      return undefined;
  }
}
