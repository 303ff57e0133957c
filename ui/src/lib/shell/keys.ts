// Shortcuts must never eat what a person types, least of all a half-composed Vietnamese letter (Telex, VNI).

const PLAIN = "input, textarea, select, [contenteditable='true']";

/** A letter is being composed. */
export function composing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** The keystroke belongs to a field. */
export function typing(event: KeyboardEvent): boolean {
  const target = event.target;
  return composing(event) || (target instanceof Element && target.closest(PLAIN) !== null);
}

export function withControl(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey;
}
