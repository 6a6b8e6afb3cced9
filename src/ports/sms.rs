//! Text messages through an HTTP gateway: one POST of JSON per message, in whatever shape the gateway wants it.

use std::{error::Error, time::Duration};

use async_trait::async_trait;
use reqwest::{Client, StatusCode, Url, header::CONTENT_TYPE, redirect::Policy};
use serde_json::Value;

use super::{
    certificates,
    mailer::{Mailer, Misconfigured, SendError},
};
use crate::domain::message::OutboxMessage;

/// What is posted where nothing else is configured.
pub const DEFAULT_BODY: &str = r#"{"to":"{to}","text":"{text}"}"#;

/// How long a gateway may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A gateway that takes our text messages.
pub struct Gateway {
    /// None on a system without certificate authorities.
    client: Option<Client>,
    url: Url,
    body: Value,
    deadline: Duration,
}

impl Gateway {
    /// A gateway by its address, `https://user:password@host/path`, and the JSON it wants, with `{to}` and `{text}`
    /// inside strings. Connects to nothing yet.
    ///
    /// # Errors
    /// When either does not read so. The reason never repeats the address, which may have a password in it.
    pub fn new(url: &str, body: &str) -> Result<Self, Misconfigured> {
        let url = Url::parse(url).map_err(|_| Misconfigured("is not an address like https://host/path"))?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(Misconfigured("begins with neither https:// nor http://"));
        }
        let body: Value =
            serde_json::from_str(body).map_err(|_| Misconfigured("is not JSON with {to} and {text} in strings"))?;
        // Text that cannot be in the template shows which placeholders are filled.
        let probe = fill(&body, "\u{1}", "\u{2}").to_string();
        if !(probe.contains("\\u0001") && probe.contains("\\u0002")) {
            return Err(Misconfigured("lacks {to} or {text}"));
        }
        let client = Client::builder()
            // A redirect would carry codes to a host that nobody configured.
            .redirect(Policy::none())
            .user_agent(concat!("nameplate/", env!("CARGO_PKG_VERSION")))
            .build()
            .ok();
        Ok(Self { client, url, body, deadline: PATIENCE })
    }

    /// Waits this long instead of 30 seconds.
    pub fn with_deadline(self, deadline: Duration) -> Self {
        Self { deadline, ..self }
    }

    fn client(&self) -> Result<&Client, SendError> {
        self.client.as_ref().ok_or_else(|| SendError::Temporary(certificates::MISSING.to_owned()))
    }

    /// Asks the gateway for no more than an answer; any will do, as it takes messages in its own way.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn check(&self) -> Result<(), SendError> {
        let asked = self.client()?.head(self.url.clone()).timeout(self.deadline).send().await;
        asked.map(drop).map_err(|error| SendError::Temporary(cause(&error.without_url())))
    }
}

#[async_trait]
impl Mailer for Gateway {
    async fn send(&self, message: &OutboxMessage) -> Result<(), SendError> {
        let request = self
            .client()?
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            // The same at every try, so that a gateway that knows the header sends it once.
            .header("Idempotency-Key", message.id.to_string())
            .timeout(self.deadline)
            .body(fill(&self.body, &message.recipient, &message.body_text).to_string());
        match request.send().await {
            Ok(answer) => judged(answer.status()),
            Err(error) => Err(SendError::Temporary(cause(&error.without_url()))),
        }
    }
}

/// Puts recipient and text into every string of the template. What they contain is not looked at again.
fn fill(template: &Value, to: &str, text: &str) -> Value {
    match template {
        Value::String(string) => {
            let around_text: Vec<_> = string.split("{text}").map(|part| part.replace("{to}", to)).collect();
            Value::String(around_text.join(text))
        }
        Value::Array(values) => values.iter().map(|value| fill(value, to, text)).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), fill(value, to, text))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => template.clone(),
    }
}

/// What went wrong at the bottom: the outer errors say no more than that something did.
fn cause(error: &dyn Error) -> String {
    error.source().map_or_else(|| error.to_string(), cause)
}

/// Only these blame the message; the other refusals (credentials, credit, path, rate) are for an operator or for time
/// to mend.
fn judged(status: StatusCode) -> Result<(), SendError> {
    match status {
        _ if status.is_success() => Ok(()),
        StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY => {
            Err(SendError::Refused(format!("the gateway answered {status}")))
        }
        _ => Err(SendError::Temporary(format!("the gateway answered {status}"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_template_is_filled_as_json_and_only_once() {
        let template = json!({"messages": [{"dest": "tel:{to}", "n": 1}], "body": "<{text}> {text}", "{to}": null});
        let hostile = "\",\"to\":\"+1\n{to} {text} \u{2028}\\";
        let body = format!("<{hostile}> {hostile}");
        let filled = json!({"messages": [{"dest": "tel:+905551234567", "n": 1}], "body": body, "{to}": null});
        let posted = fill(&template, "+905551234567", hostile).to_string();
        assert_eq!(serde_json::from_str::<Value>(&posted).unwrap(), filled);
    }

    #[test]
    fn what_cannot_be_a_gateway_is_refused_without_repeating_the_password() {
        for (url, body) in [
            ("", DEFAULT_BODY),
            ("gateway.example.com", DEFAULT_BODY),
            ("ftp://u:secret@gateway.example.com", DEFAULT_BODY),
            ("https://u:secret@", DEFAULT_BODY),
            ("https://gateway.example.com", ""),
            ("https://gateway.example.com", "to={to}&text={text}"),
            ("https://gateway.example.com", r#"{"to":{to},"text":"{text}"}"#),
            ("https://gateway.example.com", r#"{"to":"{to}"}"#),
            ("https://gateway.example.com", r#"{"{to}":"{text}"}"#),
        ] {
            let reason = Gateway::new(url, body).err().unwrap().to_string();
            assert!(!reason.contains("secret"), "{url}: {reason}");
        }
        assert!(Gateway::new("https://u:secret@gateway.example.com/sms?x=1", DEFAULT_BODY).is_ok());
    }
}
