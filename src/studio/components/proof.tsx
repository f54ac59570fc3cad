export function ProofMark() {
  return <section data-part="proof" />;
}
