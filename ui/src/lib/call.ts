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

/** Hears what has changed, until the returned function is called. */
export function onChanged(hear: (topics: Topic[]) => void): () => void {
  const listening = listen<Changed>("changed", (event) => hear(event.payload.topics));
  return () => void listening.then((stop) => stop());
}

/** Image of a page, from 0, so many device pixels wide. */
export function pageUrl(body: string, rev: string, page: number, width: number): string {
  return `${convertFileSrc("", "page")}${body}/${rev}/${page}?w=${width}`;
}
