// Where the person is. Going back returns to the same place of the page.
import type { Target } from "../bindings";

export type Route =
  | { at: "home" }
  | { at: "meetings" }
  | { at: "meeting"; meeting: string }
  | { at: "item"; item: string }
  | { at: "reader"; paper: string; rev: string; page?: number; mark?: string; find?: string }
  | { at: "library" }
  | { at: "result"; poll: string }
  | { at: "forms" }
  | { at: "form"; form: string }
  | { at: "formResult"; form: string }
  | { at: "formDraft"; draft: string }
  | { at: "publish" }
  | { at: "received"; meeting: string }
  | { at: "sign"; paper: string; rev: string }
  | { at: "chair"; meeting: string }
  | { at: "settings" }
  | { at: "losses" };

type Visit = { route: Route; scroll: number; key: number };

class Nav {
  #visits = $state.raw<Visit[]>([{ route: { at: "home" }, scroll: 0, key: 0 }]);
  #next = 1;
  /** The poll whose sheet lies over the screen. */
  vote = $state<string | null>(null);
  outbox = $state(false);
  search = $state(false);
  /** Goes back within what is shown; false where there is nothing to go back to in it. */
  within: (() => boolean) | null = null;
  /** Kept by the page that scrolls. */
  scroll = 0;

  get visit(): Visit {
    return this.#visits[this.#visits.length - 1]!;
  }

  get route(): Route {
    return this.visit.route;
  }

  get canGoBack(): boolean {
    return this.#visits.length > 1;
  }

  go(route: Route) {
    const here = { ...this.visit, scroll: this.scroll };
    this.#visits = [...this.#visits.slice(0, -1), here, this.#visit(route)];
  }

  /** Another place instead of this one, such as the next item. */
  replace(route: Route) {
    this.#visits = [...this.#visits.slice(0, -1), this.#visit(route)];
  }

  /** What this place shows now, so that coming back to it shows that: it is not another place. */
  here(route: Route) {
    this.#visits = [...this.#visits.slice(0, -1), { ...this.visit, route }];
  }

  /** A place of the rail: nothing to go back to. */
  start(route: Route) {
    this.#visits = [this.#visit(route)];
  }

  back() {
    if (!this.canGoBack) return;
    this.#visits = this.#visits.slice(0, -1);
    this.scroll = this.visit.scroll;
  }

  open(target: Target) {
    switch (target.kind) {
      case "meeting":
        return this.go({ at: "meeting", meeting: target.meeting });
      case "item":
        return this.go({ at: "item", item: target.item });
      case "poll":
        this.vote = target.poll;
        return;
      case "form":
        return this.go({ at: "form", form: target.form });
      case "formDraft":
        return this.go({ at: "formDraft", draft: target.draft });
      case "paper":
        // Where he stopped in it is known more nearly than by the page.
        return this.go({ at: "reader", paper: target.paper, rev: target.rev });
      case "sign":
        return this.go({ at: "sign", paper: target.paper, rev: target.rev });
      case "devices":
        return this.go({ at: "settings" });
    }
  }

  #visit(route: Route): Visit {
    this.scroll = 0;
    return { route, scroll: 0, key: this.#next++ };
  }
}

export const nav = new Nav();
