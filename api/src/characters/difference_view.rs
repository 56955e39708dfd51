//! What is different between two states, as clients see it.

use poem_openapi::types::Example;
use poem_openapi::{Enum, Object};
use rookery_shared::characters::state::{
    ChangeKind, Difference, FieldChange, RecordChange, SectionChanges,
};
use serde_json::{Value, json};

/// What is different between two states.
#[derive(Object)]
#[oai(rename = "StateDifference", example)]
pub(super) struct DifferenceView {
    /// The snapshot that is the beginning.
    snapshot: String,
    /// The snapshot that is the end, or `current`.
    against: String,
    /// Of each part of the state that differs; empty: they are the same.
    sections: Vec<SectionView>,
}

/// What is different in one part of the state.
#[derive(Object)]
#[oai(rename = "StateSectionDifference")]
struct SectionView {
    /// As the export names it: `characters`, `proximity`, `relationships`, `worldFacts` …
    section: String,
    /// How many there were.
    before: u64,
    /// How many there are.
    after: u64,
    added: u64,
    removed: u64,
    changed: u64,
    /// Of these the first 200.
    changes: Vec<RecordView>,
}

#[derive(Enum)]
#[oai(rename = "StateChangeKind", rename_all = "lowercase")]
enum KindView {
    Added,
    Removed,
    Changed,
}

/// One that is new, gone, or other than it was.
#[derive(Object)]
#[oai(rename = "StateRecordDifference")]
struct RecordView {
    /// A character's id; of a relationship `barkeep guard`.
    key: String,
    change: KindView,
    /// Of one that changed: what in it.
    fields: Vec<FieldView>,
}

/// One value that is other than it was.
#[derive(Object)]
#[oai(rename = "StateFieldDifference")]
struct FieldView {
    /// Where it is in the record: `mind.goals[g_1].status`.
    field: String,
    /// What it was, if it was; long values by their beginning.
    #[oai(skip_serializing_if_is_none)]
    before: Option<Value>,
    /// What it is, if it is.
    #[oai(skip_serializing_if_is_none)]
    after: Option<Value>,
}

impl DifferenceView {
    pub(super) fn of(snapshot: &str, against: Option<&str>, found: Difference) -> Self {
        Self {
            snapshot: snapshot.to_owned(),
            against: against.unwrap_or("current").to_owned(),
            sections: found.sections.into_iter().map(SectionView::of).collect(),
        }
    }
}

impl SectionView {
    fn of(found: SectionChanges) -> Self {
        Self {
            section: found.section.to_owned(),
            before: found.before as u64,
            after: found.after as u64,
            added: found.added as u64,
            removed: found.removed as u64,
            changed: found.changed as u64,
            changes: found.changes.into_iter().map(RecordView::of).collect(),
        }
    }
}

impl RecordView {
    fn of(found: RecordChange) -> Self {
        Self {
            key: found.key,
            change: match found.kind {
                ChangeKind::Added => KindView::Added,
                ChangeKind::Removed => KindView::Removed,
                ChangeKind::Changed => KindView::Changed,
            },
            fields: found.fields.into_iter().map(FieldView::of).collect(),
        }
    }
}

impl FieldView {
    fn of(found: FieldChange) -> Self {
        Self {
            field: found.field,
            before: found.before,
            after: found.after,
        }
    }
}

impl Example for DifferenceView {
    fn example() -> Self {
        let step = FieldView {
            field: "mind.goals[g_1].status".to_owned(),
            before: Some(json!("pending")),
            after: Some(json!("active")),
        };
        let changed = RecordView {
            key: "barkeep".to_owned(),
            change: KindView::Changed,
            fields: vec![step],
        };
        Self {
            snapshot: "snap_abc123".to_owned(),
            against: "current".to_owned(),
            sections: vec![SectionView {
                section: "characters".to_owned(),
                before: 4,
                after: 4,
                added: 0,
                removed: 0,
                changed: 1,
                changes: vec![changed],
            }],
        }
    }
}
