//! Point your client here: base URL, token, one request, differences.

use leptos::prelude::*;

use super::{guide_of, prose::prose};
use crate::{
    domain::{dialect::Dialect, locale::Locale},
    ui::text::{self, guides::choose},
};

impl Dialect {
    fn base_url(self, public_url: &str) -> String {
        match self {
            Self::Mindbricks | Self::NextGate => format!("{public_url}{}", self.prefix()),
            Self::Logto => public_url.to_owned(),
        }
    }

    /// Leaves a token in `$TOKEN`.
    fn ask_for_token(self, public_url: &str) -> String {
        match self {
            Self::Mindbricks => format!(
                "curl -s {public_url}/auth-api/login \\\n  -H 'content-type: application/json' \\\n  \
                 -d '{{\"username\": \"ada@example.com\", \"password\": \"Quiet-Lantern-47-drift\"}}' > login.json\n\
                 TOKEN=$(jq -r .accessToken login.json)\nUSER_ID=$(jq -r .userId login.json)"
            ),
            Self::NextGate => format!(
                "TOKEN=$(curl -s {public_url}/api/v1/auth/login \\\n  -H 'content-type: application/json' \\\n  \
                 -d '{{\"identifier\": \"ada@example.com\", \"password\": \"Quiet-Lantern-47-drift\"}}' |\n  \
                 jq -r .data.accessToken)"
            ),
            Self::Logto => format!(
                "nameplate client create my-service\n\nTOKEN=$(curl -s {public_url}/oidc/token \\\n  -u \"$ID:$SECRET\" \\\n  \
                 -d grant_type=client_credentials \\\n  -d resource=https://default.logto.app/api \\\n  -d scope=all |\n  \
                 jq -r .access_token)"
            ),
        }
    }

    fn ask_with_token(self, public_url: &str) -> String {
        let path = match self {
            Self::Mindbricks => "/auth-api/v1/users/$USER_ID",
            Self::NextGate => "/api/v1/profile/me",
            Self::Logto => "/api/users?page_size=20",
        };
        format!("curl -s \"{public_url}{path}\" \\\n  -H \"authorization: Bearer $TOKEN\"")
    }
}

/// The sections of a guide.
#[component]
pub(super) fn GuideSections(dialect: Dialect, public_url: String, locale: Locale) -> impl IntoView {
    let text = &text::of(locale).docs;
    let guide = guide_of(dialect);
    let differences = guide.differences.iter().map(|difference| {
        view! {
            <li>
                <b>{prose(choose(difference.what, locale))}</b>
                " "
                {prose(choose(difference.why, locale))}
            </li>
        }
    });
    view! {
        <section class="docs__section" aria-labelledby="base-url">
            <h2 id="base-url">{text.point}</h2>
            <p>{prose(choose(guide.base, locale))}</p>
            <pre class="code" tabindex="0"><code>{dialect.base_url(&public_url)}</code></pre>
        </section>
        <section class="docs__section" aria-labelledby="token">
            <h2 id="token">{text.token}</h2>
            <p>{prose(choose(guide.token, locale))}</p>
            <pre class="code" tabindex="0"><code>{dialect.ask_for_token(&public_url)}</code></pre>
        </section>
        <section class="docs__section" aria-labelledby="request">
            <h2 id="request">{text.request}</h2>
            <p>{prose(text.request_text)}</p>
            <pre class="code" tabindex="0"><code>{dialect.ask_with_token(&public_url)}</code></pre>
        </section>
        <section class="docs__section" aria-labelledby="differences">
            <h2 id="differences">{text.differences}</h2>
            <ul class="docs__differences">{differences.collect_view()}</ul>
        </section>
    }
}
