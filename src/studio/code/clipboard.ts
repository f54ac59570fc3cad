/** Copies a text, and tells whether the browser let it. Where not, `shown`, the element that shows it, is selected for the person. */
export async function copyText(text: string, shown?: Element | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text); // undefined outside secure contexts: throws too
    return true;
  } catch {
    if (shown !== undefined && shown !== null) getSelection()?.selectAllChildren(shown);
    return false;
  }
}
