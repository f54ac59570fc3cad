/** Paths on a 20 px grid, drawn with a line of 1.5 px. */
const PATHS = {
  undo: "M4 8h8a4 4 0 0 1 0 8H8M4 8l3.5-3.5M4 8l3.5 3.5",
  redo: "M16 8H8a4 4 0 0 0 0 8h4M16 8l-3.5-3.5M16 8l-3.5 3.5",
  plus: "M10 4v12M4 10h12",
  close: "M5 5l10 10M15 5L5 15",
  up: "M5 12l5-5 5 5",
  down: "M5 8l5 5 5-5",
  right: "M8 5l5 5-5 5",
  grip: "M7 5h.01M7 10h.01M7 15h.01M13 5h.01M13 10h.01M13 15h.01",
  trash: "M4 6h12M8 6V4h4v2M6 6l.7 10h6.6L14 6",
  copy: "M7 7V4h9v9h-3M4 7h9v9H4z",
  check: "M4 10.5l4 4 8-9",
  warning: "M10 3l8 14H2zM10 8v4M10 14.5v.01",
  picture: "M3 4h14v12H3zM3 13l4-4 4 4 2-2 4 4M13 7.5v.01",
  upload: "M10 13V4M6 7.5L10 4l4 3.5M4 13v3h12v-3",
  download: "M10 4v9M6 9.5l4 3.5 4-3.5M4 13v3h12v-3",
  paste: "M7 4H5v13h10V4h-2M7 3h6v3H7z",
  sun: "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1",
  moon: "M16 12A6.5 6.5 0 0 1 8 4a6.5 6.5 0 1 0 8 8z",
  auto: "M10 3a7 7 0 1 0 0 14zM10 3a7 7 0 0 1 0 14",
  language: "M3 5h8M7 3v2M9.5 5c-.6 3-3 5.5-6 6.5M5 7c.8 2 2.5 3.6 4.5 4.4M9 17l3.8-9 3.8 9M10.3 14h5",
  divider: "M10 3v14M3 5h4v10H3M17 5h-4v10h4",
  side: "M3 4h6v12H3zM11 4h6v12h-6z",
  single: "M3 4h14v12H3z",
  fit: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
  minus: "M4 10h12",
  link: "M8.5 11.5l3-3M7 9L4.8 11.2a2.8 2.8 0 0 0 4 4L11 13M13 11l2.2-2.2a2.8 2.8 0 0 0-4-4L9 7",
  reset: "M4 10a6 6 0 1 0 2-4.5M4 4v4h4",
  crop: "M6 2v12h12M2 6h12v12",
  help: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM7.9 8a2.1 2.1 0 1 1 3 1.9c-.6.3-.9.7-.9 1.6M10 14v.01",
  info: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 9v5M10 6.2v.01",
  target: "M10 6a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM10 2.5V6M10 14v3.5M2.5 10H6M14 10h3.5M10 10v.01",
} as const;
export type IconName = keyof typeof PATHS;

/** Decoration: what it means is said by the button around it. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
