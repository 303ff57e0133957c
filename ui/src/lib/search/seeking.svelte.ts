// What is sought, and what was found of it: asked anew while the person types.
import { search } from "../bindings";
import { onChanged } from "../call";
import type { NoteHit, PageHit, PaperHits, SearchView, Target, TitleHit } from "../bindings";
import { Fault } from "../errors/fault";
import { nfc } from "../format";
import type { Route } from "../shell/nav.svelte";

/** What a person can open, one line each. */
export type Hit =
  | { kind: "title"; title: TitleHit }
  | { kind: "page"; paper: PaperHits; page: PageHit; first: boolean }
  | { kind: "note"; note: NoteHit };

/** Lines under one heading; `at` is the place of the first among all. */
export type Group = { of: "titles" | "meeting" | "papers" | "notes"; at: number; hits: Hit[] };

/** After the last key, in ms. */
const PAUSE = 60;
/** Pages at first, and more each time that the person asks. */
const PAGES = 50;

export class Seeking {
  query = $state("");
  /** Nothing outside of the meeting. */
  onlyMeeting = $state(false);
  view = $state.raw<SearchView | null>(null);
  failure = $state.raw<Fault | null>(null);
  /** What the view answers. */
  answered = $state("");
  most = $state(PAGES);
  groups = $derived(this.view ? groups(this.view) : []);
  hits = $derived(this.groups.flatMap((group) => group.hits));
  /** What is sought now is what the view answers. */
  isAnswered = $derived.by(() => this.answered === this.query.trim() && this.#within === this.onlyMeeting);
  /** Whether the view is of the meeting only. */
  #within = $state(false);
  #again = $state(0);
  #then: (() => void) | null = null;

  constructor(body: string, near: () => Target | null, wanted: () => boolean = () => true) {
    $effect(() => {
      void this.#again;
      if (!wanted()) return;
      const asked = this.query.trim();
      const { onlyMeeting } = this;
      const args = { body, query: nfc(this.query), near: near(), onlyMeeting, most: this.most };
      let current = true;
      const timer = setTimeout(() => {
        search(args).then(
          (view) => current && this.#settle(asked, onlyMeeting, view),
          (error) => current && this.#fail(Fault.from(error)),
        );
      }, PAUSE);
      return () => {
        current = false;
        clearTimeout(timer);
      };
    });
    $effect(() =>
      onChanged((topics) => {
        if (topics.includes("search") || topics.includes("record")) this.reload();
      }),
    );
  }

  reload = () => {
    this.#again += 1;
  };

  typed() {
    this.most = PAGES;
    this.#then = null;
  }

  /** Does it with the answer to what is sought now, as soon as that is here; not if something else is typed first. */
  whenAnswered(act: () => void) {
    if (this.isAnswered) act();
    else this.#then = act;
  }

  more() {
    this.most += 2 * PAGES;
  }

  #settle(asked: string, within: boolean, view: SearchView) {
    [this.failure, this.view, this.answered, this.#within] = [null, view, asked, within];
    const then = this.#then;
    this.#then = null;
    then?.();
  }

  #fail(failure: Fault) {
    this.failure = failure;
    this.#then = null;
  }
}

/** The lines of a view in the order in which they are shown. */
export function groups(view: SearchView): Group[] {
  const pages = (papers: PaperHits[]): Hit[] =>
    papers.flatMap((paper) => paper.pages.map((page, i): Hit => ({ kind: "page", paper, page, first: i === 0 })));
  const all: { of: Group["of"]; hits: Hit[] }[] = [
    { of: "titles", hits: view.titles.map((title): Hit => ({ kind: "title", title })) },
    { of: "meeting", hits: pages(view.papers.filter((paper) => paper.inMeeting)) },
    { of: "papers", hits: pages(view.papers.filter((paper) => !paper.inMeeting)) },
    { of: "notes", hits: view.notes.map((note): Hit => ({ kind: "note", note })) },
  ];
  let at = 0;
  return all
    .filter(({ hits }) => hits.length > 0)
    .map(({ of, hits }) => {
      const group = { of, at, hits };
      at += hits.length;
      return group;
    });
}

/** Where a hit leads; a page with the words that were sought. */
export function routeOf(hit: Hit, query: string): Route {
  switch (hit.kind) {
    case "page":
      return { at: "reader", paper: hit.paper.paper, rev: hit.paper.rev, page: hit.page.page, find: query };
    case "note":
      return { at: "reader", paper: hit.note.paper, rev: hit.note.rev, page: hit.note.page };
    case "title":
      return toTitle(hit.title.target);
  }
}

function toTitle(target: Target): Route {
  switch (target.kind) {
    case "meeting":
      return { at: "meeting", meeting: target.meeting };
    case "item":
      return { at: "item", item: target.item };
    case "paper":
      return { at: "reader", paper: target.paper, rev: target.rev };
    default:
      return { at: "home" };
  }
}

/** Where the person is, so that what is near comes first. */
export function nearOf(route: Route): Target | null {
  switch (route.at) {
    case "meeting":
    case "chair":
      return { kind: "meeting", meeting: route.meeting };
    case "item":
      return { kind: "item", item: route.item };
    case "reader":
    case "sign":
      return { kind: "paper", paper: route.paper, rev: route.rev, page: 0 };
    default:
      return null;
  }
}
