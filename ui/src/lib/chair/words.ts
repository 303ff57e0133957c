import type { Presence } from "../bindings";
import { m } from "../paraglide/messages";

export function presenceWords(presence: Presence): string {
  switch (presence) {
    case "present":
      return m.presence_present();
    case "remote":
      return m.presence_remote();
    case "absent":
      return m.presence_absent();
    case "substitute":
      return m.presence_substitute();
  }
}
