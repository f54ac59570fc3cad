const GAP = 8;

/** Puts an open popover above a button, or below it where there is no room, inside the window. */
export function placePopover(popover: HTMLElement | null, button: HTMLElement | null): void {
  if (popover === null || button === null) return;
  const anchor = button.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const left = Math.min(anchor.left, document.documentElement.clientWidth - width - GAP);
  const above = anchor.top - height - GAP;
  const below = Math.min(anchor.bottom + GAP, document.documentElement.clientHeight - height - GAP);
  popover.style.left = `${Math.max(GAP, left)}px`;
  popover.style.top = `${Math.max(GAP, above >= GAP ? above : below)}px`;
}
