// Groups whose marks are not shown on papers; kept with the settings.
class Layers {
  hidden = $state.raw<string[]>([]);
}

export const layers = new Layers();
