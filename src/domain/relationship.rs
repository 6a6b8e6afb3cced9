//! How two accounts stand to one another.

/// What an account is to another one, seen from the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relationship {
    /// The viewer follows the other account.
    pub is_following: bool,
    /// The viewer asked to follow it, and waits for the answer.
    pub is_requested: bool,
    /// The other account follows the viewer.
    pub is_followed_by: bool,
    /// The viewer blocked the other account.
    pub is_blocked: bool,
    /// The other account blocked the viewer.
    pub is_blocked_by: bool,
}

/// How many an account is connected with: accepted follows between accounts that are neither archived nor deactivated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// Accounts that follow it.
    pub followers: i64,
    /// Accounts that it follows.
    pub following: i64,
}
