/** A piece of a text that is shown in one color. */
export interface Tinted {
  readonly text: string;
  readonly kind?: Tint;
}
/** soft: what is always the same · key: the object · name: an operation or argument · tag: markup. */
export type Tint = "soft" | "key" | "name" | "tag";

const ADDRESS = /https?:\/\/[^\s"']+/g;
/** Tags, CSS functions and the command; attribute and property names. */
const MARKUP = /<\/?[a-z]+|\/?>|(?:^|\s)curl\b|\b(?:url|image-set|type)(?=\()|[a-z-]+(?==")|[a-z-]+(?=: )/g;

/** Pieces of a snippet, which joined are the snippet again. */
export function tint(text: string): readonly Tinted[] {
  return merged(split(text, ADDRESS).flatMap(({ text, matched }) => (matched ? tintAddress(text) : tintMarkup(text))));
}

/** Pieces of a query or a process text. */
export function tintQuery(text: string): readonly Tinted[] {
  return merged(/^(?:x-oss-process=)?image\//.test(text) ? tintProcess(text) : tintPairs(text));
}

function tintMarkup(text: string): readonly Tinted[] {
  return split(text, MARKUP).map(({ text, matched }) => {
    if (!matched) return { text };
    return /^\s*(?:[<>/]|curl)/.test(text) ? { text, kind: "tag" } : { text, kind: "name" };
  });
}

function tintAddress(text: string): readonly Tinted[] {
  const [, host = text, path = "", query = ""] = /^(https?:\/\/[^/]*\/?)([^?]*)(\?.*)?$/s.exec(text) ?? [];
  return [{ text: host, kind: "soft" }, { text: path, kind: "key" }, ...(query === "" ? [] : tintAddressQuery(query))];
}
function tintAddressQuery(query: string): readonly Tinted[] {
  return [{ text: "?", kind: "soft" }, ...tintQuery(query.slice(1))];
}

/** `&amp;` in markup is one separator. */
function tintPairs(text: string): readonly Tinted[] {
  return split(text, /(?:^|&amp;|&)[\w-]+=/g).flatMap(({ text, matched }): readonly Tinted[] => {
    if (!matched) return [{ text }];
    const [, separator = "", name = ""] = /^(&amp;|&)?(.*)=$/.exec(text) ?? [];
    return [
      { text: separator, kind: "soft" },
      { text: name, kind: "name" },
      { text: "=", kind: "soft" },
    ];
  });
}

function tintProcess(text: string): readonly Tinted[] {
  const at = text.indexOf("image/");
  const segments = text.slice(at + "image/".length).split("/");
  return [
    { text: text.slice(0, at) + "image", kind: "soft" },
    ...segments.flatMap((segment): readonly Tinted[] => {
      const [, name = "", rest = ""] = /^([^,\s]*)(.*)$/s.exec(segment) ?? [];
      return [{ text: "/", kind: "soft" }, { text: name, kind: "name" }, { text: rest }];
    }),
  ];
}

/** A text cut into what a pattern matches and what lies between. */
function split(text: string, pattern: RegExp): readonly { readonly text: string; readonly matched: boolean }[] {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push({ text: text.slice(end, match.index), matched: false }, { text: match[0], matched: true });
    end = (match.index ?? 0) + match[0].length;
  }
  return [...parts, { text: text.slice(end), matched: false }].filter((part) => part.text !== "");
}

/** Neighbors of one color as one piece. */
function merged(pieces: readonly Tinted[]): readonly Tinted[] {
  const result: Tinted[] = [];
  for (const piece of pieces) {
    const last = result[result.length - 1];
    if (last !== undefined && last.kind === piece.kind) result[result.length - 1] = { ...last, text: last.text + piece.text };
    else if (piece.text !== "") result.push(piece);
  }
  return result;
}
