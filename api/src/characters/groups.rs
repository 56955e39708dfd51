//! `/api/groups`: characters who belong together.

use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use rookery_characters::group::{Group, NoMember};
use rookery_shared::characters::{Characters as Cast, NewGroup};
use serde::{Deserialize, Serialize};

use super::Tag;
use super::refusals::{self, CharacterMissing, Invalid, missing};
use super::view::{THEN_MS, rounded};
use crate::errors::{Case, Fail, Problem};
use crate::strict::Strict;

pub struct Groups {
    cast: Cast,
}

/// Characters who belong together.
#[derive(Object, Serialize, Deserialize, Clone)]
#[oai(rename = "Group", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
pub(super) struct GroupView {
    id: String,
    name: String,
    /// In the order in which they joined.
    member_ids: Vec<String>,
    /// Null while nobody leads.
    leader_id: Option<String>,
    purpose: String,
    /// How well they hold together, 0 to 1. Newcomers loosen it.
    cohesion: f64,
    /// Milliseconds since 1970.
    created_at: i64,
}

/// A group.
#[derive(Object)]
#[oai(rename = "GroupAnswer", example)]
struct Answer {
    group: GroupView,
}

/// Groups, the latest first.
#[derive(Object)]
#[oai(rename = "GroupList", example)]
struct GroupList {
    /// At most 1,000.
    groups: Vec<GroupView>,
}

/// A group to be founded.
#[derive(Object)]
#[oai(rename = "NewGroup", rename_all = "camelCase", example)]
struct NewGroupView {
    name: String,
    /// Ids of characters. Whoever is named twice is a member once.
    #[oai(validator(max_items = 256))]
    member_ids: Vec<String>,
    /// What it is for.
    purpose: String,
}

/// Somebody.
#[derive(Object)]
#[oai(rename = "GroupMember", rename_all = "camelCase", example)]
struct Member {
    /// A character's id.
    character_id: String,
}

/// What went.
#[derive(Object)]
#[oai(rename = "RemovedGroup", example)]
struct Removed {
    /// Its id.
    removed: String,
}

#[derive(ApiResponse)]
enum Founded {
    /// The group is there.
    #[oai(status = 201)]
    Created(Json<Answer>),
}

struct GroupMissing;

impl Case for GroupMissing {
    const STATUS: u16 = 404;
    const WHEN: &'static str = "No group has this id.";
    const EXAMPLE: &'static str = "Group not found: grp_unknown";
    const CODE: &'static str = CharacterMissing::CODE;
}

#[OpenApi]
impl Groups {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// List groups
    ///
    /// All of them, or those that a character belongs to; the latest first.
    #[oai(
        path = "/api/groups",
        method = "get",
        tag = "Tag::Groups",
        operation_id = "list_groups"
    )]
    async fn list(
        &self,
        /// Only those that this character belongs to.
        #[oai(name = "characterId")]
        character_id: Query<Option<String>>,
    ) -> Result<Json<GroupList>, Fail<(CharacterMissing, Invalid)>> {
        if let Some(id) = &character_id.0 {
            refusals::known(id)?;
        }
        let groups = self.cast.groups(character_id.0.as_deref()).await;
        let groups = groups.map_err(Problem::from)?;
        Ok(Json(GroupList {
            groups: groups.into_iter().map(GroupView::from).collect(),
        }))
    }

    /// Found a group
    ///
    /// Of characters who are there, all of them; nobody leads it yet.
    #[oai(
        path = "/api/groups",
        method = "post",
        tag = "Tag::Groups",
        operation_id = "create_group"
    )]
    async fn create(
        &self,
        body: Strict<NewGroupView>,
    ) -> Result<Founded, Fail<(CharacterMissing, Invalid)>> {
        let new = body.0.checked()?;
        let group = self.cast.create_group(new).await.map_err(Problem::from)?;
        Ok(Founded::Created(Json(Answer {
            group: group.into(),
        })))
    }

    /// Look at a group
    ///
    /// Its members in the order in which they joined, its leader, its cohesion.
    #[oai(
        path = "/api/groups/:group_id",
        method = "get",
        tag = "Tag::Groups",
        operation_id = "get_group"
    )]
    async fn look(
        &self,
        /// The group's id.
        group_id: Path<String>,
    ) -> Result<Json<Answer>, Fail<GroupMissing>> {
        known(&group_id)?;
        let group = self.cast.group(&group_id).await.map_err(Problem::from)?;
        Ok(Json(Answer {
            group: group.into(),
        }))
    }

    /// Let somebody join a group
    ///
    /// A newcomer loosens it a little; a member who joins again changes nothing.
    #[oai(
        path = "/api/groups/:group_id/members",
        method = "post",
        tag = "Tag::Groups",
        operation_id = "join_group"
    )]
    async fn join(
        &self,
        /// The group's id.
        group_id: Path<String>,
        body: Strict<Member>,
    ) -> Result<Json<Answer>, Fail<(GroupMissing, CharacterMissing, Invalid)>> {
        refusals::known(&body.character_id)?;
        let joined = self.changed(&group_id, |group| group.join(&body.character_id));
        Ok(joined.await?)
    }

    /// Let somebody leave a group
    ///
    /// A leader who leaves leads no more.
    #[oai(
        path = "/api/groups/:group_id/members/:character_id",
        method = "delete",
        tag = "Tag::Groups",
        operation_id = "leave_group"
    )]
    async fn leave(
        &self,
        /// The group's id.
        group_id: Path<String>,
        /// The member's id.
        character_id: Path<String>,
    ) -> Result<Json<Answer>, Fail<(GroupMissing, CharacterMissing, Invalid)>> {
        let left = self.changed(&group_id, |group| {
            group.leave(&character_id);
            Ok::<_, NoMember>(())
        });
        Ok(left.await?)
    }

    /// Make somebody lead a group
    ///
    /// Only a member can lead; who led before stays a member.
    #[oai(
        path = "/api/groups/:group_id/leader",
        method = "put",
        tag = "Tag::Groups",
        operation_id = "lead_group"
    )]
    async fn lead(
        &self,
        /// The group's id.
        group_id: Path<String>,
        body: Strict<Member>,
    ) -> Result<Json<Answer>, Fail<(GroupMissing, CharacterMissing, Invalid)>> {
        let led = self.changed(&group_id, |group| group.follow(&body.character_id));
        Ok(led.await?)
    }

    /// Dissolve a group
    ///
    /// Its members stay what they are.
    #[oai(
        path = "/api/groups/:group_id",
        method = "delete",
        tag = "Tag::Groups",
        operation_id = "delete_group"
    )]
    async fn remove(
        &self,
        /// The group's id.
        group_id: Path<String>,
    ) -> Result<Json<Removed>, Fail<GroupMissing>> {
        known(&group_id)?;
        let removed = self.cast.remove_group(&group_id).await;
        removed.map_err(Problem::from)?;
        Ok(Json(Removed {
            removed: group_id.0,
        }))
    }

    async fn changed<E: ToString>(
        &self,
        id: &str,
        change: impl FnOnce(&mut Group) -> Result<(), E>,
    ) -> Result<Json<Answer>, Problem> {
        known(id)?;
        let group = self.cast.change_group(id, change).await?;
        Ok(Json(Answer {
            group: group.into(),
        }))
    }
}

/// An id that can be no group's: Postgres takes no NUL.
fn known(id: &str) -> Result<(), Problem> {
    match id.contains('\0') {
        true => Err(missing(format!("Group not found: {}", id.escape_default()))),
        false => Ok(()),
    }
}

impl NewGroupView {
    fn checked(self) -> Result<NewGroup, Problem> {
        refusals::name("name", &self.name)?;
        refusals::short_text("purpose", &self.purpose)?;
        self.member_ids
            .iter()
            .try_for_each(|id| refusals::known(id))?;
        Ok(NewGroup {
            name: self.name,
            purpose: self.purpose,
            member_ids: self.member_ids,
        })
    }
}

impl From<Group> for GroupView {
    fn from(group: Group) -> Self {
        Self {
            id: group.id,
            name: group.name,
            member_ids: group.member_ids,
            leader_id: group.leader_id,
            purpose: group.purpose,
            cohesion: rounded(group.cohesion),
            created_at: group.created_at,
        }
    }
}

impl Example for GroupView {
    fn example() -> Self {
        Self {
            id: "grp_abc123".to_owned(),
            name: "Tavern Staff".to_owned(),
            member_ids: vec!["barkeep".to_owned(), "bard".to_owned()],
            leader_id: None,
            purpose: "Keep the tavern running".to_owned(),
            cohesion: 0.5,
            created_at: THEN_MS,
        }
    }
}

impl Example for Answer {
    fn example() -> Self {
        Self {
            group: GroupView::example(),
        }
    }
}

impl Example for GroupList {
    fn example() -> Self {
        Self {
            groups: vec![GroupView::example()],
        }
    }
}

impl Example for NewGroupView {
    fn example() -> Self {
        Self {
            name: "Tavern Staff".to_owned(),
            member_ids: vec!["barkeep".to_owned(), "bard".to_owned()],
            purpose: "Keep the tavern running".to_owned(),
        }
    }
}

impl Example for Member {
    fn example() -> Self {
        Self {
            character_id: "bard".to_owned(),
        }
    }
}

impl Example for Removed {
    fn example() -> Self {
        Self {
            removed: "grp_abc123".to_owned(),
        }
    }
}
