/** Goes back into a field whose content was refused, with all of it selected: the next key replaces it. */
export function tryAgain(field: HTMLInputElement | HTMLTextAreaElement | undefined) {
  field?.focus();
  field?.select();
}
