import { isDragging } from "../shell/drops.ts";
import { text } from "../text/index.ts";
import { Icon } from "./icon.tsx";
import "./app-drop.css";

/** Lies over the page while files are dragged across it. */
export function DropVeil() {
  if (!isDragging.value) return null;
  return (
    <div class="drop-veil" data-part="drop-veil">
      <p class="drop-veil-card">
        <Icon name="upload" size={32} />
        {text.value.shell.drop.open}
      </p>
    </div>
  );
}
