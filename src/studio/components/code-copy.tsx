import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { copyText } from "../code/clipboard.ts";
import { text } from "../text/index.ts";
import { Icon } from "./icon.tsx";

const SAID_MS = 2000;

interface Copied {
  /** What the button is for, for those who do not see what stands beside it. */
  readonly what: string;
  readonly value: () => string;
  /** Element that shows the value. */
  readonly shown?: () => Element | null;
}

/** Copies, and says so for two seconds. */
export function CopyButton({ what, value, shown }: Copied) {
  const said = useSignal<"copied" | "selected" | undefined>(undefined);
  const words = text.value.code;
  useEffect(() => {
    if (said.value === undefined) return undefined;
    const timer = setTimeout(() => {
      said.value = undefined;
    }, SAID_MS);
    return () => clearTimeout(timer);
  }, [said.value]);
  const copy = async () => {
    said.value = undefined;
    said.value = (await copyText(value(), shown?.())) ? "copied" : "selected";
  };
  const isCopied = said.value === "copied";
  return (
    <>
      <button type="button" class="button code-copy" aria-label={words.copyWhat(what)} onClick={() => void copy()}>
        <Icon name={isCopied ? "check" : "copy"} size={16} />
        <span class="code-copy-words">
          <span aria-hidden={isCopied}>{words.copy}</span>
          <span aria-hidden={!isCopied}>{words.copied}</span>
        </span>
      </button>
      <span class={said.value === "selected" ? "small soft" : "unseen"} role="status">
        {said.value === undefined ? "" : isCopied ? words.copied : words.copyByHand}
      </span>
    </>
  );
}
