import { argOf, bindSetting } from "../controls/bind.ts";
import type { Bound } from "../controls/bound.ts";
import { NumberControl } from "../controls/number.tsx";
import { SelectBox } from "../controls/select.tsx";
import { qualityOf, qualityTexts, RULES, type Rule } from "../presentation/quality.ts";
import { setSetting } from "../state/document.ts";
import { doc, edit, explanation, move, settle } from "../state/store.ts";
import { text } from "../text/index.ts";

/** Where nothing tells a number to begin with. */
const FIRST_QUALITY = "75";

/** How the quality of a lossy result is chosen: a rule and, where it takes one, its number. */
export function QualityControl() {
  const says = text.value.chain.settings;
  const { rule, arg, text: given } = qualityOf(doc.value.settings["quality"]);
  const comesTo = explanation.value?.quality;
  const choose = (next: Rule) => {
    const number = given ?? String(comesTo ?? FIRST_QUALITY);
    edit((now) => setSetting(now, "quality", qualityTexts(next, number)));
  };
  return (
    <div class="field">
      <div class="field-head">
        <label class="label field-label" for="setting-quality-rule">
          {says.names.quality}
        </label>
        {comesTo !== undefined && <span class="small number soft">{says.comesTo(comesTo)}</span>}
      </div>
      <SelectBox>
        <select
          id="setting-quality-rule"
          class="input"
          value={rule}
          aria-describedby="setting-quality-hint"
          onChange={(event) => choose(RULES.find((candidate) => candidate === event.currentTarget.value) ?? "source")}
        >
          {RULES.map((candidate) => (
            <option key={candidate} value={candidate}>
              {says.rules[candidate]}
            </option>
          ))}
        </select>
      </SelectBox>
      <p class="small soft" id="setting-quality-hint">
        {says.ruleHints[rule]}
      </p>
      {arg !== undefined && <NumberControl bound={numberOf(rule, arg, given)} />}
    </div>
  );
}

/** A rule without its number would be another rule, so a cleared field stays a text. */
function numberOf(rule: Rule, arg: string, given: string | undefined): Bound {
  const set = (number: string) => (now: typeof doc.value) => setSetting(now, "quality", qualityTexts(rule, number));
  return {
    ...bindSetting(doc.value, "quality", arg),
    ...{ arg: argOf("quality", arg), label: text.value.chain.settings.numbers[rule], text: given, isReset: true },
    ...{ move: (number) => move(set(number)), change: (number) => edit(set(number)), settle },
  };
}
