//! What goes before a vote and comes after it: positions, substitutes, speakers, conclusions.

use super::line::{Line, distinct, need};
use super::truth::Truth;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Clone, Default)]
pub struct Debate {
    /// By item and member.
    pub positions: BTreeMap<(String, String), Position>,
    pub substitutions: BTreeMap<String, Substitution>,
    /// Who wishes to speak, by item.
    pub floors: BTreeMap<String, Vec<String>>,
    /// The one that holds, by item.
    pub conclusions: BTreeMap<String, Conclusion>,
}

#[derive(Clone)]
pub struct Position {
    pub id: String,
    pub basis: String,
    pub public: bool,
}

#[derive(Clone)]
pub struct Substitution {
    pub member: String,
    pub substitute: String,
    /// None: any.
    meeting: Option<String>,
    from: u64,
    until: u64,
    pub approved: bool,
    pub ended: bool,
}

#[derive(Clone)]
pub struct Conclusion {
    pub id: String,
    pub confirmed: bool,
}

impl Debate {
    /// Who has said something of an item before its vote.
    pub fn positions_on(&self, item: &str) -> Vec<(&String, &Position)> {
        let of_it = self.positions.iter().filter(|((of, _), _)| of == item);
        of_it.map(|((_, member), position)| (member, position)).collect()
    }

    /// Whether somebody may act for a member at a meeting now.
    pub fn stands_in(&self, substitute: &str, member: &str, meeting: Option<&str>, time: u64) -> bool {
        self.substitutions.values().any(|known| {
            known.substitute == substitute
                && known.member == member
                && known.meeting.as_deref().is_none_or(|of| meeting == Some(of))
                && known.approved
                && !known.ended
                && (known.from..known.until).contains(&time)
        })
    }
}

impl Truth {
    pub(super) fn take_of_debate(&mut self, line: &Line) -> Result<(), String> {
        let author = self.people.holder(&line.device).unwrap_or_default().to_owned();
        let (item, votes) = (line.text("item"), self.author_votes(line));
        if !item.is_empty() {
            need(self.meetings.is_placed(&item), "of what is not on the agenda")?;
        }
        match line.kind.as_str() {
            "position.state" => {
                need(votes, "a position of who has no vote")?;
                let position =
                    Position { id: line.id.clone(), basis: line.text("basis"), public: line.public };
                self.debate().positions.insert((item, author), position);
            }
            "substitute.ask" => self.ask_substitute(line, author, votes)?,
            "substitute.approve" => {
                let asked = self.substitution(line)?;
                need(!asked.approved, "a substitute is approved twice")?;
                asked.approved = true;
            }
            "substitute.end" => {
                let by_office = line.capacity != "member";
                let asked = self.substitution(line)?;
                let own = asked.member == author || asked.substitute == author;
                need(own || by_office, "a substitution is ended by a stranger")?;
                asked.ended = true;
            }
            "floor.ask" | "floor.leave" => {
                let floor = self.debate().floors.entry(item).or_default();
                let (asks, joins) = (floor.contains(&author), line.kind == "floor.ask");
                need(asks != joins, "the floor is asked for twice, or left by who does not ask")?;
                if joins { floor.push(author) } else { floor.retain(|member| *member != author) }
            }
            "floor.order" => {
                let members = line.texts("members");
                let known = members.iter().all(|member| self.people.is_in_office(member));
                need(known && distinct(&members), "the floor is given to nobody")?;
                self.debate().floors.insert(item, members);
            }
            "conclusion.write" => self.conclude(line, item)?,
            "conclusion.confirm" => {
                let id = line.text("conclusion");
                let known = self.debate().conclusions.values_mut().find(|known| known.id == id);
                let known = known.filter(|known| !known.confirmed);
                known.ok_or("a conclusion is confirmed that does not hold")?.confirmed = true;
            }
            _ => {}
        }
        Ok(())
    }

    fn ask_substitute(&mut self, line: &Line, member: String, votes: bool) -> Result<(), String> {
        let (substitute, meeting) = (line.text("substitute"), line.data["meeting"].as_str());
        let people = &self.people;
        let fit = people.is_in_office(&substitute) && !people.votes(&substitute) && substitute != member;
        need(votes && fit, "nobody's substitute is asked for")?;
        need(meeting.is_none_or(|meeting| self.meetings.is_known(meeting)), "a substitute at no meeting")?;
        let (from, until) = (line.number("from"), line.number("until"));
        let again = self
            .debate
            .substitutions
            .values()
            .any(|known| !known.ended && known.member == member && known.substitute == substitute);
        need(from < until && !again, "a substitute is asked for again, or for no time")?;
        let meeting = meeting.map(str::to_owned);
        let asked = Substitution { member, substitute, meeting, from, until, approved: false, ended: false };
        self.debate().substitutions.insert(line.id.clone(), asked);
        Ok(())
    }

    fn substitution(&mut self, line: &Line) -> Result<&mut Substitution, String> {
        let asked = self.debate().substitutions.get_mut(&line.text("request"));
        Ok(asked.filter(|asked| !asked.ended).ok_or("of no substitution that goes on")?)
    }

    fn conclude(&mut self, line: &Line, item: String) -> Result<(), String> {
        let by = line.data["by"].as_str();
        need(by.is_none_or(|by| self.people.is_in_office(by)), "who is out of office makes the changes")?;
        if let Some(poll) = line.data["poll"].as_str() {
            let poll = self.polls.get(poll).ok_or("a conclusion from no poll")?;
            need(poll.decides(&item), "a conclusion from a poll that does not decide on the item")?;
            need(poll.is_closed(), "a conclusion from a poll without a result")?;
        }
        let former = self.debate.conclusions.get(&item).map(|former| former.id.as_str());
        need(
            former == line.data["replaces"].as_str(),
            "a conclusion corrects another than the one that holds",
        )?;
        let conclusion = Conclusion { id: line.id.clone(), confirmed: line.capacity == "chair" };
        self.debate().conclusions.insert(item, conclusion);
        Ok(())
    }

    fn debate(&mut self) -> &mut Debate {
        Arc::make_mut(&mut self.debate)
    }

    pub(super) fn author_votes(&self, line: &Line) -> bool {
        self.people.holder(&line.device).is_some_and(|author| self.people.votes(author))
    }
}
