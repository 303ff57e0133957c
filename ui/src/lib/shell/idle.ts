/** Calls once after so many minutes without a key, a pointer or a wheel; gives what ends the watch. */
export function whenIdle(minutes: number, act: () => void): () => void {
  const events = ["keydown", "pointerdown", "pointermove", "wheel"] as const;
  let timer: ReturnType<typeof setTimeout>;
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(act, minutes * 60_000);
  };
  for (const name of events) window.addEventListener(name, start, { passive: true, capture: true });
  start();
  return () => {
    clearTimeout(timer);
    for (const name of events) window.removeEventListener(name, start, { capture: true });
  };
}
