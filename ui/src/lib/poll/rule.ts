import type { ChoiceView, ResultView, RuleView } from "../bindings";
import { m } from "../paraglide/messages";
import { choiceWords, optionWords } from "./words";

/** The rule in numbers, in a sentence or two. */
export function ruleWords(rule: RuleView, choices: ChoiceView[] = []): string {
  const said = [];
  if (rule.options > 0) {
    const count = rule.options;
    said.push(rule.most > 1 ? m.rule_option_most({ most: rule.most, count }) : m.rule_option_one({ count }));
  }
  if (rule.quorumNeeded > 0) said.push(m.rule_quorum({ needed: rule.quorumNeeded, members: rule.members }));
  if (rule.passNeeded !== null && rule.base === "members") {
    const share = { needed: rule.passNeeded, members: rule.members };
    said.push(rule.options > 0 ? m.rule_option_needed(share) : m.rule_pass(share));
  } else {
    const share = { num: rule.num, den: rule.den };
    const more = rule.strict;
    if (rule.base === "members") said.push(more ? m.rule_more_members(share) : m.rule_least_members(share));
    if (rule.base === "present") said.push(more ? m.rule_more_present(share) : m.rule_least_present(share));
    if (rule.base === "cast") said.push(more ? m.rule_more_cast(share) : m.rule_least_cast(share));
  }
  if (rule.tieHolder) said.push(m.rule_tie({ holder: rule.tieHolder }));
  if (rule.favour.length > 0) {
    said.push(m.rule_favour({ choices: rule.favour.map((choice) => choiceWords(choice, choices)).join(", ") }));
  }
  if (rule.silent) said.push(m.rule_silent());
  if (rule.objection) said.push(m.rule_objection());
  if (rule.room) said.push(m.rule_room());
  if (rule.positions) said.push(m.rule_positions());
  if (rule.substitutes) said.push(m.rule_substitutes());
  if (rule.hard) said.push(m.rule_hard());
  if (rule.running) said.push(m.rule_running());
  if (rule.see.length > 0) said.push(m.rule_see({ names: rule.see.join(", ") }));
  return said.join(" ");
}

/** What a closed poll needed and had. */
export function neededWords(result: ResultView): string[] {
  const answered = result.n - result.silent;
  const base = {
    members: () => m.base_members({ count: result.n }),
    present: () => m.base_present({ count: result.present }),
    cast: () => m.base_cast({ count: answered }),
  }[result.rule.base]();
  const { passNeeded: needed, favour, rule } = result;
  const more = rule.favour.length > 0 || rule.silent;
  const said =
    favour === null
      ? [m.result_option_needed({ needed, base })]
      : [more ? m.result_favour({ needed, base, yes: favour }) : m.result_needed({ needed, base, yes: result.yes })];
  if (result.adopted.length > 0) {
    said.push(m.result_adopted({ options: result.adopted.map((option) => optionWords(option)).join(", ") }));
  }
  if (rule.objection && result.no > 0) said.push(m.result_objected());
  const chosen = rule.favour.map((choice) => (choice === "abstain" ? result.abstain : choice === "other" ? result.other : 0));
  const quiet = rule.silent && favour !== null ? favour - result.yes - chosen.reduce((sum, one) => sum + one, 0) : 0;
  if (quiet > 0) said.push(m.result_by_silence({ count: quiet }));
  if (result.hands > 0) said.push(m.result_hands({ count: result.hands }));
  if (result.positions > 0) said.push(m.result_positions({ count: result.positions }));
  if (result.quorumNeeded > 0) said.push(m.result_quorum({ present: result.present, needed: result.quorumNeeded }));
  return said;
}
