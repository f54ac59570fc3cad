import { argOf } from "../controls/bind.ts";
import { Choice } from "../controls/choice.tsx";
import { resultFormat, withFormat } from "../presentation/formats.ts";
import { doc, edit, source } from "../state/store.ts";
import { text } from "../text/index.ts";

const ORIGINAL = "original";

/** The format of the result; "Original" says nothing, which keeps the source's. */
export function FormatChoice() {
  const says = text.value.chain.settings;
  const arg = argOf("format", "value");
  const given = doc.value.settings["format"]?.["value"];
  const sourceFormat = source.value?.probe.format;
  const names: Readonly<Record<string, string>> = says.formats;
  const domainWords = arg.domain.kind === "words" ? arg.domain.words : [];
  const words = [ORIGINAL, ...domainWords].map((word) => ({ word, label: names[word] ?? word }));
  const choose = (word: string) => edit((now) => withFormat(now, word === ORIGINAL ? undefined : word, sourceFormat));
  return (
    <div class="field">
      <span class="label field-label" id="setting-format-label">
        {says.names.format}
      </span>
      <Choice words={words} chosen={shownWord(given)} choose={choose} labelledBy="setting-format-label" columns={4} />
      <FormatHint given={given} />
    </div>
  );
}

function FormatHint({ given }: { readonly given: string | undefined }) {
  const says = text.value.chain.settings;
  const sourceFormat = source.value?.probe.format;
  if (given === "gif") return <p class="small soft">{says.gif}</p>;
  if (given !== undefined || sourceFormat === undefined) return undefined;
  return <p class="small soft">{says.keeps((resultFormat({}, sourceFormat) ?? sourceFormat).toUpperCase())}</p>;
}

/** Other spellings of a word are that word. */
function shownWord(given: string | undefined): string {
  if (given === undefined) return ORIGINAL;
  const arg = argOf("format", "value");
  const value = arg.parse(given);
  return value === undefined ? given : arg.print(value);
}
