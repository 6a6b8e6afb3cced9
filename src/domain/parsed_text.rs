//! What every parsed text type offers its readers.

/// Lets a newtype over `String` be read, shown and stored; making one stays with the type's own `parse`.
macro_rules! parsed_text {
    ($type:ident) => {
        impl $type {
            /// The value as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The value as the store holds it. It was parsed when it was written and is not judged again: a rule
            /// that became stricter since must not make an account unreadable.
            pub fn from_stored(value: String) -> Self {
                Self(value)
            }
        }

        impl AsRef<str> for $type {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.0
            }
        }
    };
}

pub(super) use parsed_text;
