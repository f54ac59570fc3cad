import { GROUPS } from "./groups.ts";
import { type ChainText, doesOf, nameOf } from "./labels.ts";

/** Operations whose name, description or name in the URL has every word of a query; all of them for an empty one. */
export function matchesOf(query: string, says: ChainText): ReadonlySet<string> {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = GROUPS.flatMap(([group, operations]) =>
    operations.filter((name) => {
      const about = `${name} ${nameOf(says, name)} ${doesOf(says, name)} ${says.groups[group]}`.toLowerCase();
      return words.every((word) => about.includes(word));
    }),
  );
  return new Set(matches);
}
