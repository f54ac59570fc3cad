import type { ComponentChildren } from "preact";
import { Icon } from "../components/icon.tsx";
import "./controls.css";

/** Puts the arrow of the page, not the browser's, on the <select> that it is given. */
export function SelectBox({ children }: { readonly children: ComponentChildren }) {
  return (
    <span class="select">
      {children}
      <Icon name="down" size={14} />
    </span>
  );
}
