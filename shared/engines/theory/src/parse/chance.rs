//! Nature's probabilities: exact when the file is, put right when it was rounded, refused otherwise.

use crate::rational::Rational;

/// How far from one a sum of written probabilities may be: six written decimals, and a few actions.
const ROUNDING: (i64, i64) = (1, 100_000);

/// How long a sum may be, written out, to pass for a rounded one: each probability will be divided by it.
const LONG: usize = 80;

/// Makes the probabilities sum to one exactly. A sum that is off by rounding (`0.1666666666666667` six times) is divided out,
/// with a warning; anything else is an error.
pub fn settle(probabilities: &mut [Rational]) -> Result<Option<String>, String> {
    if let Some(negative) = probabilities
        .iter()
        .find(|probability| probability.is_negative())
    {
        return Err(format!("the probability {negative} is negative"));
    }
    let Some(total) = Rational::bounded_sum(probabilities.iter()) else {
        return Err("the probabilities have no common denominator of a sensible length".to_owned());
    };
    if total == Rational::ONE {
        return Ok(None);
    }
    let tolerated = Rational::from_parts(ROUNDING.0.into(), ROUNDING.1.into());
    let written = total.to_string();
    if written.len() > LONG || (&total - &Rational::ONE).abs() > tolerated {
        let written = match written.len() {
            ..=LONG => written,
            _ => format!("about {}", total.to_f64()),
        };
        return Err(format!("the probabilities sum to {written}, not to 1"));
    }
    for probability in probabilities.iter_mut() {
        *probability = &*probability / &total;
    }
    Ok(Some(format!(
        "the probabilities sum to {}, rounded; they were rescaled to sum to 1",
        total.to_f64()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(texts: &[&str]) -> Result<(Vec<String>, bool), String> {
        let mut numbers: Vec<Rational> = texts
            .iter()
            .map(|text| Rational::parse(text).expect("a number"))
            .collect();
        let warning = settle(&mut numbers)?;
        Ok((
            numbers.iter().map(Rational::to_string).collect(),
            warning.is_some(),
        ))
    }

    #[test]
    fn rounded_sixths_become_sixths() {
        assert_eq!(
            settled(&["0.1666666666666667"; 6]),
            Ok((vec!["1/6".to_owned(); 6], true))
        );
        assert_eq!(
            settled(&["1/3", "2/3"]),
            Ok((vec!["1/3".to_owned(), "2/3".to_owned()], false))
        );
    }

    #[test]
    fn wrong_sums_are_refused() {
        assert_eq!(
            settled(&["0.5", "0.4"]),
            Err("the probabilities sum to 9/10, not to 1".to_owned())
        );
        assert_eq!(
            settled(&["1.5", "-0.5"]),
            Err("the probability -1/2 is negative".to_owned())
        );
    }
}
