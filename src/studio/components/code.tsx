import { readBase } from "../code/address.ts";
import { copyText } from "../code/clipboard.ts";
import {
  alt,
  argumentsText,
  ask,
  base,
  isStale,
  keyText,
  language,
  markup,
  ownKey,
  setKey,
  setLanguage,
  sizes,
  tab,
  typedBase,
  typedWidths,
} from "../code/panel.ts";
import { addressSnippet, cssSnippet, curlSnippet, imgSnippet, pictureSnippet, type Snippet } from "../code/snippets.ts";
import { faultText } from "../presentation/faults.ts";
import { notice, problem } from "../state/store.ts";
import { text } from "../text/index.ts";
import { CodeBlock } from "./code-block.tsx";
import { CodeEdit } from "./code-edit.tsx";
import { CodeField } from "./code-field.tsx";
import { CodeTabs } from "./code-tabs.tsx";
import { Icon } from "./icon.tsx";
import "./code.css";

/** The document as something to take away, and as something to type. */
export function Code() {
  const words = text.value.code;
  return (
    <section class="section code" aria-labelledby="code-title">
      <CodeTabs before={<h2 id="code-title">{words.title}</h2>} after={<Choices />}>
        {isStale.value && <Stale />}
        {tab.value === "url" ? <Address /> : <Markup />}
      </CodeTabs>
      <CodeEdit />
      <Place />
    </section>
  );
}

/** Why the texts below are not the document's. */
function Stale() {
  const fault = problem.value;
  const said = fault === undefined ? undefined : faultText(fault, text.value.chain);
  return (
    <p class="code-stale small">
      {said !== undefined && (
        <span class="error" lang={said.isEngines ? "en" : undefined}>
          {said.message}
        </span>
      )}
      <span>{text.value.code.stale}</span>
    </p>
  );
}

async function share(): Promise<void> {
  const words = text.value.code;
  const isCopied = await copyText(location.href);
  notice.value = { text: isCopied ? words.shared : words.shareByHand, kind: "info" };
}

function Choices() {
  const words = text.value.code;
  return (
    <>
      <fieldset class="group" aria-label={words.language}>
        {(["oss", "plain"] as const).map((name) => (
          <button
            key={name}
            type="button"
            class="button small"
            aria-pressed={language.value === name}
            onClick={() => setLanguage(name)}
          >
            {words.languages[name]}
          </button>
        ))}
      </fieldset>
      <button type="button" class="button button-quiet code-share" onClick={() => void share()}>
        <Icon name="link" />
        {words.share}
      </button>
    </>
  );
}

function Address() {
  const words = text.value.code;
  const address = addressSnippet(ask.value);
  const isPlain = language.value === "plain" && address.note !== "fallback";
  return (
    <>
      <CodeBlock label={words.address} value={address.text} isStale={isStale.value} note={noteOf(address)} />
      {argumentsText.value === "" ? (
        <p class="small soft">{words.nothingAsked}</p>
      ) : (
        <CodeBlock label={isPlain ? words.query : words.process} value={argumentsText.value} isQuery isStale={isStale.value} />
      )}
    </>
  );
}

function Markup() {
  const name = tab.value;
  const snippet = snippetOf(name);
  const words = text.value.code;
  return (
    <>
      <CodeBlock label={words.tab[name]} value={snippet.text} isStale={isStale.value} note={noteOf(snippet)} />
      {(name === "picture" || name === "img") && (
        <fieldset class="code-fields" aria-label={words.markup}>
          <CodeField label={words.alt} value={alt.value} onInput={(value) => (alt.value = value)} />
          <CodeField label={words.sizes} value={sizes.value} onInput={(value) => (sizes.value = value)} />
          <CodeField label={words.widths} value={typedWidths.value} onInput={(value) => (typedWidths.value = value)} />
        </fieldset>
      )}
    </>
  );
}

function snippetOf(name: typeof tab.value): Snippet {
  if (name === "picture") return pictureSnippet(ask.value, markup.value);
  if (name === "img") return imgSnippet(ask.value, markup.value);
  return name === "css" ? cssSnippet(ask.value) : curlSnippet(ask.value);
}
function noteOf({ note }: Snippet): string | undefined {
  return note === undefined ? undefined : text.value.code.notes[note];
}

function Place() {
  const words = text.value.code;
  const typed = typedBase.value;
  const fault = typed.trim() === "" || readBase(typed) !== undefined ? undefined : words.badBase;
  return (
    <div class="code-fields code-place">
      <CodeField
        label={words.base}
        value={typed}
        placeholder={base.value}
        fault={fault}
        onInput={(value) => (typedBase.value = value)}
      />
      <CodeField label={words.key} value={keyText.value} placeholder={ownKey.value} onInput={setKey} />
    </div>
  );
}
