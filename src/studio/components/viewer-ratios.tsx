import { type Step, setTexts } from "../state/document.ts";
import { edit } from "../state/store.ts";
import { text } from "../text/index.ts";
import { cropRect, cropTexts } from "../viewer/input.ts";
import { RATIOS, type RatioName, ratioLabel, ratioOf, withRatio } from "../viewer/rectangle.ts";
import { inputSize, ratio } from "../viewer/state.ts";

/** Proportions that the rectangle keeps while it is dragged; choosing one gives it them at once. */
export function CropRatios({ step }: { readonly step: Step }) {
  const words = text.value.viewer;
  const input = inputSize.value;
  if (input === undefined) return null;
  const choose = (name: RatioName) => {
    ratio.value = name;
    const kept = ratioOf(name, input);
    if (kept === undefined) return;
    const next = withRatio(cropRect(step.texts, input), kept, input);
    edit((doc) => setTexts(doc, step.id, cropTexts(next)));
  };
  const names: Partial<Record<RatioName, string>> = { free: words.ratioFree, original: words.ratioOriginal };
  return (
    <fieldset class="group viewer-ratios" aria-label={words.ratios}>
      {RATIOS.map((name) => (
        <button key={name} type="button" class="button number" aria-pressed={ratio.value === name} onClick={() => choose(name)}>
          {names[name] ?? ratioLabel(name, input)}
        </button>
      ))}
    </fieldset>
  );
}
