// The one door to the shell: commands, the event "changed", and the address of a page's image.
import { convertFileSrc, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Changed, Topic } from "./bindings";
import { Fault } from "./errors/fault";

/** Calls a command; throws a `Fault`. */
export async function call<T>(name: string, args?: unknown): Promise<T> {
  try {
    return await invoke<T>(name, args === undefined ? undefined : { args });
  } catch (error) {
    throw Fault.from(error);
  }
}

const hearers = new Set<(topics: Topic[]) => void>();
let listening: Promise<unknown> | null = null;

/** Hears what has changed, until the returned function is called. */
export function onChanged(hear: (topics: Topic[]) => void): () => void {
  // The shell is told once: there are many views, and they come and go.
  listening ??= listen<Changed>("changed", (event) => [...hearers].forEach((each) => each(event.payload.topics)));
  const mine = (topics: Topic[]) => hear(topics);
  hearers.add(mine);
  return () => void hearers.delete(mine);
}

/** Image of a page, from 0, or of the one where the member stopped; so many device pixels wide. */
export function pageUrl(body: string, rev: string, page: number | "start", width: number): string {
  return `${convertFileSrc("", "page")}${body}/${rev}/${page}?w=${width}`;
}
