import { useRef } from "preact/hooks";
import { encodedText, integer } from "../../core/args.ts";
import { argOf } from "../controls/bind.ts";
import type { Bound } from "../controls/bound.ts";
import { Field, faultAttributes } from "../controls/field.tsx";
import { NumberControl } from "../controls/number.tsx";
import { SelectBox } from "../controls/select.tsx";
import { TextControl } from "../controls/text.tsx";
import { FIRST_WIDTH, type MarkText, markOf, markText, ofWidth, widthPercent } from "../presentation/mark.ts";
import { scaleOf } from "../presentation/scale.ts";
import { type Step, setTexts } from "../state/document.ts";
import { edit, marks, move, objects, settle } from "../state/store.ts";
import { text } from "../text/index.ts";
import { Icon } from "./icon.tsx";

/** The picture of a watermark: an object of the store or a file of this computer, and how wide it is drawn. */
export function PictureControl({ step }: { readonly step: Step }) {
  const says = text.value.chain;
  const mark = markOf(step.texts["image"] ?? "");
  const bound = boundTo(step, mark);
  const isLocal = marks.value.has(mark.key) && !objects.value.some(({ key }) => key === mark.key);
  const hint = isLocal ? { hint: says.pictureLocal } : {};
  const pick = (key: string) => {
    const process = mark.key === "" && mark.process === undefined ? ofWidth(FIRST_WIDTH) : mark.process;
    bound.image.change(markText({ key, ...(process === undefined ? {} : { process }) }));
  };
  return (
    <>
      {keysOf(mark.key).length === 0 ? (
        <TextControl bound={{ ...bound.key, ...hint, label: says.pictureKey, change: pick }} />
      ) : (
        <PictureSelect bound={{ ...bound.image, ...hint }} chosen={mark.key} pick={pick} />
      )}
      <FileButton pick={pick} />
      {mark.key !== "" && (isWidth(mark) ? <NumberControl bound={bound.width} /> : <TextControl bound={bound.process} />)}
    </>
  );
}

interface SelectProps {
  readonly bound: Bound;
  readonly chosen: string;
  readonly pick: (key: string) => void;
}
function PictureSelect({ bound, chosen, pick }: SelectProps) {
  const says = text.value.chain;
  const stored = objects.value.map(({ key }) => key);
  const local = keysOf(chosen).filter((key) => !stored.includes(key));
  return (
    <Field bound={{ ...bound, isReset: true }}>
      <SelectBox>
        <select
          id={bound.id}
          class="input"
          value={chosen}
          onChange={(event) => pick(event.currentTarget.value)}
          {...faultAttributes(bound)}
        >
          {chosen === "" && <option value="">{says.pictureNone}</option>}
          <Keys label={says.pictureFiles} keys={local} />
          <Keys label={says.pictureObjects} keys={stored} />
        </select>
      </SelectBox>
    </Field>
  );
}
function Keys({ label, keys }: { readonly label: string; readonly keys: readonly string[] }) {
  if (keys.length === 0) return undefined;
  return (
    <optgroup label={label}>
      {keys.map((key) => (
        <option key={key} value={key}>
          {key}
        </option>
      ))}
    </optgroup>
  );
}

/** A local file is drawn under its own name, as it would be from the bucket. */
function FileButton({ pick }: { readonly pick: (key: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const take = (file: File | undefined) => {
    if (file === undefined) return;
    marks.value = new Map([...marks.value, [file.name, file]]);
    pick(file.name);
  };
  return (
    <>
      <button type="button" class="button form-wide" onClick={() => input.current?.click()}>
        <Icon name="picture" size={16} />
        {text.value.chain.pictureFile}
      </button>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        tabIndex={-1}
        data-part="mark-file"
        onChange={(event) => {
          take(event.currentTarget.files?.[0]);
          event.currentTarget.value = ""; // the same file may be chosen again
        }}
      />
    </>
  );
}

/** Keys that can be chosen, the chosen one among them. */
function keysOf(chosen: string): readonly string[] {
  const keys = [...marks.value.keys(), ...objects.value.map(({ key }) => key)];
  return keys.length === 0 ? [] : [...new Set([...keys, ...(chosen === "" ? [] : [chosen])])];
}
function isWidth(mark: MarkText): boolean {
  return mark.process === undefined || widthPercent(mark) !== undefined;
}

const WIDTH = integer({ min: 1, max: 100, unit: "percent" });
const KEY = encodedText(1023);

/** The one text of the picture as what it is made of. */
function boundTo(step: Step, mark: MarkText): Readonly<Record<"image" | "key" | "width" | "process", Bound>> {
  const says = text.value.chain;
  const set = (image: string) => (doc: Parameters<typeof setTexts>[0]) => setTexts(doc, step.id, { image });
  const part = (name: string, change: (given: string) => MarkText) => ({
    id: `${step.id}-${name}`,
    isReset: true,
    move: (given: string) => move(set(markText(change(given)))),
    change: (given: string) => edit(set(markText(change(given)))),
    settle,
  });
  const percent = widthPercent(mark);
  return {
    image: {
      ...part("image", markOf),
      label: says.args.watermark.image,
      arg: argOf("watermark", "image"),
      text: step.texts["image"],
    },
    key: { ...part("key", (key) => ({ ...mark, key })), label: says.pictureKey, arg: KEY, text: mark.key },
    width: {
      ...part("width", (given) => (given === "" ? { key: mark.key } : { key: mark.key, process: ofWidth(given) })),
      ...{ label: says.pictureWidth, arg: WIDTH, unit: says.units.percent, placeholder: says.pictureOwn, text: percent },
      scale: scaleOf({ kind: "integer", min: 1, max: 100 }, {}, { width: 1, height: 1 }),
    },
    process: {
      ...part("process", (process) => (process === "" ? { key: mark.key } : { key: mark.key, process })),
      ...{ label: says.pictureProcess, arg: encodedText(2048), text: mark.process },
    },
  };
}
