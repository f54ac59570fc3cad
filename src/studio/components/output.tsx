export function Output() {
  return <section data-part="output" />;
}
