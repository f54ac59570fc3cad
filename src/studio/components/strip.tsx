import { rowsOf, smallestOf } from "../code/cards.ts";
import { type Candidate, candidates, source, stripOpen } from "../state/store.ts";
import { text } from "../text/index.ts";
import { printFormat } from "../viewer/units.ts";
import { Icon } from "./icon.tsx";
import { StripCard } from "./strip-card.tsx";
import "./strip.css";

/** Other formats and qualities of the same chain, beside each other. Closed, none of them is made. */
export function Strip() {
  const words = text.value.code;
  const isOpen = stripOpen.value;
  return (
    <section class="section strip" aria-labelledby="strip-title">
      <h2 class="strip-head">
        <button
          type="button"
          class="strip-toggle"
          id="strip-title"
          aria-expanded={isOpen}
          aria-controls="strip-body"
          onClick={() => {
            stripOpen.value = !isOpen;
          }}
        >
          <Icon name={isOpen ? "down" : "right"} />
          {words.compare}
        </button>
      </h2>
      <div id="strip-body" hidden={!isOpen}>
        {isOpen && <Rows />}
      </div>
    </section>
  );
}

function Rows() {
  const words = text.value.code;
  const all = candidates.value;
  const { formats, qualities } = rowsOf(all);
  const format = qualities[0]?.format;
  if (all.length === 0) return <p class="strip-calm small soft">{words.calm}</p>;
  return (
    <div class="strip-rows">
      <Row label={words.formats} cards={formats} smallest={smallestOf(formats)} />
      {format !== undefined && <Row label={words.qualities(printFormat(format))} cards={qualities} />}
    </div>
  );
}

interface RowOf {
  readonly label: string;
  readonly cards: readonly Candidate[];
  readonly smallest?: Candidate | undefined;
}
function Row({ label, cards, smallest }: RowOf) {
  const id = `strip-row-${cards[0]?.quality === undefined ? "formats" : "qualities"}`;
  return (
    <div class="strip-row">
      <p class="label" id={id}>
        {label}
      </p>
      <ul class="strip-cards" aria-labelledby={id}>
        {cards.map((card) => (
          <li key={`${card.format}-${card.quality ?? ""}`}>
            <StripCard card={card} originalBytes={source.value?.picture.size} isSmallest={card === smallest} />
          </li>
        ))}
      </ul>
    </div>
  );
}
