//! A text's meaning as a provider's vector, a byte per dimension. Optional: relevance is made of words alone where there is none.

/// Longer ones are no embedding.
const MOST_DIMENSIONS: usize = 8_192;

/// A direction: its length is one, but for rounding.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedding {
    /// What the largest value stands for.
    scale: f32,
    values: Vec<i8>,
}

impl Embedding {
    /// None of what has no direction: empty, endless, nothing but noughts.
    pub fn new(vector: &[f32]) -> Option<Self> {
        let length = vector
            .iter()
            .map(|v| f64::from(*v).powi(2))
            .sum::<f64>()
            .sqrt();
        let largest = vector
            .iter()
            .fold(0.0_f64, |most, v| most.max(f64::from(v.abs())));
        let is_direction = length.is_finite() && length > 0.0 && vector.len() <= MOST_DIMENSIONS;
        is_direction.then(|| Self {
            scale: (largest / length / 127.0) as f32,
            values: vector
                .iter()
                .map(|v| (f64::from(*v) / largest * 127.0).round() as i8)
                .collect(),
        })
    }

    pub fn dimensions(&self) -> usize {
        self.values.len()
    }

    /// -1 to 1; none between embeddings of different sizes.
    pub fn cosine(&self, other: &Self) -> Option<f64> {
        let same_size = self.values.len() == other.values.len();
        same_size.then(|| {
            let products = self.values.iter().zip(&other.values);
            let dot: i32 = products.map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
            (f64::from(dot) * f64::from(self.scale) * f64::from(other.scale)).clamp(-1.0, 1.0)
        })
    }

    /// Four bytes for the scale (little endian), then a byte per dimension.
    pub fn to_bytes(&self) -> Vec<u8> {
        let values = self.values.iter().map(|value| value.cast_unsigned());
        self.scale.to_le_bytes().into_iter().chain(values).collect()
    }

    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (scale, values) = bytes.split_first_chunk()?;
        let scale = f32::from_le_bytes(*scale);
        let is_one = scale.is_finite() && scale > 0.0 && !values.is_empty();
        (is_one && values.len() <= MOST_DIMENSIONS).then(|| Self {
            scale,
            values: values.iter().map(|value| value.cast_signed()).collect(),
        })
    }
}

/// Relevance by words (as a share of the best hit's) and by meaning: half each, or the words alone where there is no vector to compare.
pub fn mixed(by_words: f64, by_meaning: Option<f64>) -> f64 {
    match by_meaning {
        Some(cosine) => 0.5 * by_words + 0.5 * cosine.max(0.0),
        None => by_words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_survive_the_rounding() {
        let east = Embedding::new(&[3.0, 0.0]).expect("a direction");
        let north = Embedding::new(&[0.0, 0.2]).expect("a direction");
        let between = Embedding::new(&[5.0, 5.0]).expect("a direction");
        assert_eq!(east.cosine(&north), Some(0.0));
        assert!((east.cosine(&east).expect("one size") - 1.0).abs() < 1e-6);
        let half_right = east.cosine(&between).expect("one size");
        assert!((half_right - std::f64::consts::FRAC_1_SQRT_2).abs() < 0.01);
    }

    #[test]
    fn what_has_no_direction_is_none() {
        assert_eq!(Embedding::new(&[]), None);
        assert_eq!(Embedding::new(&[0.0, 0.0]), None);
        assert_eq!(Embedding::new(&[f32::NAN]), None);
        assert_eq!(Embedding::new(&[f32::INFINITY, 1.0]), None);
    }

    #[test]
    fn bytes_come_back() {
        let made = Embedding::new(&[0.1, -0.9, 0.3]).expect("a direction");
        assert_eq!(Embedding::from_bytes(&made.to_bytes()), Some(made));
        assert_eq!(Embedding::from_bytes(&[1, 2, 3]), None);
        assert_eq!(Embedding::from_bytes(&f32::NAN.to_le_bytes()), None);
    }

    #[test]
    fn sizes_do_not_mix() {
        let two = Embedding::new(&[1.0, 1.0]).expect("a direction");
        let three = Embedding::new(&[1.0, 1.0, 1.0]).expect("a direction");
        assert_eq!(two.cosine(&three), None);
        assert_eq!(mixed(0.8, two.cosine(&three)), 0.8);
    }
}
