export function Chain() {
  return <section data-part="chain" />;
}
