import type { ResultView, RuleView } from "../bindings";
import { m } from "../paraglide/messages";

/** The rule in numbers, in a sentence or two. */
export function ruleWords(rule: RuleView): string {
  const said = [];
  if (rule.quorumNeeded > 0) said.push(m.rule_quorum({ needed: rule.quorumNeeded, members: rule.members }));
  if (rule.passNeeded !== null && rule.base === "members") {
    said.push(m.rule_pass({ needed: rule.passNeeded, members: rule.members }));
  } else {
    const share = { num: rule.num, den: rule.den };
    const more = rule.strict;
    if (rule.base === "members") said.push(more ? m.rule_more_members(share) : m.rule_least_members(share));
    if (rule.base === "present") said.push(more ? m.rule_more_present(share) : m.rule_least_present(share));
    if (rule.base === "cast") said.push(more ? m.rule_more_cast(share) : m.rule_least_cast(share));
  }
  if (rule.tieHolder) said.push(m.rule_tie({ holder: rule.tieHolder }));
  return said.join(" ");
}

/** What a closed poll needed and had. */
export function neededWords(result: ResultView): string[] {
  const answered = result.n - result.silent;
  const base = {
    members: () => m.base_members({ count: result.n }),
    present: () => m.base_present({ count: result.present }),
    cast: () => m.base_cast({ count: answered }),
  }[result.base]();
  const said = [m.result_needed({ needed: result.passNeeded, base, yes: result.yes })];
  if (result.quorumNeeded > 0) said.push(m.result_quorum({ present: result.present, needed: result.quorumNeeded }));
  return said;
}
