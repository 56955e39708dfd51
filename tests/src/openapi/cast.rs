//! The world of the characters as an operation's example wants it.

use super::operation::{Operation, Sample, operations};
use crate::harness::TestApp;

impl Operation {
    /// Whether it is one of the characters, which works in a world of its own.
    pub fn is_of_characters(&self) -> bool {
        let tag = self.says["tags"][0].as_str();
        tag.is_some_and(|tag| tag.starts_with("Characters"))
    }

    /// The same request for this snapshot.
    pub fn of_snapshot(&self, id: &str, mut sample: Sample) -> Sample {
        for parameter in &mut sample.parameters {
            if parameter.name == "snapshot_id" {
                id.clone_into(&mut parameter.value);
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
