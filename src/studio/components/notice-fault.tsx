import { asked } from "../shell/open.ts";
import { source, sourceFault } from "../state/store.ts";
import { text } from "../text/index.ts";
import { Icon } from "./icon.tsx";
import "./notice.css";

/** Why the picture that was asked for could not be opened, said where a person is looking. The one before it stays. */
export function SourceFault() {
  const { value: fault } = sourceFault;
  const words = text.value.shell.fault;
  if (fault === undefined) return null;
  const { [fault.code as keyof typeof words.codes]: sentence = words.codes.other } = words.codes;
  return (
    <div class="fault" role="alert">
      <Icon name="warning" />
      <div class="fault-text">
        <p class="fault-title">{asked.value === undefined ? words.unnamed : words.title(asked.value)}</p>
        <p>{sentence}</p>
        {fault.message !== "" && <p class="fault-reason small mono">{fault.message}</p>}
      </div>
      {source.value !== undefined && (
        <button
          type="button"
          class="button button-quiet button-icon"
          aria-label={words.dismiss}
          onClick={() => (sourceFault.value = undefined)}
        >
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
