export function Header() {
  return <section data-part="header" />;
}
