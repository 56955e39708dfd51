//! Reading decimal numbers exactly.

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

use super::arithmetic::reduced;
use super::{MAX_DIGITS, NumberError, Rational};

/// Sign, digits, point, exponent; no fraction bar.
pub(super) fn decimal(text: &str) -> Result<Rational, NumberError> {
    if let Some(short) = short_decimal(text.as_bytes()) {
        return Ok(short);
    }
    let (negative, unsigned) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        None => (unsigned, 0),
        Some((mantissa, exponent)) => (mantissa, small_exponent(exponent)?),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return Err(NumberError::Malformed);
    }
    let scale = exponent - fraction.len() as i64;
    if whole.len() + fraction.len() + scale.unsigned_abs() as usize > MAX_DIGITS {
        return Err(NumberError::TooLong);
    }
    let digits = format!("{whole}{fraction}");
    let magnitude = UBig::from_str_radix(&digits, 10).map_err(|_| NumberError::Malformed)?;
    let ten_to = UBig::from(10u8).pow(scale.unsigned_abs() as usize);
    let mut value = if scale < 0 {
        RBig::from_parts(IBig::from(magnitude), ten_to)
    } else {
        RBig::from(magnitude * ten_to)
    };
    if negative {
        value = -value;
    }
    Ok(Rational::from_big(value))
}

/// The usual spellings, up to 18 digits of which up to 9 after the point and no exponent, without a big integer.
fn short_decimal(text: &[u8]) -> Option<Rational> {
    let (negative, unsigned) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let (mut value, mut digits, mut fraction) = (0i64, 0, None);
    for byte in unsigned {
        match byte {
            b'0'..=b'9' if digits < 18 => {
                value = value * 10 + i64::from(byte - b'0');
                digits += 1;
                fraction = fraction.map(|places: u32| places + 1);
            }
            b'.' if fraction.is_none() => fraction = Some(0),
            _ => return None,
        }
    }
    if digits == 0 {
        return None;
    }
    let value = if negative { -value } else { value };
    match fraction.unwrap_or(0) {
        0 => Some(Rational::whole(value)),
        places @ 1..=9 => Some(reduced(value.into(), 10u64.pow(places))),
        _ => None,
    }
}

fn small_exponent(text: &str) -> Result<i64, NumberError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NumberError::Malformed);
    }
    let value: i64 = digits.parse().map_err(|_| NumberError::TooLong)?;
    if value > MAX_DIGITS as i64 {
        return Err(NumberError::TooLong);
    }
    Ok(if text.starts_with('-') { -value } else { value })
}
