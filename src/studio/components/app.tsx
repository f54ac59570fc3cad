import { computed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { isUntouched } from "../state/document.ts";
import { canRedo, canUndo, doc, source, stripOpen } from "../state/store.ts";
import { text } from "../text/index.ts";
import { DropVeil } from "./app-drop.tsx";
import { Chain } from "./chain.tsx";
import { Code } from "./code.tsx";
import { Header } from "./header.tsx";
import { HelpDialog } from "./help.tsx";
import { NoticeBar } from "./notice.tsx";
import { SourceFault } from "./notice-fault.tsx";
import { Output } from "./output.tsx";
import { Start } from "./start.tsx";
import { Stats } from "./stats.tsx";
import { Strip } from "./strip.tsx";
import { Viewer } from "./viewer.tsx";
import "./app.css";

const hasSource = computed(() => source.value !== undefined);
/** A chain can be built without a picture, as of a pasted URL; where there is neither, the start screen is all there is. */
const isAtWork = computed(() => hasSource.value || !isUntouched(doc.value) || canUndo.value || canRedo.value);

/** The page: a stage with what belongs to the picture below it, and a panel with what is asked of it. */
export function App() {
  useKeptFocus(hasSource.value);
  return (
    <div class={isAtWork.value ? "app app-work" : "app"}>
      <button type="button" class="app-skip button" onClick={skip}>
        {text.value.shell.skip}
      </button>
      <Header />
      <main class="app-main" id="main" tabIndex={-1}>
        <div class="app-stage">{hasSource.value ? <Stage /> : <Start />}</div>
        {isAtWork.value && <Work />}
        <DropVeil />
      </main>
      <HelpDialog />
      <NoticeBar />
    </div>
  );
}

/** What was pressed to open a picture goes away with the start screen; the keyboard goes on from the picture, not from the top. */
function useKeptFocus(isOpen: boolean): void {
  const was = useRef(isOpen);
  useEffect(() => {
    const hasLost = document.activeElement === null || document.activeElement === document.body;
    if (was.current !== isOpen && hasLost) document.getElementById("main")?.focus({ preventScroll: true });
    was.current = isOpen;
  }, [isOpen]);
}

function Stage() {
  return (
    <>
      <SourceFault />
      <Viewer />
      <Stats />
    </>
  );
}

function Work() {
  return (
    <>
      <div class="app-panel" id="panel">
        <Chain />
        <Output />
      </div>
      <div class={hasSource.value && stripOpen.value ? "app-below app-below-two" : "app-below"}>
        {hasSource.value && <Strip />}
        <Code />
      </div>
    </>
  );
}

/** A button, no link: the fragment of the address holds the document, so it cannot be a jump as well. */
function skip(): void {
  const panel = document.getElementById("panel") ?? document.getElementById("main");
  panel?.setAttribute("tabindex", "-1");
  panel?.focus();
}
