//! Chance that hangs on names: the same names, the same number, in every process and every version of the compiler.

/// FNV-1a (Fowler, Noll and Vo 1991) over the parts, with their lengths so that no two lists of parts are the same bytes; then the
/// finaliser of SplitMix64 (Steele, Lea and Flood 2014), since FNV's high bits mix badly.
pub(crate) fn hash(parts: &[&[u8]]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    for part in parts {
        part.iter().copied().for_each(&mut eat);
        (part.len() as u64)
            .to_le_bytes()
            .into_iter()
            .for_each(&mut eat);
    }
    let mut mixed = hash;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// The same, above 0 and below 1.
pub(crate) fn share(parts: &[&[u8]]) -> f64 {
    ((hash(parts) >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
}
