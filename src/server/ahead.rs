//! Bytes of the next request that come together with those of this one.
//!
//! hyper keeps them until it has answered this one, and does not tell of them. A head of which a part is there has begun all
//! the same, and is not to take as long as a connection that waits for its next request.

use std::mem::take;

/// What was read of a request, and of the ones behind it.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    head: Head,
    /// What came behind the head, less what is known to be of the body.
    behind: Vec<u8>,
    /// How much of the body came.
    of_body: u64,
}

/// A head, as far as it was read.
#[derive(Debug, Default)]
struct Head {
    /// Empty lines before a request belong to none.
    has_begun: bool,
    is_in_line: bool,
    is_whole: bool,
}

impl Head {
    /// Reads on, and answers how many of these bytes belong to it.
    fn read(&mut self, bytes: &[u8]) -> usize {
        for (place, byte) in bytes.iter().enumerate() {
            match byte {
                b'\n' if self.has_begun && !self.is_in_line => {
                    self.is_whole = true;
                    return place + 1;
                }
                b'\n' => self.is_in_line = false,
                b'\r' => {}
                _ => (self.has_begun, self.is_in_line) = (true, true),
            }
        }
        bytes.len()
    }
}

impl Ahead {
    /// Notes bytes. `body` is how long the body of the request is that is worked on.
    pub fn read(&mut self, bytes: &[u8], body: u64) {
        if self.head.is_whole {
            self.behind.extend(bytes);
            self.leave_out(body);
        } else {
            let own = self.head.read(bytes);
            self.behind.extend(&bytes[own..]);
        }
    }

    /// Goes on to the next request, and answers whether a part of it is there. `body` is how long that of the present one was.
    pub fn has_next(&mut self, body: u64) -> bool {
        self.leave_out(body);
        let behind = take(&mut self.behind);
        *self = Self::default();
        self.read(&behind, 0);
        self.head.has_begun
    }

    fn leave_out(&mut self, body: u64) {
        let left = usize::try_from(body - self.of_body.min(body)).unwrap_or(usize::MAX);
        let of_body = self.behind.len().min(left);
        self.behind.drain(..of_body);
        self.of_body += of_body as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: &str = "GET / HTTP/1.1\r\nHost: here\r\n\r\n";

    fn has_next(pieces: &[&str], body: u64) -> bool {
        let mut ahead = Ahead::default();
        for piece in pieces {
            ahead.read(piece.as_bytes(), body);
        }
        ahead.has_next(body)
    }

    #[test]
    fn what_is_behind_a_request_is_of_the_next() {
        assert!(!has_next(&[GET], 0));
        assert!(!has_next(&[&GET[..20], &GET[20..]], 0));
        assert!(has_next(&[GET, "G"], 0));
        assert!(has_next(&[&format!("{GET}GET / H")], 0));
        assert!(has_next(&["GET / HTTP/1.1\n\nG"], 0), "hyper reads lines without a carriage return, too");
        assert!(!has_next(&[GET, "\r\n"], 0), "empty lines are of none");
    }

    #[test]
    fn bodies_are_left_out() {
        let post = "\r\nPOST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n";
        assert!(!has_next(&[&format!("{post}hello")], 5));
        assert!(!has_next(&[&format!("{post}he"), "llo"], 5));
        assert!(has_next(&[&format!("{post}he"), "lloG"], 5));
        assert!(!has_next(&[post, "5\r\nhello\r\n0\r\n\r\n"], u64::MAX), "how long it is nobody knows");
    }

    #[test]
    fn each_of_several_is_followed() {
        let mut ahead = Ahead::default();
        ahead.read(format!("{GET}{GET}{GET}GET").as_bytes(), 0);
        assert_eq!([0; 4].map(|body| ahead.has_next(body)), [true, true, true, false]);
    }
}
