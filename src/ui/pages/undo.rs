//! Behind the link that takes a change back.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use crate::{
    domain::email::readable,
    ui::{
        app::AuthLayout,
        flash::Flash,
        page_context::PageContext,
        parts::{FlashSummary, Submit},
        text::step_up::UndoChange,
    },
};

/// What the page has to say.
#[derive(Clone, Debug)]
pub enum Undo {
    /// What would be taken back.
    Offer {
        /// Names the change in the form.
        token: String,
        /// Whether it is an e-mail address; else a mobile number.
        is_email: bool,
        /// What comes back, masked.
        restores: String,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// That it was taken back.
    Done {
        /// In a sentence.
        said: String,
    },
    /// That there is nothing to take back any more.
    Dead,
}

impl Undo {
    /// The title of the page.
    pub fn title(&self, text: &UndoChange) -> &'static str {
        match self {
            Self::Offer { .. } => text.title,
            Self::Done { .. } => text.done,
            Self::Dead => text.dead,
        }
    }
}

/// `/undo`: posts `token` to `undo-change`.
#[component]
pub fn UndoPage(
    /// Who looks at it.
    context: PageContext,
    /// What it says.
    page: Undo,
    /// What the last try left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let text = &context.text().undo_change;
    let title = page.title(text);
    let summary = view! { <FlashSummary flash forms=context.text().forms labels=Vec::new()/> };
    let ways = || {
        view! {
            <div class="stack">
                <a class="btn btn--primary btn--wide" href="/forgot">{text.new_password}</a>
                <a class="btn btn--wide" href="/login">{text.sign_in}</a>
            </div>
        }
    };
    match page {
        Undo::Offer { token, is_email, restores, until } => {
            let lede = if is_email { (text.email)(&readable(&restores)) } else { (text.phone)(&restores) };
            let foot = view! { <p>{text.leave}</p><p>{(text.until)(&context.date_time(until))}</p> };
            view! {
                <AuthLayout title lede foot=foot.into_any()>
                    {summary}
                    <ul>
                        <li>{text.replaced}</li>
                        <li>{text.signed_out}</li>
                        <li>{text.codes}</li>
                    </ul>
                    <form method="post" action="/fn/undo-change">
                        <input type="hidden" name="token" value=token/>
                        <Submit label=text.submit class="btn--primary btn--wide"/>
                    </form>
                </AuthLayout>
            }
            .into_any()
        }
        Undo::Done { said } => {
            view! { <AuthLayout title lede=said><p>{text.done_text}</p>{ways()}</AuthLayout> }.into_any()
        }
        Undo::Dead => view! {
            <AuthLayout title lede=text.dead_lede.to_owned()>{summary}<p>{text.dead_text}</p>{ways()}</AuthLayout>
        }
        .into_any(),
    }
}
