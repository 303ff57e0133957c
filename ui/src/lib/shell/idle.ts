/** Calls at most every so many milliseconds while there are keys, a pointer or a wheel; gives what ends the watch. */
export function whileUsed(every: number, tell: () => void): () => void {
  const events = ["keydown", "pointerdown", "pointermove", "wheel"] as const;
  let told = -Infinity;
  const used = () => {
    if (performance.now() - told < every) return;
    told = performance.now();
    tell();
  };
  for (const name of events) window.addEventListener(name, used, { passive: true, capture: true });
  return () => {
    for (const name of events) window.removeEventListener(name, used, { capture: true });
  };
}
