import { bindStep } from "../controls/bind.ts";
import { Choice } from "../controls/choice.tsx";
import { Control } from "../controls/control.tsx";
import { Switch } from "../controls/flag.tsx";
import { type Row, rowsOf } from "../presentation/forms.ts";
import { wayLabel } from "../presentation/labels.ts";
import type { Through } from "../presentation/sizes.ts";
import { keepsRatio, lockRatio, WAYS } from "../presentation/ways.ts";
import { type Step, setTexts } from "../state/document.ts";
import { edit } from "../state/store.ts";
import { text } from "../text/index.ts";
import { PictureControl } from "./chain-picture.tsx";
import { Icon } from "./icon.tsx";

interface FormProps {
  readonly step: Step;
  readonly sizes: Through;
}

/** Everything that is asked about a step, with what is rarely needed behind a disclosure. */
export function StepForm({ step, sizes }: FormProps) {
  const { main, more } = rowsOf(step.name, step.texts);
  return (
    <div class="form">
      <WayChoice step={step} sizes={sizes} />
      {main.map((row) => (
        <FormRow key={keyOf(row)} row={row} step={step} sizes={sizes} />
      ))}
      {more.length > 0 && (
        <details class="more">
          <summary class="more-head small">
            <Icon name="right" size={14} />
            {text.value.chain.more}
          </summary>
          <div class="form more-body">
            {more.map((row) => (
              <FormRow key={keyOf(row)} row={row} step={step} sizes={sizes} />
            ))}
          </div>
        </details>
      )}
    </div>
  );
}

/** Ways that exclude each other: what clashes with the chosen one is taken out of the step. */
function WayChoice({ step, sizes }: FormProps) {
  const ways = WAYS[step.name];
  if (ways === undefined) return undefined;
  const says = text.value.chain;
  const now = ways.of(step.texts);
  const words = ways.list.map((way) => ({ word: way, label: wayLabel(says, step.name, way) }));
  const choose = (way: string) => {
    if (way !== now) edit((doc) => setTexts(doc, step.id, ways.to(way, step.texts, sizes)));
  };
  return <Choice words={words} chosen={now} choose={choose} label={wayLabel(says, step.name, "label")} />;
}

interface RowProps extends FormProps {
  readonly row: Row;
}
function FormRow({ row, step, sizes }: RowProps) {
  if (typeof row === "string") {
    if (step.name === "watermark" && row === "image") return <PictureControl step={step} />;
    return <Control bound={bindStep(step, row, sizes)} />;
  }
  if (!isExtra(row)) {
    return (
      <div class="form-pair">
        {row.map((name) => (
          <Control key={name} bound={bindStep(step, name, sizes, true)} />
        ))}
      </div>
    );
  }
  switch (row.extra) {
    case "ratio":
      return <RatioSwitch step={step} sizes={sizes} />;
    case "turns":
      return <Turns step={step} />;
    case "crop-hint":
      return <p class="small soft">{text.value.chain.cropHint}</p>;
  }
}

function RatioSwitch({ step, sizes }: FormProps) {
  const change = (lock: boolean) => edit((doc) => setTexts(doc, step.id, lockRatio(lock, step.texts, sizes.after)));
  return <Switch id={`${step.id}-ratio`} label={text.value.chain.ratio} isOn={keepsRatio(step.texts)} change={change} />;
}

const TURNS = [270, 180, 90] as const;
function Turns({ step }: { readonly step: Step }) {
  const says = text.value.chain;
  const words = TURNS.map((angle) => ({ word: String(angle), label: says.turnBy[angle] }));
  const choose = (angle: string) => edit((doc) => setTexts(doc, step.id, { value: angle }));
  return <Choice words={words} chosen={step.texts["value"]} choose={choose} label={says.turns} />;
}

function isExtra(row: Exclude<Row, string>): row is Extract<Row, { readonly extra: string }> {
  return "extra" in row;
}
function keyOf(row: Row): string {
  if (typeof row === "string") return row;
  return isExtra(row) ? row.extra : row.join();
}
