import type { View } from "../state/store.ts";
import { view } from "../state/store.ts";
import { text } from "../text/index.ts";
import { FIT, nextZoom } from "../viewer/camera.ts";
import { zoomBy } from "../viewer/gestures.ts";
import { canFocus } from "../viewer/input.ts";
import { camera, edited, handled, handledInput, setHandles, zoom } from "../viewer/state.ts";
import { printPercent } from "../viewer/units.ts";
import { Icon, type IconName } from "./icon.tsx";
import { CropRatios } from "./viewer-ratios.tsx";

const VIEWS: readonly {
  readonly name: View;
  readonly icon: IconName;
  readonly word: "viewDivider" | "viewSide" | "viewResult";
}[] = [
  { name: "divider", icon: "divider", word: "viewDivider" },
  { name: "side", icon: "side", word: "viewSide" },
  { name: "result", icon: "single", word: "viewResult" },
];

/** Floats at the bottom of the stage: zoom, view, and what belongs to the handles on the picture. */
export function Toolbar() {
  const words = text.value.viewer;
  const step = edited.value;
  return (
    <fieldset class="viewer-toolbar" aria-label={words.toolbar}>
      <ZoomButtons isEditing={step !== undefined} />
      <span class="viewer-toolbar-line" />
      {step === undefined ? (
        <ViewButtons />
      ) : step.name === "crop" ? (
        <CropRatios step={step} />
      ) : (
        <span class="viewer-toolbar-hint small soft">{words.focalHint}</span>
      )}
      <HandlesButton />
    </fieldset>
  );
}

function ZoomButtons({ isEditing }: { readonly isEditing: boolean }) {
  const words = text.value.viewer;
  const percent = printPercent(zoom.value);
  return (
    <div class="viewer-toolbar-zoom row" data-editing={isEditing}>
      <Tool icon="minus" label={words.zoomOut} onClick={() => zoomBy((now) => nextZoom(now, -1))} />
      <button
        type="button"
        class="button button-quiet viewer-toolbar-percent number"
        aria-label={words.zoomActual(percent)}
        title={words.zoomActual(percent)}
        onClick={() => zoomBy(() => 1)}
      >
        {percent}
      </button>
      <Tool icon="plus" label={words.zoomIn} onClick={() => zoomBy((now) => nextZoom(now, 1))} />
      <Tool
        icon="fit"
        label={words.zoomFit}
        isPressed={camera.value.zoom === "fit"}
        onClick={() => {
          camera.value = FIT;
        }}
      />
    </div>
  );
}

function ViewButtons() {
  const words = text.value.viewer;
  return (
    <fieldset class="group" aria-label={words.views}>
      {VIEWS.map(({ name, icon, word }) => (
        <button
          key={name}
          type="button"
          class="button button-icon"
          aria-label={words[word]}
          title={words[word]}
          aria-pressed={view.value === name}
          onClick={() => {
            view.value = name;
          }}
        >
          <Icon name={icon} />
        </button>
      ))}
    </fieldset>
  );
}

/** Takes up the handles of the selected step, and lays them down. */
function HandlesButton() {
  const words = text.value.viewer;
  const step = handled.value;
  if (step === undefined || handledInput.value === undefined) return null;
  if (edited.value !== undefined) {
    return (
      <button type="button" class="button button-main" onClick={() => setHandles(false)}>
        {words.done}
      </button>
    );
  }
  const label = canFocus(step) ? words.focalEdit : words.cropEdit;
  return <Tool icon={canFocus(step) ? "target" : "crop"} label={label} onClick={() => setHandles(true)} />;
}

interface ToolProps {
  readonly icon: IconName;
  readonly label: string;
  readonly isPressed?: boolean;
  readonly onClick: () => void;
}
function Tool({ icon, label, isPressed, onClick }: ToolProps) {
  return (
    <button
      type="button"
      class="button button-quiet button-icon"
      aria-label={label}
      title={label}
      aria-pressed={isPressed}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
