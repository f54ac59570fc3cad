import { useRef } from "preact/hooks";
import type { Result } from "../state/store.ts";
import { text } from "../text/index.ts";
import { type Stage, savingsOf, stagesOf } from "../viewer/figures.ts";
import { printBytes, printMs, printPercent } from "../viewer/units.ts";
import { Icon } from "./icon.tsx";
import { placePopover } from "./proof-place.tsx";

interface Props {
  readonly made: Result;
  readonly originalBytes: number;
}

/** Time in a bar by stage; behind it, in a popover, the figures in full. */
export function StatsDetails({ made, originalBytes }: Props) {
  const words = text.value.viewer;
  const button = useRef<HTMLButtonElement>(null);
  const sheet = useRef<HTMLDivElement>(null);
  const stages = stagesOf(made.timings, made.totalMs);
  return (
    <div class="stats-time">
      <button ref={button} type="button" class="stats-time-button" popovertarget="stats-details" title={words.details}>
        <span class="stats-time-head">
          <span class="label">{words.time}</span>
          <span class="number">{printMs(made.totalMs)}</span>
          <span class="unseen">{words.details}</span>
          <span class="stats-chevron soft">
            <Icon name="up" size={14} />
          </span>
        </span>
        <span class="stats-bar" aria-hidden="true">
          {stages.map(({ name, share }, index) => (
            <span key={name} data-shade={shadeOf(stages, index)} style={{ flexGrow: share }} />
          ))}
        </span>
      </button>
      <div
        ref={sheet}
        id="stats-details"
        popover="auto"
        class="menu stats-sheet"
        role="dialog"
        aria-label={words.details}
        onToggle={(event) => {
          if (event.newState === "open") placePopover(sheet.current, button.current);
        }}
      >
        <Stages stages={stages} totalMs={made.totalMs} />
        <dl class="stats-facts">
          <div>
            <dt>{words.memory}</dt>
            <dd class="number">{printBytes(made.peakBytes)}</dd>
          </div>
          <PerMillion originalBytes={originalBytes} bytes={made.bytes} />
        </dl>
        <p class="small soft">{words.estimate}</p>
      </div>
    </div>
  );
}

function Stages({ stages, totalMs }: { readonly stages: readonly Stage[]; readonly totalMs: number }) {
  const words = text.value.viewer;
  const names: Readonly<Record<string, string>> = words.stageNames;
  return (
    <table class="stats-stages">
      <caption>{words.stages}</caption>
      <tbody>
        {stages.map(({ name, ms, share }, index) => (
          <tr key={name}>
            <th scope="row">
              <span class="stats-swatch" data-shade={shadeOf(stages, index)} aria-hidden="true" />
              {names[name] ?? name}
            </th>
            <td class="number">{printMs(ms)}</td>
            <td class="number soft">{printPercent(share)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{words.total}</th>
          <td class="number">{printMs(totalMs)}</td>
          <td />
        </tr>
      </tfoot>
    </table>
  );
}

/** Neighbors differ in their shade; what no stage accounts for is pale. */
function shadeOf(stages: readonly Stage[], index: number): string {
  return stages[index]?.name === "rest" ? "rest" : String(index % 4);
}

function PerMillion({ originalBytes, bytes }: { readonly originalBytes: number; readonly bytes: number }) {
  const words = text.value.viewer;
  const { perMillion, isWorse } = savingsOf(originalBytes, bytes);
  const amount = printBytes(Math.abs(perMillion));
  return (
    <div data-worse={isWorse}>
      <dt>{words.views1m}</dt>
      <dd class="number">{isWorse ? words.costs1m(amount) : words.saves1m(amount)}</dd>
    </div>
  );
}
