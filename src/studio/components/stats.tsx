export function Stats() {
  return <section data-part="stats" />;
}
