export function Strip() {
  return <section data-part="strip" />;
}
