// Zooming with the hand: the wheel with Ctrl (a trackpad's pinch comes so too), two fingers on the screen, and the
// gestures that WebKit has of its own.

/** So many times larger, around a point of the element. */
type Zooming = (factor: number, x: number, y: number) => void;
/** What WebKit tells of a gesture on a trackpad. */
type Gesture = UIEvent & { scale: number; clientX: number; clientY: number };

/** A notch of the wheel gives 100 or so, a trackpad a few at a time. */
const PER_PIXEL = 0.01;
const MOST_AT_ONCE = 25;
const LINE = 16;

/** How many times larger a turn of the wheel makes it. */
export function wheelFactor(event: { deltaY: number; deltaMode: number }): number {
  const pixels = event.deltaY * (event.deltaMode === 0 ? 1 : LINE);
  return Math.exp(-Math.min(Math.max(pixels, -MOST_AT_ONCE), MOST_AT_ONCE) * PER_PIXEL);
}

/** Hears pinches on an element, until the returned function is called. */
export function pinching(element: HTMLElement, zoom: Zooming): () => void {
  let apart: number | null = null;
  let grown = 1;

  function by(factor: number, clientX: number, clientY: number) {
    const box = element.getBoundingClientRect();
    zoom(factor, clientX - box.left, clientY - box.top);
  }

  function wheel(event: WheelEvent) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    by(wheelFactor(event), event.clientX, event.clientY);
  }

  function touch(event: TouchEvent) {
    const [a, b] = event.touches;
    if (!a || !b || event.touches.length !== 2) {
      apart = null;
      return;
    }
    if (event.cancelable) event.preventDefault();
    const now = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    if (apart !== null && now > 0) by(now / apart, (a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2);
    apart = Math.max(now, 1);
  }

  function gesture(event: Event) {
    const { scale, clientX, clientY } = event as Gesture;
    event.preventDefault();
    if (event.type === "gesturestart") grown = 1;
    else if (scale > 0) {
      by(scale / grown, clientX, clientY);
      grown = scale;
    }
  }

  const heard: [string, (event: never) => void][] = [
    ["wheel", wheel],
    ["touchstart", touch],
    ["touchmove", touch],
    ["touchend", touch],
    ["touchcancel", touch],
    ["gesturestart", gesture],
    ["gesturechange", gesture],
  ];
  for (const [name, hear] of heard) element.addEventListener(name, hear as EventListener, { passive: false });
  return () => {
    for (const [name, hear] of heard) element.removeEventListener(name, hear as EventListener);
  };
}
