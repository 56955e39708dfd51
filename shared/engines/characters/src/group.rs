//! Characters who belong together, and how well they hold together.

use serde::{Deserialize, Serialize};

use crate::bounds::share;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// `grp_…`
    pub id: String,
    pub name: String,
    /// In the order in which they joined.
    pub member_ids: Vec<String>,
    pub leader_id: Option<String>,
    pub purpose: String,
    /// 0 to 1.
    pub cohesion: f64,
    pub created_at: i64,
}

pub const MOST_MEMBERS: usize = 256;

/// As the contract shows a new group.
const COHESION: f64 = 0.5;

/// A newcomer loosens a group by so much; and how much of its cohesion outlasts a decision (defaults of the contract's engine).
const LOOSENED: f64 = 0.05;
const KEPT: f64 = 0.8;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a group has at most {MOST_MEMBERS} members")]
pub struct TooManyMembers;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("only a member can lead a group")]
pub struct NoMember;

impl Group {
    /// Nobody is in it yet, nobody leads it.
    pub fn new(id: String, name: String, purpose: String, created_at: i64) -> Self {
        Self {
            id,
            name,
            member_ids: Vec::new(),
            leader_id: None,
            purpose,
            cohesion: COHESION,
            created_at,
        }
    }

    /// With its first members, who loosen nothing; whoever is named twice is a member once.
    pub fn of(mut self, members: &[String]) -> Result<Self, TooManyMembers> {
        for member in members {
            if !self.has(member) {
                self.let_in(member)?;
            }
        }
        Ok(self)
    }

    pub fn has(&self, character_id: &str) -> bool {
        self.member_ids.iter().any(|member| member == character_id)
    }

    /// A member who joins again changes nothing.
    pub fn join(&mut self, character_id: &str) -> Result<(), TooManyMembers> {
        if self.has(character_id) {
            return Ok(());
        }
        self.let_in(character_id)?;
        self.cohesion = share(share(self.cohesion) - LOOSENED);
        Ok(())
    }

    fn let_in(&mut self, character_id: &str) -> Result<(), TooManyMembers> {
        if self.member_ids.len() >= MOST_MEMBERS {
            return Err(TooManyMembers);
        }
        self.member_ids.push(character_id.to_owned());
        Ok(())
    }

    /// A leader who leaves leads no more.
    pub fn leave(&mut self, character_id: &str) {
        self.member_ids.retain(|member| member != character_id);
        self.leader_id = self
            .leader_id
            .take()
            .filter(|leader| leader != character_id);
    }

    pub fn follow(&mut self, character_id: &str) -> Result<(), NoMember> {
        if !self.has(character_id) {
            return Err(NoMember);
        }
        self.leader_id = Some(character_id.to_owned());
        Ok(())
    }

    /// After a decision that this share of them agreed with.
    pub fn decided(&mut self, consensus: f64) {
        self.cohesion = KEPT * share(self.cohesion) + (1.0 - KEPT) * share(consensus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn founded(members: &[String]) -> Result<Group, TooManyMembers> {
        Group::new(
            "grp_1".into(),
            "Tavern Staff".into(),
            "Keep it running".into(),
            9,
        )
        .of(members)
    }

    fn staff() -> Group {
        founded(&["barkeep", "bard", "barkeep"].map(String::from)).expect("it is small")
    }

    #[test]
    fn a_new_group_is_as_the_contract_shows_it() {
        let shown = serde_json::to_value(staff()).expect("it is a document");
        assert_eq!(shown["memberIds"], serde_json::json!(["barkeep", "bard"]));
        assert_eq!(shown["leaderId"], serde_json::Value::Null);
        assert_eq!(shown["cohesion"], 0.5);
    }

    #[test]
    fn newcomers_loosen_and_agreement_binds() {
        let mut group = staff();
        group.join("guard").expect("there is room");
        assert!((group.cohesion - 0.45).abs() < 1e-12);
        group.join("guard").expect("a member already");
        assert!((group.cohesion - 0.45).abs() < 1e-12);
        group.decided(1.0);
        assert!((group.cohesion - 0.56).abs() < 1e-12);
        group.decided(f64::NAN);
        assert!((group.cohesion - 0.448).abs() < 1e-12);
        assert_eq!(group.follow("fynn"), Err(NoMember));
        assert_eq!(group.follow("guard"), Ok(()));
        group.leave("guard");
        assert_eq!(group.leader_id, None);
        assert!(!group.has("guard"));
    }

    #[test]
    fn a_group_is_bounded() {
        let crowd: Vec<_> = (0..=MOST_MEMBERS)
            .map(|number| number.to_string())
            .collect();
        assert!(founded(&crowd[1..]).is_ok());
        assert_eq!(founded(&crowd), Err(TooManyMembers));
    }
}
