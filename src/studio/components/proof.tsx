import { useId, useRef } from "preact/hooks";
import { storeSource } from "../engine/session.ts";
import { type Proof, proof, result } from "../state/store.ts";
import { text } from "../text/index.ts";
import { Icon, type IconName } from "./icon.tsx";
import { placePopover } from "./proof-place.tsx";
import "./proof.css";

/** Whether the picture on the page is the one the server answers, and how that is known. */
export function ProofMark() {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const now = proof.value;
  const { icon, words, look } = lookOf(now);
  return (
    <span class="proof" data-part="proof">
      <button
        type="button"
        class={`proof-mark chip ${look}`}
        data-kind={now.kind}
        ref={button}
        popovertarget={id}
        aria-label={`${words}: ${text.value.code.proof.more}`}
      >
        <Icon name={icon} size={16} />
        <span class="proof-words">{words}</span>
        {now.kind === "equal" && <code class="proof-short">{now.sha256.slice(0, 8)}</code>}
      </button>
      <div
        class="proof-more menu"
        id={id}
        ref={popover}
        popover="auto"
        role="dialog"
        aria-label={words}
        onToggle={(event) => {
          if (event.newState === "open") placePopover(popover.current, button.current);
        }}
      >
        <More now={now} onDone={() => popover.current?.hidePopover()} />
      </div>
      <span class="unseen" role="status">
        {now.kind === "asking" || now.kind === "none" ? "" : words}
      </span>
    </span>
  );
}

interface Look {
  readonly icon: IconName;
  readonly words: string;
  readonly look: string;
}
function lookOf(now: Proof): Look {
  const words = text.value.code.proof;
  switch (now.kind) {
    case "equal":
      return { icon: "check", words: words.equal, look: "chip-good" };
    case "different":
      return { icon: "warning", words: words.different, look: "chip-bad" };
    case "failed":
      return { icon: "warning", words: words.failed, look: "chip-warn" };
    case "asking":
      return { icon: "link", words: result.value === undefined ? words.waiting : words.asking, look: "" };
    case "none":
      return { icon: "info", words: words.none, look: "" };
  }
}

function More({ now, onDone }: { readonly now: Proof; readonly onDone: () => void }) {
  const words = text.value.code.proof;
  switch (now.kind) {
    case "equal":
      return (
        <>
          <p>{words.equalLong}</p>
          <Hash label={words.sha} value={now.sha256} />
          <ServerLink url={now.url} />
        </>
      );
    case "different":
      return (
        <>
          <p>{words.differentLong}</p>
          <Hash label={words.here} value={now.here} />
          <Hash label={words.there} value={now.there} />
          <ServerLink url={now.url} />
        </>
      );
    case "failed":
      return (
        <>
          <p class="proof-message">{now.message}</p>
          {now.url !== "" && <ServerLink url={now.url} />}
        </>
      );
    case "asking":
      return <p>{result.value === undefined ? words.waiting : words.asking}</p>;
    case "none":
      return <NotCompared why={now.why} onDone={onDone} />;
  }
}

function NotCompared({ why, onDone }: { readonly why: "no-server" | "not-stored" | "insecure"; readonly onDone: () => void }) {
  const words = text.value.code.proof;
  if (why === "no-server") return <p>{words.noServer}</p>;
  if (why === "insecure") return <p>{words.insecure}</p>;
  const store = () => {
    onDone();
    void storeSource();
  };
  return (
    <>
      <p>{words.notStored}</p>
      <button type="button" class="button button-main" onClick={store}>
        {words.store}
      </button>
      <p class="small soft">{words.storeLong}</p>
    </>
  );
}

function Hash({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <p>
      <span class="label">{label}</span>
      <code class="proof-hash">{value}</code>
    </p>
  );
}

function ServerLink({ url }: { readonly url: string }) {
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {text.value.code.proof.open}
    </a>
  );
}
