//! Scopes (RFC 6749, section 3.3).

/// What makes a request one of OpenID Connect.
pub const OPENID: &str = "openid";
/// Asks for a refresh token (Core, section 11).
pub const OFFLINE_ACCESS: &str = "offline_access";
/// Scopes that give claims: those of Core, section 5.4, and Logto's.
pub const CLAIMS: [&str; 7] = ["profile", "email", "phone", "address", "roles", "custom_data", "identities"];

/// Whether a scope is one of ours, which no API may have.
pub fn is_ours(name: &str) -> bool {
    name == OPENID || name == OFFLINE_ACCESS || CLAIMS.contains(&name)
}

/// Whether a text is a scope token.
pub fn is_token(name: &str) -> bool {
    let allowed = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
    !name.is_empty() && name.bytes().all(allowed)
}

/// The scopes of a parameter, each once, in their order.
pub fn split(parameter: &str) -> Vec<&str> {
    let mut scopes = Vec::new();
    for name in parameter.split(' ').filter(|name| !name.is_empty()) {
        if !scopes.contains(&name) {
            scopes.push(name);
        }
    }
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_named_twice_counts_once() {
        assert_eq!(split("openid profile  openid email"), ["openid", "profile", "email"]);
        assert_eq!(split(" "), [""; 0]);
    }

    #[test]
    fn tokens_are_printable_without_quotes() {
        for (name, good) in
            [("read:orders", true), ("a\"b", false), ("a\\b", false), ("a b", false), ("é", false), ("", false)]
        {
            assert_eq!(is_token(name), good, "{name}");
        }
        assert!(is_ours("openid") && is_ours("roles") && !is_ours("role"));
    }
}
