//! The world of the characters as an operation's example wants it.

use super::operation::{Operation, Sample, operations};
use crate::harness::TestApp;

/// The one in the example's log.
const DECISION: &str = "0192f0c1-0000-7000-8000-000000000001";

impl Operation {
    /// Whether it is one of the characters, which works in a world of its own.
    pub fn is_of_characters(&self) -> bool {
        let tag = self.says["tags"][0].as_str();
        tag.is_some_and(|tag| tag.starts_with("Characters"))
    }

    /// The same request for this snapshot, and for what else the example's world has under a name of its own.
    pub fn of_snapshot(&self, id: &str, mut sample: Sample) -> Sample {
        for parameter in &mut sample.parameters {
            match (self.name.as_str(), parameter.name) {
                (_, "snapshot_id") => id.clone_into(&mut parameter.value),
                ("get_decision", "id") => DECISION.clone_into(&mut parameter.value),
                _ => {}
            }
        }
        sample
    }
}

/// Makes the document's own example of a state the world, as the operation needs it, and gives back a snapshot of it.
pub async fn cast(app: &TestApp, operation: &str) -> String {
    let import = operations()
        .into_iter()
        .find(|operation| operation.name == "import_state");
    let import = import.expect("there is such an operation");
    import.call(app, &import.sample("")).await.expect(200);
    if operation == "create_faction" {
        let founded = "/api/groups/factions/tavern_staff";
        app.delete(founded).await.expect(200);
    }
    let made = app.post("/api/state/snapshot").await.expect(201);
    made["snapshotId"].as_str().expect("an id").to_owned()
}
