export function Start() {
  return <section data-part="start" />;
}
