//! Polls, forms and block votes: what is asked, what was said by whom, and what becomes of each ballot.

use super::line::{Line, basis, distinct, need, texts};
use super::truth::Truth;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Clone)]
pub struct Poll {
    what: What,
    pub items: Vec<String>,
    /// By question.
    pub rules: Vec<Value>,
    /// Empty: all who have a vote.
    asked: Vec<String>,
    pub closes: Option<u64>,
    /// Items taken out of a block, with their revisions of then.
    pub pulled: BTreeMap<String, Value>,
    pub ballots: Vec<Ballot>,
    /// What was counted by hand and confirmed, the last confirmed last.
    pub hands: Vec<Hands>,
    pub end: End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum What {
    Item,
    Block,
    Form,
}

#[derive(Clone)]
pub enum End {
    None,
    Recalled,
    Closed(Arc<Close>),
}

/// What was so when a poll was closed.
pub struct Close {
    /// Who was asked and had a vote, in protocol order; and of them those whose ballots count.
    pub members: Vec<String>,
    pub voters: Vec<String>,
    pub present: u64,
    basis: String,
    /// Members of whom nothing was heard.
    pub quiet: u64,
    /// By question: who decides a tie.
    pub ties: Vec<Option<String>>,
    /// Positions that stand for ballots: by member, the statement.
    pub positions: BTreeMap<String, String>,
}

#[derive(Clone)]
pub struct Ballot {
    pub id: String,
    pub member: String,
    author: String,
    basis: String,
    came: Came,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Came {
    InPlace,
    Late,
    Superseded,
    Ineligible,
}

/// Hands that the secretariat has seen.
#[derive(Clone)]
pub struct Hands {
    pub id: String,
    poll: String,
    /// By choice, without names; none: they have names.
    pub totals: Option<Value>,
    pub members: Vec<String>,
    /// Ballots of the poll when they were entered.
    before: usize,
    pub confirmed: bool,
}

impl Truth {
    pub(super) fn take_of_poll(&mut self, line: &Line) -> Result<(), String> {
        match line.kind.as_str() {
            "poll.open" => {
                let item = line.text("item");
                need(self.meetings.is_placed(&item), "a poll is about what is not on the agenda")?;
                self.open(line, What::Item, vec![item], vec![line.data["rule"].clone()]);
            }
            "block.open" => {
                let items = line.texts("items");
                let meeting = items.first().and_then(|item| self.meetings.of(item));
                let together = items
                    .iter()
                    .all(|item| self.meetings.is_placed(item) && self.meetings.of(item) == meeting);
                need((2..=64).contains(&items.len()) && distinct(&items) && together, "no block of items")?;
                self.open(line, What::Block, items, vec![line.data["rule"].clone()]);
            }
            "form.send" => {
                let headed = self.people.somebody_holds("head");
                need(!headed || line.capacity != "secretariat", "a form is sent that no head has approved")?;
                let (item, asked) = (line.text("item"), line.texts("asked"));
                need(self.meetings.is_placed(&item), "a form without a dossier")?;
                need(distinct(&asked), "somebody is asked twice")?;
                need(asked.iter().all(|member| self.people.votes(member)), "who has no vote is asked")?;
                let rules = line.data["questions"].as_array().cloned().unwrap_or_default();
                need((1..=20).contains(&rules.len()), "a form of no questions, or of too many")?;
                self.open(line, What::Form, vec![item], rules);
            }
            "poll.pull" => {
                let (item, votes) = (line.text("item"), self.author_votes(line));
                let revs = self.meetings.revs(&item).clone();
                let poll = self.going_on(&line.text("poll"))?;
                let there = poll.what == What::Block && poll.items.contains(&item);
                need(votes && there && !poll.pulled.contains_key(&item), "an item cannot be pulled")?;
                poll.pulled.insert(item, revs);
            }
            "poll.extend" => {
                let closes = line.number("closes");
                let poll = self.going_on(&line.text("poll"))?;
                let later = closes > line.time && poll.closes.is_none_or(|before| closes > before);
                need(later && !poll.is_over(line.time), "a deadline is moved to where it may not be")?;
                poll.closes = Some(closes);
            }
            "poll.recall" => self.going_on(&line.text("poll"))?.end = End::Recalled,
            "poll.close" => self.close(&line.text("poll"))?,
            "hands.enter" => self.enter_hands(line)?,
            "hands.confirm" => self.confirm_hands(&line.text("hands"))?,
            "ballot.cast" => self.ballot(line)?,
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, line: &Line, what: What, items: Vec<String>, rules: Vec<Value>) {
        let poll = Poll {
            what,
            items,
            asked: line.texts("asked"),
            closes: rules[0]["closes"].as_u64(),
            rules,
            pulled: BTreeMap::new(),
            ballots: Vec::new(),
            hands: Vec::new(),
            end: End::None,
        };
        self.polls.insert(line.id.clone(), Arc::new(poll));
    }

    fn going_on(&mut self, id: &str) -> Result<&mut Poll, String> {
        let poll = self.polls.get_mut(id).filter(|poll| poll.is_open()).ok_or("of no poll that goes on")?;
        Ok(Arc::make_mut(poll))
    }

    fn enter_hands(&mut self, line: &Line) -> Result<(), String> {
        let (id, totals) = (line.text("poll"), line.data.get("totals").cloned());
        let members = line.texts("members");
        let seen = totals.as_ref().map_or(0, sum);
        let (all, votes) = (self.people.voters().len() as u64, |id: &String| self.people.votes(id));
        let known = members.iter().all(votes);
        let poll = self.going_on(&id)?;
        let rule = &poll.rules[0];
        let named_only = rule["silent"] == true || rule["positions"] == true;
        let may = poll.what != What::Form && rule["options"].is_null() && !(named_only && totals.is_some());
        need(may && known && distinct(&members) && seen <= all, "hands that nobody may count")?;
        let choices = texts(&rule["choices"]);
        let fits = |choice: &str| {
            totals.as_ref().is_none_or(|t| t[choice] == 0 || choices.iter().any(|c| c == choice))
        };
        need(["yes", "no", "abstain", "other"].into_iter().all(fits), "hands for what may not be chosen")?;
        let before = poll.ballots.len();
        let hands = Hands { id: line.id.clone(), poll: id, totals, members, before, confirmed: false };
        self.hands.insert(line.id.clone(), hands);
        Ok(())
    }

    fn confirm_hands(&mut self, id: &str) -> Result<(), String> {
        let mut hands = self.hands.get(id).cloned().ok_or("no such hands")?;
        let poll = self.going_on(&hands.poll)?;
        let overtaken = hands.totals.is_some() && poll.ballots.len() > hands.before;
        need(!hands.confirmed && !overtaken, "hands are confirmed that may not be")?;
        hands.confirmed = true;
        poll.hands.push(hands.clone());
        self.hands.insert(id.to_owned(), hands);
        Ok(())
    }

    fn ballot(&mut self, line: &Line) -> Result<(), String> {
        let author = self.people.holder(&line.device).ok_or("a registrar votes")?.to_owned();
        let in_place_of = line.data["for"].as_str();
        let member = in_place_of.unwrap_or(&author).to_owned();
        let id = line.text("poll");
        let poll = self.polls.get(&id).ok_or("a ballot of no poll")?;
        let asked = self.people.votes(&member) && poll.is_asked(&member);
        let meeting = self.meetings.of(&poll.items[0]);
        let stands_in = poll.rules[0]["substitutes"] == true
            && !self.people.votes(&author)
            && self.debate.stands_in(&author, &member, meeting, line.time);
        let came = match () {
            () if !asked || (in_place_of.is_some() && !stands_in) => Came::Ineligible,
            () if !poll.is_open() || poll.is_over(line.time) || poll.is_totalled() => Came::Late,
            () if poll.standing(&member) != line.data["replaces"].as_str() => Came::Superseded,
            () => Came::InPlace,
        };
        let basis = line.text("basis");
        let ballot = Ballot { id: line.id.clone(), member, author, basis, came };
        Arc::make_mut(self.polls.get_mut(&id).expect("just found")).ballots.push(ballot);
        Ok(())
    }

    fn close(&mut self, id: &str) -> Result<(), String> {
        let poll = self.polls.get(id).filter(|poll| poll.is_open()).ok_or("of no poll that goes on")?;
        let members = self.asked(poll);
        let rule = &poll.rules[0];
        let meeting = self.meetings.of(&poll.items[0]);
        let is_there = |member: &&String| match self.meetings.presence(meeting, member) {
            "present" => true,
            "remote" => rule["room"] != true,
            "substitute" => rule["substitutes"] == true,
            _ => false,
        };
        let there: Vec<String> = members.iter().filter(is_there).cloned().collect();
        let (basis, by_position) = (self.basis(poll), rule["positions"] == true);
        let positions = self.debate.positions_on(&poll.items[0]);
        let heard = |member: &&String| {
            poll.ballots.iter().any(|ballot| ballot.member == **member)
                || poll.hand_of(member).is_some()
                || by_position && positions.iter().any(|(of, _)| *of == *member)
        };
        let holder = |rule: &Value| {
            let office = rule["tie"]["office"].as_str()?;
            members.iter().find(|member| self.people.holds(member, office)).cloned()
        };
        let close = Close {
            present: there.len() as u64,
            quiet: members.iter().filter(|member| !heard(member)).count() as u64,
            ties: poll.rules.iter().map(holder).collect(),
            positions: positions
                .iter()
                .filter(|(_, position)| by_position && position.public && position.basis == basis)
                .map(|(member, position)| (member.to_string(), position.id.clone()))
                .collect(),
            voters: if rule["room"] == true { there } else { members.clone() },
            basis,
            members,
        };
        let counted = |member: &&String| {
            let stands = poll
                .in_place(member)
                .is_some_and(|ballot| ballot.basis == close.basis && close.voters.contains(member));
            stands || poll.hand_of(member).is_some()
        };
        let seen = close.members.iter().filter(counted).count() as u64;
        let fits = poll.hands.is_empty() || seen + poll.totals().map_or(0, sum) <= close.members.len() as u64;
        need(fits, "more hands are counted than there are members left")?;
        self.going_on(id)?.end = End::Closed(Arc::new(close));
        Ok(())
    }

    fn asked(&self, poll: &Poll) -> Vec<String> {
        self.people.voters().into_iter().filter(|member| poll.is_asked(member)).collect()
    }

    fn basis(&self, poll: &Poll) -> String {
        let revs = |item: &String| poll.pulled.get(item).unwrap_or_else(|| self.meetings.revs(item));
        basis(poll.items.iter().map(revs).flat_map(|revs| revs.as_array().into_iter().flatten()))
    }

    /// What becomes of a ballot in this poll, in the words of the screen.
    pub fn fate(&self, poll: &str, ballot: &str) -> Option<&'static str> {
        let poll = self.polls.get(poll)?;
        let ballot = poll.ballots.iter().find(|known| known.id == ballot)?;
        if let End::Closed(close) = &poll.end {
            return Some(poll.fate(ballot, &close.voters, &close.basis, "counted"));
        }
        Some(poll.fate(ballot, &self.asked(poll), &self.basis(poll), "recorded"))
    }

    /// Who may be shown what an entry says before its poll is closed; none: whoever else may see it.
    pub fn sealed(&self, id: &str) -> Option<Vec<String>> {
        for poll in self.polls.values() {
            let shown = poll.is_closed() || poll.rules[0]["running"] == true;
            if let Some(ballot) = poll.ballots.iter().find(|ballot| ballot.id == id) {
                return (!shown).then(|| vec![ballot.member.clone(), ballot.author.clone()]);
            }
        }
        let hands = self.hands.get(id)?;
        let open = self.polls.get(&hands.poll).is_some_and(|poll| poll.is_open());
        let counting =
            |member: &String| ["chair", "secretariat"].iter().any(|office| self.people.holds(member, office));
        open.then(|| self.people.all().filter(|member| counting(member)).cloned().collect())
    }
}

impl Poll {
    pub fn is_open(&self) -> bool {
        matches!(self.end, End::None)
    }

    pub fn is_closed(&self) -> bool {
        matches!(self.end, End::Closed(_))
    }

    pub fn is_form(&self) -> bool {
        self.what == What::Form
    }

    /// Whether what it decides is decided about an item.
    pub fn decides(&self, item: &String) -> bool {
        self.items.contains(item) && !self.pulled.contains_key(item)
    }

    fn is_asked(&self, member: &String) -> bool {
        self.asked.is_empty() || self.asked.contains(member)
    }

    /// Whether a deadline that decides has passed.
    fn is_over(&self, time: u64) -> bool {
        self.rules[0]["hard"] == true && self.closes.is_some_and(|closes| time >= closes)
    }

    /// Whether hands without names are confirmed: nobody knows whose they were.
    fn is_totalled(&self) -> bool {
        self.hands.iter().any(|hands| hands.totals.is_some())
    }

    pub fn totals(&self) -> Option<&Value> {
        self.hands.iter().rev().find_map(|hands| hands.totals.as_ref())
    }

    /// The hand of a member that counts: in which statement, and its place in it.
    pub fn hand_of(&self, member: &str) -> Option<(&str, usize)> {
        let named = |hands: &&Hands| hands.members.iter().any(|named| named == member);
        let hands = self.hands.iter().rev().find(named)?;
        Some((&hands.id, hands.members.iter().position(|named| named == member)?))
    }

    fn in_place(&self, member: &str) -> Option<&Ballot> {
        self.ballots.iter().rev().find(|ballot| ballot.member == member && ballot.came == Came::InPlace)
    }

    fn standing(&self, member: &str) -> Option<&str> {
        self.in_place(member).map(|ballot| ballot.id.as_str())
    }

    fn fate(&self, ballot: &Ballot, voters: &[String], basis: &str, well: &'static str) -> &'static str {
        match ballot.came {
            Came::Late => "late",
            Came::Ineligible => "ineligible",
            Came::Superseded => "superseded",
            Came::InPlace if self.standing(&ballot.member) != Some(&ballot.id) => "superseded",
            Came::InPlace if !voters.contains(&ballot.member) => "ineligible",
            Came::InPlace if ballot.basis != basis => "stale",
            Came::InPlace => well,
        }
    }

    /// The ballot of a member that counts.
    pub fn counted(&self, member: &str, close: &Close) -> Option<&Ballot> {
        let ballot = self.in_place(member)?;
        (self.fate(ballot, &close.voters, &close.basis, "counted") == "counted").then_some(ballot)
    }
}

/// Of hands without names.
pub fn sum(totals: &Value) -> u64 {
    totals.as_object().into_iter().flat_map(|all| all.values()).filter_map(Value::as_u64).sum()
}
