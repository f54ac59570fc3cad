import type { Fault } from "../state/store.ts";
import { problem, renderFault } from "../state/store.ts";
import { text } from "../text/index.ts";
import { edited } from "../viewer/state.ts";
import { Icon } from "./icon.tsx";

/** Why there is no result: what is wrong with what is asked, else what the engine stumbled on. */
export function StageMessage() {
  const words = text.value.viewer;
  const wrong = problem.value;
  const fault: Fault | undefined = wrong?.error ?? renderFault.value;
  return (
    <div class="viewer-message-place" role="alert" data-editing={edited.value !== undefined}>
      {fault !== undefined && (
        <div class="viewer-message">
          <Icon name="warning" size={20} />
          <div>
            <p class="viewer-message-title">
              {wrong?.step === undefined ? words.cannotMake : words.cannotMakeStep(nameOf(wrong.operation))}
            </p>
            <p>{fault.message}</p>
            <p class="small soft">
              {words.code} <code>{fault.code}</code>
            </p>
          </div>
        </div>
      )}
    </div>
  );
}

function nameOf(operation: string): string {
  const names: Readonly<Record<string, { readonly name: string } | undefined>> = text.value.chain.operations;
  return names[operation]?.name ?? operation;
}
