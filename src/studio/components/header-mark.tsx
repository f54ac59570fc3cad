/** The sign of the product: an opal, one half its reflection. The favicon is the same. */
export function Mark({ size = 24 }: { readonly size?: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <circle cx="12" cy="12" r="11" fill="#0b7f80" />
      <path d="M12 1a11 11 0 0 1 0 22c3.6-2.2 4.6-6 2-9.6-2.8-4-4.8-7.6-2-12.4z" fill="#f0997a" />
      <path
        d="M5.4 10.5A7 7 0 0 1 9 5.7"
        fill="none"
        stroke="#fff"
        stroke-opacity=".8"
        stroke-width="1.8"
        stroke-linecap="round"
      />
    </svg>
  );
}
