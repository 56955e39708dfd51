//! `/api/state/simulate`: a world runs by itself for a while, apart from the one that players are in.

use poem::web::Data;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use rookery_characters::simulate::Incident;
use rookery_shared::characters::{Characters as Cast, Origin, Simulate};

use super::Tag;
use super::errand::errand;
use super::events::EventView;
use super::refusals::{self, Invalid};
use super::snapshots::SnapshotMissing;
use crate::edge::trace::TraceContext;
use crate::errors::{Fail, Problem};
use crate::strict::Strict;
use crate::tasks::TaskView;

pub struct Simulations {
    cast: Cast,
}

/// What to simulate.
#[derive(Object)]
#[oai(rename = "SimulationOrder", rename_all = "camelCase", example)]
struct Order {
    /// Which world it starts from: `tavern` (the seed world), `current` (a copy of the one that players are in), or the id of a snapshot.
    from: String,
    /// What chance hangs on, 0 unless said: equal orders have equal results, to the byte.
    #[oai(default, validator(maximum(value = "9007199254740991")))]
    seed: u64,
    /// How long, in fast ticks. 1,800 are a day of the tavern.
    #[oai(validator(minimum(value = "1"), maximum(value = "43200")))]
    fast_ticks: u64,
    /// What happens meanwhile, at most 200.
    #[oai(default, validator(max_items = 200))]
    events: Vec<IncidentView>,
}

/// Something that happens in the course of it.
#[derive(Object)]
#[oai(rename = "SimulationEvent", rename_all = "camelCase", example)]
struct IncidentView {
    /// Counted from the beginning, which is 0.
    at_fast_tick: u64,
    event: EventView,
}

#[derive(ApiResponse)]
enum Ordered {
    /// The task that will hold the result: decisions by character and action, a timeline, how everybody stands, a digest.
    #[oai(status = 202)]
    Task(
        Json<TaskView>,
        /// The task's address.
        #[oai(header = "Location")]
        String,
    ),
}

#[OpenApi]
impl Simulations {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// Simulate a stretch of time
    ///
    /// Lets a world run by itself without language models, apart from the one that players are in, which is not touched. The same order
    /// has the same result, to the byte, as long as it starts from the same world: compare digests. `GET /api/tasks/{task_id}` follows it.
    #[oai(
        path = "/api/state/simulate",
        method = "post",
        tag = "Tag::State",
        operation_id = "simulate_characters"
    )]
    async fn simulate(
        &self,
        body: Strict<Order>,
        trace: Data<&TraceContext>,
    ) -> Result<Ordered, Fail<(Invalid, SnapshotMissing)>> {
        let work = body.0.checked()?;
        self.known(&work.from).await?;
        let errand = errand(&self.cast, &work, ("anonymous", "simulation"), &trace).await?;
        let task = TaskView::of(&errand.send().await?);
        let location = format!("/api/tasks/{}", task.id);
        Ok(Ordered::Task(Json(task), location))
    }
}

impl Simulations {
    async fn known(&self, origin: &Origin) -> Result<(), Problem> {
        let Origin::Snapshot(id) = origin else {
            return Ok(());
        };
        let snapshots = self.cast.snapshots().await?;
        match snapshots.iter().any(|snapshot| snapshot.id == *id) {
            true => Ok(()),
            false => Err(refusals::missing(format!("Snapshot not found: {id}"))),
        }
    }
}

impl Order {
    fn checked(self) -> Result<Simulate, Problem> {
        let fast_ticks = self.fast_ticks;
        let events = self.events.into_iter().map(|incident| {
            if !(1..=fast_ticks).contains(&incident.at_fast_tick) {
                return Err(refusals::bad_field(
                    "events.atFastTick",
                    "must be from 1 to fastTicks",
                ));
            }
            Ok(Incident {
                at_fast_tick: incident.at_fast_tick,
                event: incident.event.checked()?,
            })
        });
        Ok(Simulate {
            from: match self.from.as_str() {
                "tavern" => Origin::Tavern,
                "current" => Origin::Current,
                _ => {
                    refusals::name("from", &self.from)?;
                    Origin::Snapshot(self.from)
                }
            },
            seed: self.seed,
            fast_ticks,
            events: events.collect::<Result<_, Problem>>()?,
        })
    }
}

impl Example for Order {
    fn example() -> Self {
        Self {
            from: "tavern".to_owned(),
            seed: 7,
            fast_ticks: 1_800,
            events: vec![IncidentView::example()],
        }
    }
}

impl Example for IncidentView {
    fn example() -> Self {
        Self {
            at_fast_tick: 900,
            event: EventView::example(),
        }
    }
}
