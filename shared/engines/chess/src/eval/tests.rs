//! What must hold for any evaluation.
