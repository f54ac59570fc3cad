export function Viewer() {
  return <section data-part="viewer" />;
}
