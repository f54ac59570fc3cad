/** Name, version and licenses of every package that one of these files belongs to. */
export function noticesOf(ids: Iterable<string>): string;
