//! Error pages: what is the matter, and a way back.

use std::time::Duration;

use leptos::prelude::*;

use crate::ui::{app::AuthLayout, page_context::PageContext, text::outage::Outages};

/// What is the matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutageKind {
    /// 400: nothing that we understand.
    Malformed,
    /// 404: nothing is there, or nothing that one may see.
    NotFound,
    /// 403: one may not.
    Forbidden,
    /// 403: a form that did not come from our pages.
    Expired,
    /// 403: a form of ours, but opened under another address than the public one.
    Address,
    /// 405: asked for in a way that has no answer there.
    Method,
    /// 408: it did not come in time.
    TimedOut,
    /// 413: more than we take at once.
    TooLarge,
    /// 415: in a format that we do not read.
    Media,
    /// 429: too much in a short time.
    TooMany,
    /// 500: our fault.
    Internal,
    /// 503: more work than the server takes at once.
    Busy,
    /// 503: starting, or cut off from the database.
    Unavailable,
}

/// What an error page needs to know.
#[derive(Clone, Debug)]
pub struct Outage {
    /// What is the matter.
    pub kind: OutageKind,
    /// Under which the log tells more.
    pub request_id: Option<String>,
    /// When to try again.
    pub retry_after: Option<Duration>,
    /// The address under which forms are taken, for [`OutageKind::Address`].
    pub site: Option<String>,
}

impl OutageKind {
    /// The status that the page is sent with.
    pub fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::Forbidden | Self::Expired | Self::Address => 403,
            Self::NotFound => 404,
            Self::Method => 405,
            Self::TimedOut => 408,
            Self::TooLarge => 413,
            Self::Media => 415,
            Self::TooMany => 429,
            Self::Internal => 500,
            Self::Busy | Self::Unavailable => 503,
        }
    }

    /// The title of the page.
    pub fn title(self, text: &Outages) -> &'static str {
        self.words(text).0
    }

    fn words(self, text: &Outages) -> (&'static str, &'static str) {
        match self {
            Self::Malformed => (text.malformed, text.malformed_text),
            Self::Method => (text.method, text.method_text),
            Self::TimedOut => (text.timed_out, text.timed_out_text),
            Self::TooLarge => (text.too_large, text.too_large_text),
            Self::Media => (text.media, text.media_text),
            Self::NotFound => (text.not_found, text.not_found_text),
            Self::Forbidden => (text.forbidden, text.forbidden_text),
            Self::Expired => (text.expired, text.expired_text),
            // Its sentence names the address.
            Self::Address => (text.address, ""),
            Self::TooMany => (text.too_many, text.too_many_text),
            Self::Internal => (text.internal, text.internal_text),
            Self::Busy => (text.busy, text.busy_text),
            Self::Unavailable => (text.unavailable, text.unavailable_text),
        }
    }

    /// Whether the same request may go better later.
    fn may_pass(self) -> bool {
        matches!(self, Self::TooMany | Self::Internal | Self::Busy | Self::Unavailable)
    }
}

/// An error page.
#[component]
pub fn OutagePage(
    /// Who looks at it.
    context: PageContext,
    /// What is the matter.
    page: Outage,
) -> impl IntoView {
    let text = &context.text().outages;
    let (title, sentence) = page.kind.words(text);
    let sentence = page.site.as_deref().map_or_else(|| sentence.to_owned(), |site| (text.address_text)(site));
    let there = page.site.map(|site| view! { <a class="btn btn--primary" href=site>{text.address_go}</a> });
    let retry = page.retry_after.map(|wait| (text.retry_in)(&context.text().span(wait)));
    let request = page.request_id.map(|id| {
        view! { <p><small>{text.request}": "<code class="request-id">{id}</code></small></p> }
    });
    let again = page.kind.may_pass().then(|| {
        view! { <a class="btn btn--primary" href=context.path.clone()>{text.retry}</a> }
    });
    let home = if again.is_some() || there.is_some() { "btn" } else { "btn btn--primary" };
    view! {
        <AuthLayout title lede=sentence number=page.kind.status()>
            {retry.map(|retry| view! { <p>{retry}</p> })}
            {request}
            <div class="row">
                {again}
                {there}
                <a class=home href="/">{text.home}</a>
            </div>
        </AuthLayout>
    }
}
