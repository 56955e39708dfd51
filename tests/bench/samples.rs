//! A heap of timings and its quantiles.

#[derive(Debug, Default, Clone)]
pub struct Samples(Vec<f64>);

impl Samples {
    /// The smallest value that at least `q` of the samples do not exceed (nearest rank: no interpolation invents a value).
    pub fn quantile(&self, q: f64) -> anyhow::Result<f64> {
        anyhow::ensure!(!self.0.is_empty(), "no samples were taken");
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (q * sorted.len() as f64).ceil() as usize;
        Ok(sorted[rank.clamp(1, sorted.len()) - 1])
    }

    pub fn smallest(&self) -> anyhow::Result<f64> {
        self.quantile(0.0)
    }

    pub fn largest(&self) -> anyhow::Result<f64> {
        self.quantile(1.0)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

impl FromIterator<f64> for Samples {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Samples;

    #[test]
    fn quantiles_are_nearest_ranks() {
        // The nearest-rank example of the textbooks: 15, 20, 35, 40, 50.
        let samples: Samples = [35.0, 20.0, 15.0, 50.0, 40.0].into_iter().collect();
        let found: Vec<f64> = [0.05, 0.30, 0.40, 0.50, 1.00]
            .iter()
            .filter_map(|&q| samples.quantile(q).ok())
            .collect();
        assert_eq!(found, [15.0, 20.0, 20.0, 35.0, 50.0]);
    }

    #[test]
    fn nothing_has_no_quantile() {
        assert!(Samples::default().quantile(0.5).is_err());
    }
}
