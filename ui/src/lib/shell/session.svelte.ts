// What every screen knows: the application, the body in hand, its connection, the settings in force.
import { app, connection, lock, setSettings } from "../bindings";
import type { AppView, BodyRow, Connection, Settings } from "../bindings";
import { onChanged } from "../call";
import { Fault } from "../errors/fault";
import { setZone } from "../format";
import { getLocale, setLocale } from "../paraglide/runtime";
import { layers } from "./layers.svelte";
import { chosen } from "./tools.svelte";

const DARK = matchMedia("(prefers-color-scheme: dark)");

class Session {
  app = $state.raw<AppView | null>(null);
  failure = $state.raw<Fault | null>(null);
  connection = $state.raw<Connection | null>(null);
  /** The language that is shown; the whole screen is made again when it changes. */
  locale = $state<"vi" | "en">("vi");
  #chosen = $state<string | null>(null);
  /** When the server was last met as the notes were first found closed. */
  #closed = $state.raw<{ body: string; updatedAt: number | null } | null>(null);

  row = $derived.by((): BodyRow | null => {
    const bodies = this.app?.bodies ?? [];
    return bodies.find((row) => row.body === this.#chosen) ?? bodies[0] ?? null;
  });

  /** A body whose recovery code its person has not kept yet. */
  untold = $derived(this.app?.bodies.find((row) => row.recoveryCode !== null) ?? null);

  /** Id of the body in hand. Derived, so that views load again only when it is another one. */
  body = $derived(this.row?.body ?? "");
  held = $derived(this.connection?.held != null);
  online = $derived(this.connection?.reach === "online");
  /** The server answers, but was restored and records nothing yet. */
  healing = $derived(this.connection?.reach === "healing");
  /** The private notes stay closed: looked at only when a round with the server has ended since, for it may bring their key. */
  notesHeld = $derived.by(() => {
    const { row, connection } = this;
    return row?.notesHeld != null && this.#closed?.body === row.body && connection?.updatedAt !== this.#closed.updatedAt;
  });
  offline = $derived(this.connection?.reach === "offline");

  choose(body: string) {
    this.#chosen = body;
    this.#tellTimes();
    void this.loadConnection();
  }

  async load() {
    try {
      // Asked first: what the last round has brought is then in the other answer.
      const before = await this.#ask();
      this.app = await app();
      this.connection = before ?? (await this.#ask());
      this.#noteClosed();
      this.#tellTimes();
      this.failure = null;
      this.#apply(this.app.settings);
    } catch (error) {
      this.failure = Fault.from(error);
    }
  }

  async loadConnection() {
    this.connection = (await this.#ask()) ?? this.connection;
  }

  async set(change: Partial<Settings>) {
    if (!this.app) return;
    const settings = { ...this.app.settings, ...change };
    this.app = { ...this.app, settings };
    this.#apply(settings);
    await setSettings(settings).catch(() => this.load());
  }

  async lock() {
    try {
      await lock();
      await this.load();
    } catch (error) {
      this.failure = Fault.from(error);
    }
  }

  /** Listens until the returned function is called. */
  follow(): () => void {
    void this.load();
    const system = () => this.app && this.#apply(this.app.settings);
    DARK.addEventListener("change", system);
    const stop = onChanged((topics) => {
      const round = this.#closed !== null && (topics.includes("connection") || topics.includes("notes"));
      if (round || topics.includes("app") || topics.includes("record")) void this.load();
      else if (topics.includes("connection") || topics.includes("outbox")) void this.loadConnection();
    });
    return () => {
      DARK.removeEventListener("change", system);
      stop();
    };
  }

  #ask(): Promise<Connection | null> {
    return this.body === "" ? Promise.resolve(null) : connection({ body: this.body }).catch(() => null);
  }

  #noteClosed() {
    const { row, connection } = this;
    if (!row?.notesHeld || !connection) this.#closed = null;
    else if (this.#closed?.body !== row.body) this.#closed = { body: row.body, updatedAt: connection.updatedAt };
  }

  /** On the clock of the body in hand: before the screens are drawn with it. */
  #tellTimes() {
    if (this.row) setZone(this.row.zone);
  }

  #apply(settings: Settings) {
    const root = document.documentElement;
    const dark = settings.theme === "dark" || (settings.theme === "system" && DARK.matches);
    root.dataset["theme"] = dark ? "dark" : "light";
    root.style.fontSize = `${settings.textSize}%`;
    root.lang = settings.language;
    if (getLocale() !== settings.language) void setLocale(settings.language, { reload: false });
    this.locale = settings.language;
    layers.hidden = settings.hiddenLayers;
    chosen.adopt(settings.tools, (tools) => void this.set({ tools }));
  }
}

export const session = new Session();
