//! What pages say of a code that was sent.

use std::time::Duration;

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::{
    domain::code::Channel,
    ui::{flash::Flash, page_context::PageContext, parts::Submit},
};

/// A code that waits to be entered.
#[derive(Clone, Debug)]
pub struct CodeStep {
    /// Names the code in the form.
    pub token: String,
    /// How it was sent.
    pub channel: Channel,
    /// Where to, masked.
    pub masked: String,
    /// From when on it is worthless.
    pub expires_at: DateTime<Utc>,
    /// How often it may still be tried, as far as that is known.
    pub tries_left: Option<u32>,
    /// When another can be sent, if not at once.
    pub resend_at: Option<DateTime<Utc>>,
}

/// How long the code works, and how often it may be tried unless the error beside it says so already.
#[component]
pub fn CodeState(context: PageContext, code: CodeStep, flash: Flash) -> impl IntoView {
    let text = &context.text().code;
    let left = context.until(code.expires_at);
    let ends = match left {
        Some(left) => {
            let left_in_words = context.text().span(left);
            view! { <p>{text.ends_in}" "<Countdown left words=left_in_words over=text.ended/></p> }.into_any()
        }
        None => view! { <p>{text.ended}</p> }.into_any(),
    };
    let tries_left = code.tries_left.filter(|_| left.is_some() && flash.error("code").is_none());
    view! {
        <div class="code-state">
            {ends}
            {tries_left.map(|tries| view! { <p><b>{(text.tries_left)(tries)}</b></p> })}
        </div>
    }
}

/// The form that has another code sent: posts `token`, `channel` and `next`.
#[component]
pub fn Resend(
    context: PageContext,
    code: CodeStep,
    next: Option<String>,
    #[prop(default = "/fn/resend-code")] action: &'static str,
) -> impl IntoView {
    let text = &context.text().code;
    let advice = match code.channel {
        Channel::Email => text.not_there,
        Channel::Sms => text.not_there_sms,
    };
    view! {
        <form class="stack" method="post" action=action>
            <input type="hidden" name="token" value=code.token.clone()/>
            <input type="hidden" name="channel" value=code.channel.as_str()/>
            <Next next/>
            <p>{advice}</p>
            <ResendWait context=context.clone() code=code.clone() enables="resend"/>
            <div><Submit id="resend" class="" label=text.resend/></div>
        </form>
    }
}

/// When another code can be sent, if not at once. `enables` is the id of a button that opens then.
#[component]
pub fn ResendWait(
    context: PageContext,
    code: CodeStep,
    #[prop(optional)] enables: Option<&'static str>,
) -> impl IntoView {
    let text = &context.text().code;
    code.resend_at.and_then(|at| context.until(at)).map(|left| {
        let words = context.text().span(left);
        view! { <p>{text.resend_in}" "<Countdown left words then=text.resend_now enables/></p> }
    })
}

/// Where to go after this form, if it was said.
#[component]
pub fn Next(next: Option<String>) -> impl IntoView {
    next.map(|next| view! { <input type="hidden" name="next" value=next/> })
}

/// A span that `page.js` counts down by the second. At its end the line says `over`, or goes and `then` is announced; and
/// a button opens.
#[component]
fn Countdown(
    left: Duration,
    words: String,
    #[prop(optional)] over: Option<&'static str>,
    #[prop(optional)] then: Option<&'static str>,
    #[prop(optional_no_strip)] enables: Option<&'static str>,
) -> impl IntoView {
    view! {
        <b class="countdown" data-countdown=left.as_secs() data-over=over data-then=then data-enables=enables>{words}</b>"."
    }
}
