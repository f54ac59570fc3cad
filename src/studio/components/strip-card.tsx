import { applyCandidate, isChosen, shareOfLargest } from "../code/cards.ts";
import { type Candidate, candidates, doc, edit, result } from "../state/store.ts";
import { text } from "../text/index.ts";
import { printBytes, printFormat, printMs, printPercent } from "../viewer/units.ts";
import { Thumbnail } from "./strip-thumbnail.tsx";

interface Card {
  readonly card: Candidate;
  readonly originalBytes: number | undefined;
  readonly isSmallest: boolean;
}

/** One way to encode the result; pressed, it is taken. */
export function StripCard({ card, originalBytes, isSmallest }: Card) {
  const words = text.value.code;
  const name = card.quality === undefined ? printFormat(card.format) : words.quality(card.quality);
  const isFailed = card.state === "failed";
  return (
    <button
      type="button"
      class="strip-card"
      data-state={card.state}
      aria-pressed={isChosen(doc.value, card, result.value)}
      disabled={isFailed}
      onClick={() => edit((now) => applyCandidate(now, card))}
    >
      <Thumbnail url={card.url} />
      <span class="strip-card-words">
        <span class="strip-card-name">
          {name}
          {isSmallest && <span class="chip chip-good">{words.smallest}</span>}
        </span>
        <Figures card={card} originalBytes={originalBytes} />
      </span>
      <span class="strip-card-bar" style={{ scale: `${shareOfLargest(card, candidates.value)} 1` }} />
    </button>
  );
}

function Figures({ card, originalBytes }: Pick<Card, "card" | "originalBytes">) {
  const words = text.value.code;
  const { state, bytes, totalMs, message } = card;
  if (state === "failed") {
    return (
      <span class="strip-card-fault small" title={message}>
        {words.failed}
        {message !== undefined && `: ${message}`}
      </span>
    );
  }
  if (state !== "made" || bytes === undefined) {
    return (
      <span class="strip-card-blank">
        <span class="unseen">{state === "making" ? words.making : words.waiting}</span>
      </span>
    );
  }
  const share = originalBytes === undefined ? undefined : printPercent(bytes / originalBytes);
  return (
    <span class="strip-card-figures number">
      <span class="strip-card-bytes">{printBytes(bytes)}</span>
      <span class="small soft">
        {share !== undefined && (
          <>
            <span aria-hidden="true">{share}</span>
            <span class="unseen">{words.ofOriginal(share)}</span>
            {totalMs === undefined ? "" : " · "}
          </>
        )}
        {totalMs !== undefined && printMs(totalMs)}
      </span>
    </span>
  );
}
