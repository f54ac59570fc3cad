import { isCurrent, result, type Source, source } from "../state/store.ts";
import { text } from "../text/index.ts";
import { resultName, savingsOf } from "../viewer/figures.ts";
import { printBytes, printFormat, printPercent, printSize } from "../viewer/units.ts";
import { Icon } from "./icon.tsx";
import { ProofMark } from "./proof.tsx";
import { StatsDetails } from "./stats-details.tsx";
import "./stats.css";

/** The figures of the result under the stage. While it is made anew the old ones stay, but pale. */
export function Stats() {
  const words = text.value.viewer;
  const from = source.value;
  const made = result.value;
  if (from === undefined) return null;
  return (
    <section class="stats" aria-label={words.figures} data-part="stats">
      <div class="stats-row" data-outdated={!isCurrent.value}>
        <Saved from={from} />
        <dl class="stats-pictures">
          <Side term={words.original} format={from.probe.format} size={from} bytes={from.picture.size} />
          <span class="stats-arrow soft" aria-hidden="true">
            <Icon name="right" size={16} />
          </span>
          {made === undefined ? (
            <div class="stats-side">
              <dt class="label">{words.result}</dt>
              <dd class="soft">{words.noResult}</dd>
            </div>
          ) : (
            <Side term={words.result} format={made.format} size={made} bytes={made.bytes} />
          )}
        </dl>
        {made !== undefined && <StatsDetails made={made} originalBytes={from.picture.size} />}
        <div class="stats-end">
          <ProofMark />
          <Download from={from} />
        </div>
      </div>
      <Warnings />
      <Announcement from={from} />
    </section>
  );
}

interface SideProps {
  readonly term: string;
  readonly format: string;
  readonly size: { readonly width: number; readonly height: number };
  readonly bytes: number;
}
function Side({ term, format, size, bytes }: SideProps) {
  return (
    <div class="stats-side">
      <dt class="label">{term}</dt>
      <dd class="number">
        <strong>{printBytes(bytes)}</strong>
        <span class="soft">
          {printFormat(format)} <span class="stats-size">{printSize(size)}</span>
        </span>
      </dd>
    </div>
  );
}

/** Percent of bytes, as the figure that counts. */
function Saved({ from }: { readonly from: Source }) {
  const made = result.value;
  const savings = made === undefined ? undefined : savingsOf(from.picture.size, made.bytes);
  return (
    <p class="stats-saved" data-worse={savings?.isWorse}>
      <span class="stats-percent number">
        {savings === undefined ? "–" : printPercent(-savings.fraction, { signed: true })}
      </span>
      <span class="label">{text.value.viewer.fileSize}</span>
    </p>
  );
}

function Download({ from }: { readonly from: Source }) {
  const made = result.value;
  const save = () => {
    if (made === undefined) return;
    const link = document.createElement("a");
    link.href = made.url;
    link.download = resultName(from.name, made.format);
    link.click();
  };
  return (
    <button type="button" class="button button-main" disabled={!isCurrent.value} onClick={save}>
      <Icon name="download" />
      <span class="stats-download">{text.value.viewer.download}</span>
    </button>
  );
}

function Warnings() {
  const warnings = result.value?.warnings ?? [];
  if (warnings.length === 0) return null;
  return (
    <ul class="stats-warnings small">
      {warnings.map((warning) => (
        <li key={warning} class="row">
          <Icon name="warning" size={16} />
          <span class="unseen">{text.value.viewer.warning}: </span>
          <span>{warning}</span>
        </li>
      ))}
    </ul>
  );
}

/** The result in one sentence, for those who cannot see that it has come. */
function Announcement({ from }: { readonly from: Source }) {
  const words = text.value.viewer;
  const made = isCurrent.value ? result.value : undefined;
  const sentence = () => {
    if (made === undefined || made.process === "") return "";
    const { fraction, isWorse } = savingsOf(from.picture.size, made.bytes);
    const change =
      fraction === 0 ? words.same : `${printPercent(Math.abs(fraction))} ${isWorse ? words.larger : words.smaller}`;
    return words.announce(printFormat(made.format), printSize(made), printBytes(made.bytes), change);
  };
  return (
    <p class="unseen" role="status" aria-label={words.result}>
      {sentence()}
    </p>
  );
}
