//! Signing in: the form, and the question about an archived account.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::code::{CodeStep, Next};
use crate::{
    domain::{account::LoginIdentifier, code::Channel},
    ui::{
        app::AuthLayout,
        flash::Flash,
        page_context::{PageContext, with_next},
        parts::{Field, FlashSummary, PasswordField, Submit},
    },
};

/// What the sign-in page needs to know.
#[derive(Clone, Debug)]
pub struct Login {
    /// What one signs in with.
    pub identifier: LoginIdentifier,
    /// Where to go then: a local path.
    pub next: Option<String>,
}

/// An archived account whose owner gave the right password.
#[derive(Clone, Debug)]
pub struct Restore {
    /// Names the offer in the form.
    pub token: String,
    /// The owner's name.
    pub name: String,
    /// Since when it is archived.
    pub archived_at: DateTime<Utc>,
    /// When it will be deleted.
    pub purge_at: DateTime<Utc>,
    /// Where to go then.
    pub next: Option<String>,
}

/// The input for what one signs in with.
#[component]
pub(super) fn IdentifierField(context: PageContext, identifier: LoginIdentifier, flash: Flash) -> impl IntoView {
    // Of the type `text`, as everything that signs in may be entered here: the browser must not call it wrong.
    let (kind, inputmode) = match identifier {
        LoginIdentifier::Email | LoginIdentifier::EmailOrMobile => ("text", "email"),
        LoginIdentifier::Mobile => ("tel", "tel"),
    };
    view! {
        <Field
            name="identifier" label=identifier_label(&context, identifier) kind inputmode autocomplete="username"
            value=flash.value("identifier") error=flash.error("identifier") autofocus=flash == Flash::default()
        />
    }
}

/// What one signs in with, in words.
pub(super) fn identifier_label(context: &PageContext, identifier: LoginIdentifier) -> &'static str {
    let text = &context.text().login;
    match identifier {
        LoginIdentifier::Email => text.email,
        LoginIdentifier::Mobile => text.phone,
        LoginIdentifier::EmailOrMobile => text.email_or_phone,
    }
}

/// `/login`: posts `identifier`, `password` and `next` to `sign-in`.
#[component]
pub fn LoginPage(
    /// Who looks at it.
    context: PageContext,
    /// What it needs to know.
    page: Login,
    /// What the last try left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let (text, forms) = (&context.text().login, context.text().forms);
    let labels = vec![
        ("identifier", identifier_label(&context, page.identifier).to_owned()),
        ("password", text.password.to_owned()),
    ];
    let foot = view! {
        <p><a href=with_next("/forgot", page.next.as_deref())>{text.forgot}</a></p>
        <p>{text.new_here}" "<a href=with_next("/register", page.next.as_deref())>{text.register}</a></p>
    };
    view! {
        <AuthLayout title=text.title lede=(text.lede)(&context.brand.name) foot=foot.into_any()>
            <FlashSummary flash=flash.clone() forms labels/>
            <form class="form" method="post" action="/fn/sign-in" novalidate>
                <Next next=page.next/>
                <IdentifierField context identifier=page.identifier flash=flash.clone()/>
                <PasswordField name="password" label=text.password reveal=forms.reveal error=flash.error("password")/>
                <Submit label=text.submit class="btn--primary btn--wide"/>
            </form>
        </AuthLayout>
    }
}

/// Asks whether an archived account shall come back; posts `token` and `next` to `restore`.
#[component]
pub fn RestorePage(
    /// Who looks at it.
    context: PageContext,
    /// Which account.
    page: Restore,
    /// What the last try left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let text = &context.text().restore;
    let decline = with_next("/login", page.next.as_deref());
    let days = (page.purge_at - context.now).num_days().max(0);
    let foot = view! { <p>{text.decline_hint}</p> };
    view! {
        <AuthLayout title=text.title lede=(text.lede)(&page.name) foot=foot.into_any()>
            <FlashSummary flash forms=context.text().forms labels=Vec::new()/>
            <dl class="facts">
                <div>
                    <dt>{text.archived}</dt>
                    <dd><time datetime=page.archived_at.to_rfc3339()>{context.date(page.archived_at)}</time></dd>
                </div>
                <div>
                    <dt>{text.deleted}</dt>
                    <dd>
                        <time datetime=page.purge_at.to_rfc3339()>{context.date(page.purge_at)}</time>
                        " "<span class="badge badge--warn">{(text.days_left)(days)}</span>
                    </dd>
                </div>
            </dl>
            <p>{text.consequence}</p>
            <form class="stack" method="post" action="/fn/restore">
                <input type="hidden" name="token" value=page.token/>
                <Next next=page.next/>
                <Submit label=text.submit class="btn--primary btn--wide"/>
                <a class="btn btn--wide" href=decline>{text.decline}</a>
            </form>
        </AuthLayout>
    }
}

/// Where a code went, in one sentence.
pub(super) fn sent_to(context: &PageContext, code: &CodeStep) -> String {
    let text = &context.text().code;
    let sent = match code.channel {
        Channel::Email => text.sent_email,
        Channel::Sms => text.sent_sms,
    };
    format!("{sent} {}", code.masked)
}
