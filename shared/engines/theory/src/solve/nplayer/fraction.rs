//! The simplest fraction in an interval.

use dashu_int::IBig;

/// The fraction with the smallest denominator between `low/scale` and `high/scale`, by continued fractions (Stern 1858, Brocot 1861);
/// `low ≤ high`, `scale` positive. Numerator and denominator.
pub fn simplest(low: IBig, high: IBig, scale: IBig) -> (IBig, IBig) {
    let (mut low_above, mut low_below) = (low, scale.clone());
    let (mut high_above, mut high_below) = (high, scale);
    let mut quotients = Vec::new();
    loop {
        let floor = floor(&low_above, &low_below);
        let rest = &low_above - &floor * &low_below;
        if rest == IBig::ZERO {
            quotients.push(floor);
            break;
        }
        let next = &floor + IBig::ONE;
        if &next * &high_below <= high_above {
            quotients.push(next);
            break;
        }
        // Both ends lie strictly between floor and floor + 1: what is behind the integer part is turned over.
        let high_rest = &high_above - &floor * &high_below;
        (low_above, low_below, high_above, high_below) = (high_below, high_rest, low_below, rest);
        quotients.push(floor);
    }
    let mut quotients = quotients.into_iter().rev();
    let mut above = quotients.next().unwrap_or(IBig::ZERO);
    let mut below = IBig::ONE;
    for quotient in quotients {
        (above, below) = (quotient * &above + &below, above);
    }
    (above, below)
}

fn floor(above: &IBig, below: &IBig) -> IBig {
    let quotient = above / below;
    if &quotient * below > *above {
        quotient - IBig::ONE
    } else {
        quotient
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(low: i64, high: i64, scale: i64) -> String {
        let (above, below) = simplest(low.into(), high.into(), scale.into());
        format!("{above}/{below}")
    }

    #[test]
    fn finds_the_smallest_denominator() {
        assert_eq!(found(333, 334, 1000), "1/3");
        assert_eq!(found(714_285, 714_286, 1_000_000), "5/7");
        assert_eq!(found(3_141_592, 3_141_593, 1_000_000), "355/113");
        assert_eq!(found(-1, 1, 100), "0/1");
        assert_eq!(found(-667, -666, 1000), "-2/3");
        assert_eq!(found(2, 2, 4), "1/2");
    }
}
