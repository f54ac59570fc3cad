export function NoticeBar() {
  return <section data-part="notice" />;
}
