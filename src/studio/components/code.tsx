export function Code() {
  return <section data-part="code" />;
}
