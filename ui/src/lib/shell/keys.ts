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

/** The keystroke belongs to a text: not to a choice, which has no use for undo. */
export function writing(event: KeyboardEvent): boolean {
  const target = event.target;
  const choice = target instanceof Element && target.closest("select, input[type=radio], input[type=checkbox]") !== null;
  return typing(event) && (composing(event) || !choice);
}

export function withControl(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey;
}

/** The keystroke belongs to a sheet or a menu that lies over the rest. */
export function covered(event: KeyboardEvent): boolean {
  const over = "[role='dialog'], [role='menu']";
  return (event.target instanceof Element && event.target.closest(over) !== null) || document.querySelector(over) !== null;
}
