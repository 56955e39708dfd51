//! The example games: loaded into a new installation, and again by a reset.

use super::upload::{Upload, keep_documents, put, store_in};
use crate::{Store, StoreError};

/// Loads the examples if this database never had them. Several may call it at once.
///
/// # Errors
/// When Postgres is away.
pub async fn seed(store: &Store) -> Result<(), StoreError> {
    let mut transaction = store.pool.begin().await?;
    // The second of two waits here for the first to commit, and then finds the row.
    let first = sqlx::query!(
        "insert into theory_examples default values on conflict (only_row) do nothing"
    )
    .execute(&mut *transaction)
    .await?;
    if first.rows_affected() == 1 {
        store_in(&mut transaction, &examples()).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Deletes every game and loads the examples. Returns how many were deleted.
///
/// # Errors
/// When Postgres is away.
pub async fn reset(store: &Store) -> Result<u64, StoreError> {
    let examples = examples();
    let mut transaction = store.pool.begin().await?;
    // The examples' documents are what two resets meet at: the second waits here for the first.
    keep_documents(&mut transaction, &examples).await?;
    let cleared = sqlx::query!("delete from theory_games")
        .execute(&mut *transaction)
        .await?;
    put(&mut transaction, &examples).await?;
    transaction.commit().await?;
    Ok(cleared.rows_affected())
}

fn examples() -> Vec<Upload> {
    let examples: Result<Vec<Upload>, _> =
        rookery_theory::examples().iter().map(Upload::of).collect();
    examples.expect("the examples' ids are tested")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_can_be_stored() {
        assert!(examples().len() >= 8);
    }
}
