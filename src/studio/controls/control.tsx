import { AnchorControl } from "./anchor.tsx";
import type { Bound } from "./bound.ts";
import { ColorControl } from "./color.tsx";
import { FlagControl } from "./flag.tsx";
import { NumberControl } from "./number.tsx";
import { TextControl } from "./text.tsx";
import { WordsControl } from "./words.tsx";

/** The control of an argument, by what the argument may be. */
export function Control({ bound }: { readonly bound: Bound }) {
  switch (bound.arg.domain.kind) {
    case "integer":
      return bound.words !== undefined && bound.arg.domain.word === undefined ? (
        <WordsControl bound={bound} />
      ) : (
        <NumberControl bound={bound} />
      );
    case "decimal":
      return <NumberControl bound={bound} />;
    case "words":
      return <WordsControl bound={bound} />;
    case "flag":
      return <FlagControl bound={bound} />;
    case "color":
      return <ColorControl bound={bound} />;
    case "anchor":
      return <AnchorControl bound={bound} />;
    case "text":
      return <TextControl bound={bound} />;
  }
}
