import { asked, chooseFile, isOpening } from "../shell/open.ts";
import { isLinkOpening, linkedKey } from "../shell/page-link.ts";
import { isStoreKnown } from "../shell/store-wait.ts";
import { isUntouched } from "../state/document.ts";
import { doc, stack } from "../state/store.ts";
import { text } from "../text/index.ts";
import { Icon } from "./icon.tsx";
import { SourceFault } from "./notice-fault.tsx";
import { StartObjects } from "./start-objects.tsx";
import { StartSamples } from "./start-samples.tsx";
import "./start.css";

/** Where a visit begins: one place for a picture, and pictures to try. */
export function Start() {
  const words = text.value.shell.start;
  const isBusy = isOpening.value;
  return (
    <section class="start" data-part="start" aria-labelledby="start-title">
      <div class="start-zone" aria-busy={isBusy}>
        <h2 class="start-title" id="start-title">
          {words.title}
        </h2>
        <p class="start-private soft">{words.private}</p>
        <SourceFault />
        <button type="button" class="button button-main start-button" onClick={chooseFile}>
          <Icon name="upload" size={20} />
          {words.choose}
        </button>
        <p class="soft" aria-live="polite">
          <Hint />
        </p>
      </div>
      {stack.value !== undefined ? <StartObjects /> : isStoreKnown.value && <StartSamples />}
    </section>
  );
}

function Hint() {
  const words = text.value.shell.start;
  const name = isOpening.value ? asked.value : undefined;
  if (isOpening.value) return name === undefined ? words.openingUnnamed : words.opening(name);
  if (isLinkOpening.value && linkedKey.value !== undefined) return words.opening(linkedKey.value);
  return isUntouched(doc.value) && doc.value.steps.length === 0 ? words.orDrop : words.waiting(doc.value.steps.length);
}
