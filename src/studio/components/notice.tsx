import { useEffect } from "preact/hooks";
import { notice } from "../state/store.ts";
import { text } from "../text/index.ts";
import { Icon } from "./icon.tsx";
import "./notice.css";

const SHOWN_MS = 5000;

/** The newest sentence for everybody, at the foot of the page. Errors stay until they are dismissed. */
export function NoticeBar() {
  const { value: now } = notice;
  useEffect(() => {
    if (now === undefined || now.kind === "error") return undefined;
    const timer = setTimeout(dismiss, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [now]);
  return (
    <div class="notice-place" role="status">
      {now !== undefined && (
        <div class={`notice notice-${now.kind}`}>
          {now.kind === "error" && <Icon name="warning" />}
          <p>{now.text}</p>
          {now.kind === "error" && (
            <button
              type="button"
              class="button button-quiet button-icon"
              aria-label={text.value.shell.notice.close}
              onClick={dismiss}
            >
              <Icon name="close" />
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function dismiss(): void {
  notice.value = undefined;
}
