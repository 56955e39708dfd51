//! Group commit: the changes that came while the last group was committed go in one statement.

use std::collections::HashSet;
use std::sync::Arc;

use rookery_queue::{PATIENCE, bounded, own_line};
use sqlx::PgPool;
use tokio::sync::{mpsc, oneshot};

use super::commit::{Write, write};
use super::row::GameRow;
use crate::StoreError;

/// Clones share one line.
#[derive(Clone)]
pub(super) struct Committer {
    orders: mpsc::Sender<Order>,
}

struct Order {
    write: Write,
    answer: oneshot::Sender<Result<Option<GameRow>, Arc<sqlx::Error>>>,
}

/// Changes in one statement at most: keeps it in the low milliseconds.
const GROUP: usize = 128;

/// A plan that was made and kept while there were few games would read them all for every move until the next `analyze`: with 10,000
/// games and 500 moves/s a move then took 24 to 32 ms to its opponent's socket instead of 5. A group touches rows by their keys only.
const BY_KEY: [(&str, &str); 3] = [
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
];

impl Committer {
    pub(super) fn start(pool: &PgPool) -> Self {
        let (orders, line) = mpsc::channel(4 * GROUP);
        let pool = own_line(pool, 1, |options| options.options(BY_KEY));
        tokio::spawn(commit_groups(line, pool));
        Self { orders }
    }

    /// The game after the change; none when the change no longer applies: somebody else was first, or the time is over.
    pub(super) async fn commit(&self, write: Write) -> Result<Option<GameRow>, StoreError> {
        let (answer, answered) = oneshot::channel();
        let closed = || StoreError::from(sqlx::Error::PoolClosed);
        self.orders
            .send(Order { write, answer })
            .await
            .map_err(|_| closed())?;
        answered
            .await
            .map_err(|_| closed())?
            .map_err(StoreError::Unconfirmed)
    }
}

async fn commit_groups(mut line: mpsc::Receiver<Order>, pool: PgPool) {
    let mut group = Vec::with_capacity(GROUP);
    while line.recv_many(&mut group, GROUP).await > 0 {
        let (writes, answers) = first_of_each_game(&mut group);
        match commit(&pool, &writes).await {
            Ok(games) => answer(&writes, answers, games),
            Err(sqlx::Error::Database(error)) if writes.len() > 1 => {
                // One of them is at fault, and not with its neighbours' knowledge: each gets an answer of its own.
                tracing::error!(%error, "a group of changes failed");
                for (write, answer) in writes.iter().zip(answers) {
                    let alone = commit(&pool, std::slice::from_ref(write)).await;
                    let _gone = answer.send(alone.map(|mut games| games.pop()).map_err(Arc::new));
                }
            }
            Err(error) => {
                // What of it was committed nobody knows: the clients are told so, and look.
                let error = Arc::new(error);
                for answer in answers {
                    let _gone = answer.send(Err(Arc::clone(&error)));
                }
            }
        }
    }
}

type Answer = oneshot::Sender<Result<Option<GameRow>, Arc<sqlx::Error>>>;

/// A second change of a game cannot apply beside the first: it was decided on a version that ends here.
fn first_of_each_game(group: &mut Vec<Order>) -> (Vec<Write>, Vec<Answer>) {
    let mut games = HashSet::with_capacity(group.len());
    let mut first = (
        Vec::with_capacity(group.len()),
        Vec::with_capacity(group.len()),
    );
    for order in group.drain(..) {
        if games.insert(order.write.id) {
            first.0.push(order.write);
            first.1.push(order.answer);
        } else {
            let _gone = order.answer.send(Ok(None));
        }
    }
    first
}

fn answer(writes: &[Write], answers: Vec<Answer>, games: Vec<GameRow>) {
    let mut games: std::collections::HashMap<_, _> =
        games.into_iter().map(|game| (game.id, game)).collect();
    for (write, answer) in writes.iter().zip(answers) {
        // Whoever asked may have gone; the change stays.
        let _gone = answer.send(Ok(games.remove(&write.id)));
    }
}

async fn commit(pool: &PgPool, writes: &[Write]) -> Result<Vec<GameRow>, sqlx::Error> {
    bounded(pool, PATIENCE, async |connection| {
        write(connection, writes).await
    })
    .await
}
