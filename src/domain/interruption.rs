//! Why the server broke off the body of a request. It stands in the body's own error, where each surface finds it again
//! beneath whatever read the body.

use std::{error, fmt, time::Duration};

use super::error::Error;

/// When a body for which there was no room may be sent again.
const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Why the server read no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interruption {
    /// It did not come in time, or too slowly.
    TimedOut,
    /// Too many bodies are on their way already, in all or from this network.
    NoRoom,
}

impl Interruption {
    /// The interruption that an error is about, or that caused it.
    pub fn within(error: &(dyn error::Error + 'static)) -> Option<Self> {
        let mut causes = std::iter::successors(Some(error), |error| error.source());
        causes.find_map(|cause| cause.downcast_ref::<Self>().copied())
    }
}

impl fmt::Display for Interruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Error::from(*self).fmt(f)
    }
}

impl error::Error for Interruption {}

impl From<Interruption> for Error {
    fn from(why: Interruption) -> Self {
        match why {
            Interruption::TimedOut => Self::BodyTimedOut,
            Interruption::NoRoom => Self::Busy { retry_after: RETRY_AFTER },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_found_beneath_other_errors() {
        assert_eq!(Interruption::within(&Interruption::NoRoom), Some(Interruption::NoRoom));
        assert_eq!(Interruption::within(&Wrapping(Interruption::TimedOut)), Some(Interruption::TimedOut));
        assert_eq!(Interruption::within(&fmt::Error), None);
    }

    #[derive(Debug)]
    struct Wrapping(Interruption);

    impl fmt::Display for Wrapping {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("reading failed")
        }
    }

    impl error::Error for Wrapping {
        fn source(&self) -> Option<&(dyn error::Error + 'static)> {
            Some(&self.0)
        }
    }
}
