//! Codes of authenticator apps: RFC 6238 with what every app takes, six digits of HMAC-SHA-1 every 30 seconds.

use std::fmt::Write;

use qrcode::{Color, QrCode, types::QrError};
use totp_rs::{Builder, Totp, TotpError};

/// Bytes of a secret, the length of an HMAC-SHA-1 key that RFC 4226 recommends.
pub const SECRET: usize = 20;
/// Seconds of a step.
const STEP: i64 = 30;
/// Steps by which the clock of a phone may differ.
const SKEW: i64 = 1;
/// White modules around the symbol that scanners need (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;

/// The secret that an app and the server share.
pub struct Authenticator(Totp);

/// What an app needs to know, in each way of telling it.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// The secret in base 32, to be typed.
    pub secret: String,
    /// A link that apps open.
    pub otpauth_url: String,
    /// That link as an SVG element, to be scanned.
    pub qr_svg: String,
}

impl Authenticator {
    /// The app with this secret.
    ///
    /// # Errors
    /// When the secret is shorter than 128 bits.
    pub fn new(secret: &[u8]) -> Result<Self, TotpError> {
        // No skew: a code is looked for step by step, so that steps that had their code are left out.
        Ok(Self(Builder::new().with_secret(secret).with_skew(0).build()?))
    }

    /// What to tell an app. `issuer` and `account` are what it shows.
    ///
    /// # Errors
    /// When the two are too long for a QR code.
    pub fn enrolment(&self, issuer: &str, account: &str) -> Result<Enrolment, String> {
        // A colon parts the two in the link.
        let [issuer, account] = [issuer, account].map(|name| name.replace(':', " "));
        let named = Builder::new().with_secret(self.0.secret().as_ref()).with_issuer(Some(issuer));
        let named = named.with_account_name(account).build().map_err(|error| error.to_string())?;
        let otpauth_url = named.to_url().map_err(|error| error.to_string())?;
        let qr_svg = svg(&otpauth_url).map_err(|error| error.to_string())?;
        Ok(Enrolment { secret: self.0.secret().to_base32(), otpauth_url, qr_svg })
    }

    /// The step whose code this is at a Unix time, if it comes after the last one that had its code: each counts once.
    pub fn step_of(&self, code: &str, at: i64, last: Option<i64>) -> Option<i64> {
        let now = at.div_euclid(STEP);
        let steps = (now - SKEW..=now + SKEW).filter(|step| last.is_none_or(|last| *step > last));
        let mut matching = steps.filter(|step| {
            let second = u64::try_from(step * STEP);
            second.is_ok_and(|second| self.0.check(code, second).is_some())
        });
        matching.next()
    }
}

/// A QR code as one path: scales to any size, and has no XML prologue, so that it can stand in a page. It is black on
/// white whatever the theme, because many scanners take nothing else.
fn svg(text: &str) -> Result<String, QrError> {
    let code = QrCode::new(text)?;
    let (width, colours) = (code.width(), code.to_colors());
    let side = width + 2 * QUIET_ZONE;
    let mut path = String::new();
    for (place, _) in colours.iter().enumerate().filter(|(_, colour)| **colour == Color::Dark) {
        let (x, y) = (place % width + QUIET_ZONE, place / width + QUIET_ZONE);
        // Writing to a String cannot fail.
        let _ = write!(path, "M{x} {y}h1v1h-1z");
    }
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" role="img"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>"##
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    const RFC_SECRET: &[u8] = b"12345678901234567890";

    fn app() -> Authenticator {
        Authenticator::new(RFC_SECRET).unwrap()
    }

    #[test]
    fn the_vectors_of_rfc_6238_hold() {
        // Appendix B has eight digits; six are the last six of them.
        for (at, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(app().step_of(&code[2..], at, None), Some(at / 30), "{at}");
        }
    }

    #[test]
    fn a_code_is_good_one_step_early_and_late_and_once() {
        let (code, step) = ("081804", 1_111_111_109 / 30);
        for (at, last, found) in [
            (step * 30 - 30, None, true),
            (step * 30 + 59, None, true),
            (step * 30 - 31, None, false),
            (step * 30 + 60, None, false),
            (step * 30, Some(step - 1), true),
            (step * 30, Some(step), false),
            (step * 30, Some(step + 1), false),
        ] {
            assert_eq!(app().step_of(code, at, last), found.then_some(step), "{at} {last:?}");
        }
    }

    #[test]
    fn codes_are_read_as_apps_show_them_and_nothing_else_is_a_code() {
        let at = 1_111_111_109;
        for other in ["", "81804", "+81804", "0818040", "08180４", "081-804"] {
            assert_eq!(app().step_of(other, at, None), None, "{other}");
        }
        assert_eq!(app().step_of("755224", 0, None), Some(0), "the first step of all");
    }

    #[test]
    fn an_app_is_told_issuer_account_and_secret() {
        let told = app().enrolment("Çınar: ID", "ada@example.com").unwrap();
        assert_eq!(told.secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(
            told.otpauth_url,
            format!(
                "otpauth://totp/%C3%87%C4%B1nar%20%20ID:ada%40example.com?secret={}&issuer=%C3%87%C4%B1nar%20%20ID",
                told.secret
            )
        );
        assert!(told.qr_svg.starts_with("<svg xmlns=") && told.qr_svg.ends_with("</svg>"));
        assert!(!told.qr_svg.contains("style") && !told.qr_svg.contains(&told.secret));
    }

    #[test]
    fn short_secrets_are_refused() {
        assert!(Authenticator::new(&[7; 15]).is_err());
        assert!(Authenticator::new(&[7; SECRET]).is_ok());
    }

    /// The OATH Toolkit is a reference of another hand; without it this test fails rather than pass unseen.
    #[test]
    fn oathtool_agrees() {
        let secrets = [RFC_SECRET.to_vec(), vec![0; SECRET], vec![0xff; SECRET], (0..20).collect()];
        for (secret, at) in secrets.iter().flat_map(|secret| {
            let times = [0, 29, 30, 59, 1_111_111_109, 1_234_567_890, 1_790_000_011, 2_000_000_000, 4_102_444_799];
            times.map(|at: i64| (secret, at))
        }) {
            let app = Authenticator::new(secret).unwrap();
            let told = app.enrolment("Nameplate", "ada@example.com").unwrap().secret;
            let now = format!("@{at}");
            let shown = std::process::Command::new("oathtool").args(["--totp", "-b", "-N", &now, &told]).output();
            let shown = shown.expect("oathtool is installed, as `.ci/setup test` does");
            let code = String::from_utf8(shown.stdout).unwrap();
            let code = code.trim();
            assert_eq!(app.step_of(code, at, None), Some(at / STEP), "{told} at {at}");
            assert_eq!(app.step_of(code, at + 2 * STEP, None), None, "{told} two steps after {at}");
        }
    }
}
