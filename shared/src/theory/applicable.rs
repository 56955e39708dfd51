//! Which analyses can take a game.

use rookery_theory::analyses;

use super::order::facts_of;
use super::summary::GameId;
use crate::{Store, StoreError};

/// By analysis, in their order, what stands in the way: `None` nothing. Outer `None`: there is no such game.
///
/// # Errors
/// When Postgres is away.
pub async fn applicable(
    store: &Store,
    id: &GameId,
) -> Result<Option<Vec<(&'static str, Option<String>)>>, StoreError> {
    let mut connection = store.pool.acquire().await?;
    let Some(facts) = facts_of(&mut connection, id).await? else {
        return Ok(None);
    };
    let mut judged = Vec::with_capacity(analyses().len());
    for info in analyses() {
        let judgement = facts.judge(&mut connection, info).await?;
        judged.push((info.name, judgement.err()));
    }
    Ok(Some(judged))
}
