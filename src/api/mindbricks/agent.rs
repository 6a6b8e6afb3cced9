//! What a `User-Agent` says of itself.

use serde::Serialize;
use utoipa::ToSchema;
use woothee::{parser::Parser, woothee::VALUE_UNKNOWN};

/// Device, system and browser; `null` where the text does not tell.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Agent {
    #[schema(required)]
    device_type: Option<&'static str>,
    #[schema(required)]
    os: Option<String>,
    #[schema(required)]
    os_version: Option<String>,
    #[schema(required)]
    browser_name: Option<String>,
    #[schema(required)]
    browser_version: Option<String>,
    #[schema(required)]
    vendor: Option<String>,
}

impl Agent {
    /// Reads a `User-Agent`.
    pub fn parse(user_agent: &str) -> Self {
        let told = Parser::new().parse(user_agent).unwrap_or_default();
        Self {
            device_type: match told.category {
                "pc" => Some("desktop"),
                "smartphone" | "mobilephone" => Some("mobile"),
                "appliance" => Some("console"),
                "crawler" => Some("crawler"),
                _ => None,
            },
            os: known(told.os),
            os_version: known(&told.os_version),
            browser_name: known(told.name),
            browser_version: known(told.version),
            vendor: known(told.vendor),
        }
    }
}

fn known(text: &str) -> Option<String> {
    (!text.is_empty() && text != VALUE_UNKNOWN).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_device_system_and_browser() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let agent = Agent::parse(firefox);
        assert_eq!(agent.device_type, Some("desktop"));
        assert_eq!(agent.os.as_deref(), Some("Linux"));
        assert_eq!(agent.browser_name.as_deref(), Some("Firefox"));
        assert_eq!(agent.browser_version.as_deref(), Some("140.0"));
        let phone = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";
        assert_eq!(Agent::parse(phone).device_type, Some("mobile"));
    }

    #[test]
    fn tells_nothing_of_what_it_does_not_know() {
        for text in ["", "-", "curl-ish\u{1f980}"] {
            let agent = Agent::parse(text);
            assert_eq!((agent.device_type, agent.os, agent.browser_name), (None, None, None), "{text}");
        }
    }
}
