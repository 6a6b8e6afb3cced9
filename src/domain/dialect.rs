//! The REST dialects, by name.

/// A REST dialect: the account core in the routes and words of a product that teams use already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// Mindbricks' authentication service.
    Mindbricks,
    /// NextGate's user API.
    NextGate,
    /// Logto's management API, and the endpoint for its tokens.
    Logto,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Mindbricks, Self::NextGate, Self::Logto];

    /// Its vendor's name, which its tags are grouped under.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mindbricks => "Mindbricks",
            Self::NextGate => "NextGate",
            Self::Logto => "Logto",
        }
    }

    /// The name in addresses.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Mindbricks => "mindbricks",
            Self::NextGate => "nextgate",
            Self::Logto => "logto",
        }
    }

    /// The dialect with this name in addresses.
    pub fn parse(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.slug() == slug)
    }

    /// The path that its routes are below.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Mindbricks => "/auth-api",
            Self::NextGate => "/api/v1",
            Self::Logto => "/api",
        }
    }
}
