//! Numbers held in their range, whatever came in.

/// NaN is the lowest.
pub fn bounded(value: f64, low: f64, high: f64) -> f64 {
    match value.is_nan() {
        true => low,
        false => value.clamp(low, high),
    }
}

/// Between nothing and all.
pub fn share(value: f64) -> f64 {
    bounded(value, 0.0, 1.0)
}

/// Between 0 and 100, as closeness, strength and trust are.
pub fn percent(value: f64) -> f64 {
    bounded(value, 0.0, 100.0)
}
