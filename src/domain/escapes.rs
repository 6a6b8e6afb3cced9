//! Percent signs in the path of a URL (RFC 3986, section 2.1), for the rules that look behind them.

/// The byte that each percent sign stands for; `None` for one that no two hexadecimal digits follow.
pub(super) fn escaped_bytes(path: &str) -> impl Iterator<Item = Option<u8>> {
    path.split('%').skip(1).map(|after| {
        let hex = after.get(..2).filter(|hex| hex.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        u8::from_str_radix(hex, 16).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_percent_sign_is_read() {
        let bytes = |path| escaped_bytes(path).collect::<Vec<_>>();
        assert_eq!(bytes("/plain"), []);
        assert_eq!(bytes("%41/x%2fY%E2%98"), [Some(b'A'), Some(b'/'), Some(0xE2), Some(0x98)]);
        assert_eq!(bytes("%25%2"), [Some(b'%'), None]);
        assert_eq!(bytes("%%41%zz%+9%é"), [None, Some(b'A'), None, None, None]);
    }
}
