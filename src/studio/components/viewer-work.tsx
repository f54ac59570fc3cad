import { useEffect, useState } from "preact/hooks";
import { type Work, work } from "../state/store.ts";
import { text } from "../text/index.ts";
import { printBytes, printMs } from "../viewer/units.ts";

/** Work shorter than this is over before it could be read. */
const QUIET_MS = 400;
const TICK_MS = 100;

/** A line at the top of the stage while work goes on, and in words what it is. */
export function WorkLine() {
  const now = work.value;
  const elapsed = useElapsed(now);
  const words = text.value.viewer;
  const isQuiet = now.kind === "idle" || now.kind === "drafting" || (now.kind !== "opening" && elapsed < QUIET_MS);
  const share = now.kind === "loading" && now.total > 0 ? Math.min(1, now.loaded / now.total) : undefined;
  return (
    <>
      {!isQuiet && (
        <div class="viewer-work" data-known={share !== undefined} aria-hidden="true">
          <div class="viewer-work-bar" style={share === undefined ? {} : { width: `${share * 100}%` }} />
        </div>
      )}
      <div class="viewer-work-place">
        <p class={isQuiet ? "unseen" : "viewer-work-words small"}>
          {/* Figures that run are not read out */}
          <span role="status" aria-label={words.progress}>
            {isQuiet ? "" : sentence(now)}
          </span>
          {!isQuiet && (
            <span class="number soft" aria-hidden="true">
              {figure(now, elapsed)}
            </span>
          )}
        </p>
      </div>
    </>
  );
}

function sentence(now: Work): string {
  const words = text.value.viewer;
  switch (now.kind) {
    case "opening":
      return words.opening;
    case "loading":
      return words.loading(now.file.slice(now.file.lastIndexOf("/") + 1));
    case "rendering":
      return words.rendering;
    default:
      return "";
  }
}

function figure(now: Work, elapsed: number): string {
  if (now.kind === "rendering") return printMs(elapsed);
  if (now.kind !== "loading") return "";
  return now.total > 0 ? text.value.viewer.loadedOf(printBytes(now.loaded), printBytes(now.total)) : printBytes(now.loaded);
}

/** ms since work of this kind began. */
function useElapsed(now: Work): number {
  const [elapsed, setElapsed] = useState(0);
  const since = now.kind === "rendering" ? now.since : 0;
  const isTimed = now.kind === "rendering" || now.kind === "loading";
  useEffect(() => {
    setElapsed(0);
    if (!isTimed) return undefined;
    const from = performance.now();
    const timer = setInterval(() => setElapsed(performance.now() - from), TICK_MS);
    return () => clearInterval(timer);
  }, [now.kind, since]);
  return isTimed ? elapsed : 0;
}
