//! Mail over SMTP (RFC 5321), encrypted with STARTTLS (RFC 3207) or from the first byte (RFC 8314).
//!
//! Speaks the commands one by one, where `lettre`'s transport would do it in one go: only so can a recipient that the
//! relay refuses be told from a relay that refuses us, which an operator can mend and must not cost anybody a message.

use std::{borrow::Cow, error::Error as _, net::IpAddr, time::Duration};

use async_trait::async_trait;
use lettre::{
    Address,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Tls, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailParameter},
        response::Category,
    },
};
use percent_encoding::percent_decode_str;
use tokio::time::timeout;
use url::Url;

use super::{Mailer, Misconfigured, SendError};
use crate::domain::{email::EmailAddress, message::OutboxMessage};

/// How long a relay may take until it is ready for the message.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long it may take to take a message (RFC 5321, section 4.5.3.2.6): some scan it first, and one that was given up too
/// early is sent again and arrives twice.
const SCAN: Duration = Duration::from_secs(600);
/// How long it may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

/// A relay that takes our mail.
pub struct Smtp {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
    hello: ClientId,
    from: Mailbox,
    deadline: Duration,
    scan: Duration,
}

impl Smtp {
    /// A relay by its address, `smtp://user:password@host:587` or `smtps://…`, and the sender, `a@b.c` or
    /// `Name <a@b.c>`. `smtp` insists on STARTTLS, except for a relay on this machine; `?tls=required`,
    /// `?tls=opportunistic` and `?tls=none` say otherwise. Connects to nothing yet.
    ///
    /// # Errors
    /// When either does not read so. The reason never repeats the address, which has a password in it.
    pub fn new(url: &str, from: &str) -> Result<Self, Misconfigured> {
        if !is_encoded(url) {
            return Err(Misconfigured(
                "has a character in its user or password that means something else in an address: write # as %23, / as %2F, \
                 ? as %3F, @ as %40, : as %3A and % as %25",
            ));
        }
        let url = Url::parse(url).map_err(|_| Misconfigured("is not an address like smtp://user:password@host:587"))?;
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        if host.is_empty() {
            return Err(Misconfigured("names no host"));
        }
        let tls = security(&url, &host)?;
        let port = match (url.port(), &tls) {
            (Some(port), _) => port,
            (None, Tls::Wrapper(_)) => 465,
            (None, Tls::None) => 25,
            (None, _) => 587,
        };
        let credentials = match url.username() {
            "" => None,
            user => Some(Credentials::new(decoded(user)?, decoded(url.password().unwrap_or_default())?)),
        };
        let from = sender(from)?;
        let hello = ClientId::default();
        Ok(Self { host, port, tls, credentials, hello, from, deadline: PATIENCE, scan: SCAN })
    }

    /// Waits this long instead of 30 seconds, and instead of ten minutes for a message to be taken.
    pub fn with_deadline(self, deadline: Duration) -> Self {
        Self { deadline, scan: deadline, ..self }
    }

    /// Whether it is spoken to through TLS, at least where it offers that.
    pub fn is_encrypted(&self) -> bool {
        !matches!(self.tls, Tls::None)
    }

    /// Introduces itself by this name or address: relays may refuse one that is no public name (RFC 5321, section 4.1.1.1).
    pub fn with_hello(self, name: &str) -> Self {
        let hello = match name.trim_matches(['[', ']']).parse() {
            Ok(IpAddr::V4(address)) => ClientId::Ipv4(address),
            Ok(IpAddr::V6(address)) => ClientId::Ipv6(address),
            Err(_) => ClientId::Domain(name.to_owned()),
        };
        Self { hello, ..self }
    }

    /// Connects and signs in, and sends nothing.
    ///
    /// # Errors
    /// In the relay's words.
    pub async fn check(&self) -> Result<(), SendError> {
        let mut relay = timeout(self.deadline, self.open()).await.map_err(|_| late())?.map_err(temporary)?;
        let _ = timeout(GOODBYE, relay.quit()).await;
        Ok(())
    }

    fn compose(&self, message: &OutboxMessage, to: &Address) -> Result<Vec<u8>, SendError> {
        let text = message.body_text.clone();
        let body = match message.body_html.as_str() {
            "" => MultiPart::mixed().singlepart(SinglePart::plain(text)),
            html => MultiPart::alternative_plain_html(text, html.to_owned()),
        };
        // RFC 3834: no vacation notice should answer.
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        lettre::Message::builder()
            // The same at every try: a mailbox that got it twice can tell.
            .message_id(Some(format!("<{}@{}>", message.id, self.from.email.domain())))
            .date(message.created_at.into())
            .from(self.from.clone())
            .to(Mailbox::new(None, to.clone()))
            .subject(&message.subject)
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .multipart(body)
            .map(|mail| mail.formatted())
            .map_err(|error| SendError::Refused(error.to_string()))
    }

    /// Connects, encrypts and signs in.
    async fn open(&self) -> Result<AsyncSmtpConnection, Error> {
        let wrapper = if let Tls::Wrapper(tls) = &self.tls { Some(tls.clone()) } else { None };
        let server = (self.host.as_str(), self.port);
        let mut relay =
            AsyncSmtpConnection::connect_tokio1(server, Some(self.deadline), &self.hello, wrapper, None).await?;
        match &self.tls {
            // Fails where the relay does not offer it, or where somebody between us removed the offer.
            Tls::Required(tls) => relay.starttls(tls.clone(), &self.hello).await?,
            Tls::Opportunistic(tls) if relay.can_starttls() => relay.starttls(tls.clone(), &self.hello).await?,
            Tls::Opportunistic(_) | Tls::Wrapper(_) | Tls::None => {}
        }
        if let Some(credentials) = &self.credentials {
            relay.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(relay)
    }

    /// Comes to the point where the relay waits for the message.
    async fn announce(&self, to: &Address) -> Result<AsyncSmtpConnection, SendError> {
        let mut relay = self.open().await.map_err(temporary)?;
        let mut parameters = Vec::new();
        if ![to, &self.from.email].into_iter().all(|address| AsRef::<str>::as_ref(address).is_ascii()) {
            if !relay.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(SendError::Refused("the relay takes ASCII addresses only (no SMTPUTF8)".to_owned()));
            }
            parameters = vec![MailParameter::SmtpUtfEight];
        }
        relay.command(Mail::new(Some(self.from.email.clone()), parameters)).await.map_err(temporary)?;
        relay.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(judged)?;
        relay.command(Data).await.map_err(judged)?;
        Ok(relay)
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, message: &OutboxMessage) -> Result<(), SendError> {
        let to: Address =
            message.recipient.parse().map_err(|_| SendError::Refused("not an e-mail address".to_owned()))?;
        let mail = self.compose(message, &to)?;
        let mut relay = timeout(self.deadline, self.announce(&to)).await.map_err(|_| late())??;
        timeout(self.scan, relay.message(&mail)).await.map_err(|_| late())?.map_err(judged)?;
        // The relay has it, whatever becomes of the goodbye.
        let _ = timeout(GOODBYE, relay.quit()).await;
        Ok(())
    }
}

fn security(url: &Url, host: &str) -> Result<Tls, Misconfigured> {
    let parameters =
        || TlsParameters::new(host.to_owned()).map_err(|_| Misconfigured("names no host that TLS can check"));
    let asked = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value.into_owned());
    match (url.scheme(), asked.as_deref()) {
        ("smtps", None | Some("required")) => Ok(Tls::Wrapper(parameters()?)),
        ("smtp", None) if is_loopback(host) => Ok(Tls::None),
        ("smtp", None | Some("required")) => Ok(Tls::Required(parameters()?)),
        ("smtp", Some("opportunistic")) => Ok(Tls::Opportunistic(parameters()?)),
        ("smtp", Some("none")) => Ok(Tls::None),
        ("smtp" | "smtps", Some(_)) => {
            Err(Misconfigured("has a tls parameter that is not required, opportunistic or none"))
        }
        _ => Err(Misconfigured("begins with neither smtp:// nor smtps://")),
    }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

fn decoded(text: &str) -> Result<String, Misconfigured> {
    let text = percent_decode_str(text).decode_utf8();
    text.map(Cow::into_owned).map_err(|_| Misconfigured("has a user or password that is not UTF-8"))
}

fn sender(from: &str) -> Result<Mailbox, Misconfigured> {
    let refused = Misconfigured("is not a sender like no-reply@example.com or Name <no-reply@example.com>");
    let Ok(mailbox) = from.parse::<Mailbox>() else { return Err(refused) };
    match EmailAddress::parse(mailbox.email.as_ref()).map(|address| address.as_str().parse()) {
        Ok(Ok(address)) => Ok(Mailbox::new(mailbox.name, address)),
        _ => Err(refused),
    }
}

fn late() -> SendError {
    SendError::Temporary("the relay did not answer in time".to_owned())
}

fn temporary(error: Error) -> SendError {
    // Of the commands that we send, only the greeting has something that a relay can find fault with in this way.
    let hint = match error.status().map(u16::from) {
        Some(504) => {
            ": the relay does not take the name by which we introduce ourselves; set mail.ehlo_name to this host's"
        }
        _ => "",
    };
    SendError::Temporary(format!("{error}{hint}"))
}

/// Whether user and password can have been meant as an address reads them. What comes before the last `@` is theirs alone,
/// without a character that ends them.
fn is_encoded(url: &str) -> bool {
    let after = url.split_once("://").map_or(url, |(_, after)| after);
    let Some((credentials, _)) = after.rsplit_once('@') else { return true };
    let percent = credentials.match_indices('%').all(|(at, _)| {
        credentials.as_bytes().get(at + 1..at + 3).is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit))
    });
    percent && !credentials.contains(['#', '/', '?', '@']) && credentials.matches(':').count() <= 1
}

/// A permanent answer (RFC 5321, section 4.2.1) about the mailbox or the message. `5.7.x` (RFC 3463) says that we may
/// not: "relay access denied" is no fault of the recipient.
fn judged(error: Error) -> SendError {
    let about_us = error.source().is_some_and(|answer| answer.to_string().starts_with("5.7."));
    match error.status() {
        Some(code) if error.is_permanent() && code.category == Category::MailSystem && !about_us => {
            SendError::Refused(error.to_string())
        }
        _ => temporary(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relay(url: &str) -> Result<Smtp, Misconfigured> {
        Smtp::new(url, "Nameplate <no-reply@example.com>")
    }

    #[test]
    fn encryption_is_the_default_except_on_this_machine() {
        let tls = |url| format!("{:?} {}", relay(url).unwrap().tls, relay(url).unwrap().port);
        for (url, expected) in [
            ("smtp://mail.example.com", "Required 587"),
            ("smtp://mail.example.com:2525?tls=required", "Required 2525"),
            ("smtp://mail.example.com?tls=opportunistic", "Opportunistic 587"),
            ("smtp://mail.example.com?tls=none", "None 25"),
            ("smtp://localhost", "None 25"),
            ("smtp://127.0.0.1:1025", "None 1025"),
            ("smtp://[::1]", "None 25"),
            ("smtp://LOCALHOST?tls=required", "Required 587"),
            ("smtp://192.0.2.1", "Required 587"),
            ("smtps://mail.example.com", "Wrapper 465"),
            ("smtps://localhost", "Wrapper 465"),
        ] {
            assert_eq!(tls(url), expected, "{url}");
        }
    }

    #[test]
    fn what_cannot_be_a_relay_is_refused_without_repeating_the_password() {
        for url in [
            "",
            "mail.example.com",
            "smtp://",
            "smtp:mail.example.com",
            "http://u:secret@mail.example.com",
            "smtp://mail.example.com?tls=maybe",
            "smtps://mail.example.com?tls=none",
            "smtp://u:%FFsecret@mail.example.com",
            "smtp://u:p#ss/w%rdsecret@mail.example.com",
            "smtp://u:secret#@mail.example.com",
            "smtp://u:sec/secret@mail.example.com",
            "smtp://u:secret?x@mail.example.com",
            "smtp://u@example.com:secret@mail.example.com",
            "smtp://u:se:secret@mail.example.com",
            "smtp://u:secret%@mail.example.com",
        ] {
            let reason = relay(url).err().unwrap().to_string();
            assert!(!reason.contains("secret"), "{url}: {reason}");
        }
        for from in ["", "Nameplate", "no-reply@", "a@example.com\r\nBcc: b@example.com", "Name <>"] {
            assert!(Smtp::new("smtp://localhost", from).is_err(), "{from:?}");
        }
    }

    #[test]
    fn a_password_that_ends_the_address_is_refused_with_the_way_out() {
        let refused = relay("smtp://user:p#ss/w%rd@mail.example.com").err().unwrap().to_string();
        assert!(refused.contains("write # as %23"), "{refused}");
        assert!(relay("smtp://user:p%23ss%2Fw%25rd@mail.example.com?tls=none").is_ok());
    }

    #[test]
    fn user_and_password_are_decoded() {
        let credentials = relay("smtp://ada%40example.com:p%2F%3A%20%C3%BC@mail.example.com").unwrap().credentials;
        assert_eq!(credentials, Some(Credentials::new("ada@example.com".to_owned(), "p/: ü".to_owned())));
        assert_eq!(relay("smtp://mail.example.com").unwrap().credentials, None);
    }
}
