//! `/api/plugins`: what runs analyses, and which of them suit a game.

use std::collections::BTreeMap;

use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object, OpenApi};
use rookery_shared::Store;
use rookery_shared::theory::{applicable, overdue};
use rookery_theory::analyses;

use super::Tag;
use crate::errors::{Fail, Problem};

pub struct Plugins {
    store: Store,
}

/// A set of analyses and whether somebody runs them.
#[derive(Object)]
#[oai(example, skip_serializing_if_is_none)]
struct PluginStatus {
    name: String,
    status: PluginState,
    healthy: bool,
    /// Always null: analyses run on workers, which have no address.
    #[oai(skip_serializing_if_is_none = false)]
    url: Option<String>,
    /// Their names.
    analyses: Vec<String>,
    /// Why it is not ready.
    error: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
enum PluginState {
    /// Analyses are taken up.
    Ready,
    /// They are recorded, but none has been taken up for a while: there may be no worker.
    Degraded,
}

/// Which analyses can take a game. Of an unknown game only `error`.
#[derive(Object, Default)]
#[oai(example, skip_serializing_if_is_none)]
struct Applicability {
    game_id: Option<String>,
    /// By analysis.
    analyses: Option<BTreeMap<String, Applicable>>,
    error: Option<String>,
}

#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct Applicable {
    applicable: bool,
    /// Why not.
    reason: Option<String>,
}

#[OpenApi]
impl Plugins {
    pub(super) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Show what runs the analyses
    ///
    /// The analyses are part of the workers, so there is one plugin. It is `degraded` while analyses that are due are not taken up.
    #[oai(
        path = "/api/plugins/status",
        method = "get",
        tag = "Tag::Analyses",
        operation_id = "get_plugin_status"
    )]
    async fn status(&self) -> Result<Json<Vec<PluginStatus>>, Fail<()>> {
        let waiting = overdue(&self.store).await.map_err(Problem::from)?;
        Ok(Json(vec![PluginStatus {
            name: "rookery-theory".to_owned(),
            status: waiting.map_or(PluginState::Ready, |_| PluginState::Degraded),
            healthy: waiting.is_none(),
            url: None,
            analyses: analyses().iter().map(|info| info.name.to_owned()).collect(),
            error: waiting.map(|seconds| {
                format!("an analysis has been waiting for {seconds:.0} s to be taken up")
            }),
        }]))
    }

    /// Show which analyses suit a game
    ///
    /// In its own form or one that it can be converted to. Answers 200 with `error` when there is no such game.
    #[oai(
        path = "/api/plugins/check-applicable/:game_id",
        method = "get",
        tag = "Tag::Analyses",
        operation_id = "check_applicable"
    )]
    async fn check_applicable(
        &self,
        /// The game's id.
        game_id: Path<String>,
    ) -> Result<Json<Applicability>, Fail<()>> {
        let judged = match game_id.parse() {
            Ok(id) => applicable(&self.store, &id).await?,
            Err(_) => None,
        };
        let Some(judged) = judged else {
            return Ok(Json(Applicability {
                error: Some(format!("Game not found: {}", game_id.0)),
                ..Applicability::default()
            }));
        };
        let analyses = judged.into_iter().map(|(analysis, obstacle)| {
            let applicable = Applicable {
                applicable: obstacle.is_none(),
                reason: obstacle,
            };
            (analysis.to_owned(), applicable)
        });
        Ok(Json(Applicability {
            game_id: Some(game_id.0),
            analyses: Some(analyses.collect()),
            error: None,
        }))
    }
}

impl Example for PluginStatus {
    fn example() -> Self {
        Self {
            name: "rookery-theory".to_owned(),
            status: PluginState::Ready,
            healthy: true,
            url: None,
            analyses: vec!["Nash Equilibrium".to_owned(), "IESDS".to_owned()],
            error: None,
        }
    }
}

impl Example for Applicability {
    fn example() -> Self {
        let no = Applicable {
            applicable: false,
            reason: Some("the game has 3 players".to_owned()),
        };
        let yes = Applicable {
            applicable: true,
            reason: None,
        };
        Self {
            game_id: Some("trust-game".to_owned()),
            analyses: Some(BTreeMap::from([
                ("Nash Equilibrium".to_owned(), yes),
                ("Replicator Dynamics".to_owned(), no),
            ])),
            error: None,
        }
    }
}
