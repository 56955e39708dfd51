//! Whether two variants differ by more than chance: Pearson's chi-square over all outcomes, and two proportions for each.

use serde::Serialize;

use super::Outcomes;

/// A variant against the first one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// Pearson's chi-square of the table of both variants' outcomes.
    pub chi_square: f64,
    pub degrees_of_freedom: u32,
    /// How likely so large a difference is if there is none.
    pub p_value: f64,
    /// Every expected count is at least 5 (Cochran 1954): with fewer the p-value is not to be trusted.
    pub enough_data: bool,
    pub tool_call: Contrast,
    pub dialogue: Contrast,
    pub idle: Contrast,
}

/// One outcome's rates in both.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Contrast {
    /// The variant's rate less the first one's.
    pub difference: f64,
    /// Two-sided, of the two-proportion z-test with the pooled rate.
    pub p_value: f64,
}

/// None: one of them has no outcomes, or all outcomes of both are of one kind.
pub fn compare(first: &Outcomes, other: &Outcomes) -> Option<Comparison> {
    let totals = [first.total() as f64, other.total() as f64];
    let all = totals[0] + totals[1];
    if totals[0] == 0.0 || totals[1] == 0.0 {
        return None;
    }
    let mut chi_square = 0.0;
    let mut kinds = 0;
    let mut least = f64::INFINITY;
    for (one, two) in first.counts().into_iter().zip(other.counts()) {
        let column = (one + two) as f64;
        if column == 0.0 {
            continue;
        }
        kinds += 1;
        for (found, total) in [(one, totals[0]), (two, totals[1])] {
            let expected = column * total / all;
            chi_square += (found as f64 - expected).powi(2) / expected;
            least = least.min(expected);
        }
    }
    if kinds < 2 {
        return None;
    }
    let degrees_of_freedom = kinds - 1;
    let contrast =
        |of: fn(&Outcomes) -> u64| contrast([of(first) as f64, of(other) as f64], totals);
    Some(Comparison {
        chi_square,
        degrees_of_freedom,
        p_value: beyond(chi_square, degrees_of_freedom),
        enough_data: least >= 5.0,
        tool_call: contrast(|one| one.tool_call),
        dialogue: contrast(|one| one.dialogue),
        idle: contrast(|one| one.idle),
    })
}

fn contrast(found: [f64; 2], totals: [f64; 2]) -> Contrast {
    let difference = found[1] / totals[1] - found[0] / totals[0];
    let pooled = (found[0] + found[1]) / (totals[0] + totals[1]);
    let variance = pooled * (1.0 - pooled) * (1.0 / totals[0] + 1.0 / totals[1]);
    let p_value = match variance > 0.0 {
        // The square of a standard normal is chi-square of one degree of freedom.
        true => beyond(difference * difference / variance, 1),
        false => 1.0,
    };
    Contrast {
        difference,
        p_value,
    }
}

/// The chance of at least this chi-square with one or two degrees of freedom: three outcomes make no more.
fn beyond(chi_square: f64, degrees_of_freedom: u32) -> f64 {
    match degrees_of_freedom {
        1 => erfc((chi_square / 2.0).sqrt()),
        _ => (-chi_square / 2.0).exp(),
    }
}

/// The complementary error function for x ≥ 0, relative error below 1e-12: the series of erf near zero (Abramowitz and Stegun 7.1.6),
/// the continued fraction from 2 on (7.1.14), evaluated from its end.
fn erfc(x: f64) -> f64 {
    let bell = (-x * x).exp();
    let root = std::f64::consts::PI.sqrt();
    if x < 2.0 {
        let mut term = x;
        let mut sum = x;
        for n in 1..100 {
            term *= 2.0 * x * x / f64::from(2 * n + 1);
            sum += term;
        }
        return (1.0 - 2.0 / root * bell * sum).max(0.0);
    }
    let mut fraction = x;
    for n in (1..=120).rev() {
        fraction = x + f64::from(n) / 2.0 / fraction;
    }
    bell / root / fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes([tool_call, dialogue, idle]: [u64; 3]) -> Outcomes {
        Outcomes {
            tool_call,
            dialogue,
            idle,
        }
    }

    fn assert_near(found: f64, wanted: f64) {
        let off = (found - wanted).abs() / wanted.abs();
        assert!(off < 1e-9, "{found:e} is not {wanted:e}");
    }

    /// Wanted: scipy 1.17.1 chi2_contingency(correction=False), statsmodels 0.15.0 proportions_ztest; in the first table the contract's
    /// example.
    #[test]
    fn the_tests_agree_with_scipy_and_statsmodels() {
        let cases = [
            (
                [30, 18, 2],
                [35, 12, 1],
                (1.8779145299145297, 2, 0.3910353691290632),
                [0.17619731075303136, 0.23755263974831875, 0.5819021614752824],
            ),
            (
                [300, 180, 20],
                [350, 120, 10],
                (18.77914529914532, 2, 8.359117132817381e-05),
                [
                    1.8929303898278264e-05,
                    0.00018767892015295935,
                    0.0816526299462481,
                ],
            ),
            (
                [500, 500, 0],
                [400, 600, 0],
                (20.2020202020202, 1, 6.96793107284983e-06),
                [6.967931072849876e-06, 6.967931072849849e-06, 1.0],
            ),
            (
                [5000, 5000, 3],
                [3000, 7000, 90],
                (914.3608739553824, 2, 2.8122827725581718e-199),
                [
                    5.3505089719050816e-189,
                    9.086837350776154e-173,
                    2.243605979321217e-19,
                ],
            ),
        ];
        for (first, other, (chi_square, degrees, p_value), contrasts) in cases {
            let found = compare(&outcomes(first), &outcomes(other)).expect("they can be compared");
            assert_near(found.chi_square, chi_square);
            assert_eq!(found.degrees_of_freedom, degrees);
            assert_near(found.p_value, p_value);
            for (contrast, wanted) in [found.tool_call, found.dialogue, found.idle]
                .into_iter()
                .zip(contrasts)
            {
                assert_near(contrast.p_value, wanted);
            }
            assert_eq!(
                found.enough_data,
                first[0] >= 300,
                "1.47 idle ones are expected in the first table"
            );
        }
        let found = compare(&outcomes([30, 18, 2]), &outcomes([35, 12, 1]));
        let difference = found.expect("they can be compared").dialogue.difference;
        assert_near(difference, 12.0 / 48.0 - 18.0 / 50.0);
    }

    /// Wanted: scipy 1.17.1 special.erfc.
    #[test]
    fn the_error_function_is_that_of_scipy() {
        for (x, wanted) in [
            (0.1, 0.8875370839817152),
            (1.0, 0.15729920705028516),
            (1.999, 0.0046984433486294865),
            (2.0, 0.004677734981047266),
            (5.0, 1.5374597944280347e-12),
            (10.0, 2.0884875837625446e-45),
        ] {
            assert_near(erfc(x), wanted);
        }
        assert_eq!((erfc(0.0), erfc(1e6)), (1.0, 0.0));
    }

    #[test]
    fn nothing_is_said_where_nothing_can_be() {
        assert_eq!(compare(&outcomes([0, 0, 0]), &outcomes([1, 2, 3])), None);
        assert_eq!(compare(&outcomes([9, 0, 0]), &outcomes([7, 0, 0])), None);
        let same = compare(&outcomes([10, 10, 10]), &outcomes([20, 20, 20]));
        assert_eq!(same.expect("they can be compared").p_value, 1.0);
    }
}
