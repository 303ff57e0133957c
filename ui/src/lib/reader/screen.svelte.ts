// Whether the window takes the whole screen.
import { fullScreen } from "../bindings";

class Screen {
  full = $state(false);

  set(on: boolean) {
    if (on === this.full) return;
    this.full = on;
    void fullScreen({ on }).catch(() => undefined);
  }
}

export const screen = new Screen();
