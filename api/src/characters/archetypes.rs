//! `/api/archetypes`: kinds of characters, with what they can do.

use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use rookery_shared::characters::Characters as Cast;

use super::Tag;
use super::archetype_view::ArchetypeView;
use super::refusals::{CharacterMissing, Invalid, missing};
use crate::errors::{Case, Fail, Problem};
use crate::strict::Strict;

pub struct Archetypes {
    cast: Cast,
}

/// All kinds of characters.
#[derive(Object)]
#[oai(rename = "ArchetypeList", example)]
struct ArchetypeList {
    /// Those that every world has, then those that were added here.
    archetypes: Vec<ArchetypeView>,
}

/// A kind of characters.
#[derive(Object)]
#[oai(rename = "ArchetypeAnswer", example)]
struct Answer {
    archetype: ArchetypeView,
}

#[derive(ApiResponse)]
enum Added {
    /// Characters of this kind can be registered.
    #[oai(status = 201)]
    Created(Json<Answer>),
}

struct ArchetypeMissing;

impl Case for ArchetypeMissing {
    const STATUS: u16 = 404;
    const WHEN: &'static str = "There is no such archetype.";
    const EXAMPLE: &'static str = "Archetype not found: unicorn";
    const CODE: &'static str = CharacterMissing::CODE;
}

#[OpenApi]
impl Archetypes {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// List the archetypes
    ///
    /// What a character can be registered as: what its kind can do, and how it speaks.
    #[oai(
        path = "/api/archetypes",
        method = "get",
        tag = "Tag::Characters",
        operation_id = "list_archetypes"
    )]
    async fn list(&self) -> Result<Json<ArchetypeList>, Fail<()>> {
        let archetypes = self.cast.archetypes().await?;
        Ok(Json(ArchetypeList {
            archetypes: archetypes.into_iter().map(ArchetypeView::from).collect(),
        }))
    }

    /// Add an archetype
    ///
    /// For all processes, at once. Tools that other archetypes have need no description. An id is given once.
    #[oai(
        path = "/api/archetypes",
        method = "post",
        tag = "Tag::Characters",
        operation_id = "create_archetype"
    )]
    async fn add(&self, body: Strict<ArchetypeView>) -> Result<Added, Fail<Invalid>> {
        let archetype = body.0.checked()?;
        let added = self.cast.add_archetype(&archetype).await;
        added.map_err(Problem::from)?;
        Ok(Added::Created(Json(Answer {
            archetype: archetype.into(),
        })))
    }

    /// Look at an archetype
    ///
    /// With its tools as language models are told of them.
    #[oai(
        path = "/api/archetypes/:archetype_id",
        method = "get",
        tag = "Tag::Characters",
        operation_id = "get_archetype"
    )]
    async fn look(
        &self,
        /// The archetype's id.
        archetype_id: Path<String>,
    ) -> Result<Json<Answer>, Fail<ArchetypeMissing>> {
        let unknown = || {
            missing(format!(
                "Archetype not found: {}",
                archetype_id.escape_default()
            ))
        };
        if archetype_id.contains('\0') {
            return Err(unknown().into());
        }
        let archetype = self.cast.archetype(&archetype_id).await?;
        let archetype = archetype.ok_or_else(unknown)?;
        Ok(Json(Answer {
            archetype: archetype.into(),
        }))
    }
}

impl Example for ArchetypeList {
    fn example() -> Self {
        Self {
            archetypes: vec![ArchetypeView::example()],
        }
    }
}

impl Example for Answer {
    fn example() -> Self {
        Self {
            archetype: ArchetypeView::example(),
        }
    }
}
