//! A forgotten password: asking for a code, and using it.

use leptos::prelude::*;

use super::{
    code::{CodeState, CodeStep, Next, ResendWait},
    login::{IdentifierField, identifier_label},
};
use crate::{
    domain::{account::LoginIdentifier, password_rules::Policy},
    ui::{
        app::AuthLayout,
        flash::Flash,
        page_context::{PageContext, with_next},
        parts::{CodeField, FlashSummary, PasswordField, Submit},
    },
};

/// What the page for a forgotten password needs to know.
#[derive(Clone, Debug)]
pub struct Forgot {
    /// What one signs in with.
    pub identifier: LoginIdentifier,
    /// Where to go after signing in.
    pub next: Option<String>,
}

/// A code that sets a new password, if the address it was asked for belongs to somebody.
#[derive(Clone, Debug)]
pub struct Reset {
    /// The code.
    pub code: CodeStep,
    /// What a password must be made of.
    pub policy: Policy,
    /// What was typed when the code was asked for.
    pub identifier: Option<String>,
    /// Where to go after signing in.
    pub next: Option<String>,
}

/// `/forgot`: posts `identifier` and `next` to `request-reset`.
#[component]
pub fn ForgotPage(
    /// Who looks at it.
    context: PageContext,
    /// What it needs to know.
    page: Forgot,
    /// What the last try left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let text = &context.text().forgot;
    let labels = vec![("identifier", identifier_label(&context, page.identifier).to_owned())];
    let foot = view! { <p><a href=with_next("/login", page.next.as_deref())>{text.back}</a></p> };
    view! {
        <AuthLayout title=text.title lede=text.lede.to_owned() foot=foot.into_any()>
            <FlashSummary flash=flash.clone() forms=context.text().forms labels/>
            <form class="form" method="post" action="/fn/request-reset" novalidate>
                <Next next=page.next/>
                <IdentifierField context identifier=page.identifier flash/>
                <Submit label=text.submit class="btn--primary btn--wide"/>
            </form>
        </AuthLayout>
    }
}

/// `/reset`: posts `token`, `code`, `new_password` and `next` to `reset-password`. Another code is had by asking anew.
#[component]
pub fn ResetPage(
    /// Who looks at it.
    context: PageContext,
    /// Which code.
    page: Reset,
    /// What the last try left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let (text, forms, label) = (&context.text().reset, context.text().forms, context.text().code.label);
    let labels = vec![("code", label.to_owned()), ("new_password", text.password.to_owned())];
    let code = page.code;
    let foot = view! {
        <ResendWait context=context.clone() code=code.clone()/>
        <p><a href=with_next("/forgot", page.next.as_deref())>{context.text().code.resend}</a></p>
    };
    view! {
        <AuthLayout title=text.title lede=format!("{} {}", text.lede, code.masked) foot=foot.into_any()>
            <FlashSummary flash=flash.clone() forms labels/>
            <form class="form" method="post" action="/fn/reset-password" novalidate>
                <input type="hidden" name="token" value=code.token.clone()/>
                <Next next=page.next/>
                // For password managers, which keep the new password under it.
                <input type="text" name="username" value=page.identifier autocomplete="username" readonly hidden/>
                <CodeField label error=flash.error("code")/>
                <CodeState context=context.clone() code flash=flash.clone()/>
                <PasswordField
                    name="new_password" label=text.password reveal=forms.reveal autocomplete="new-password"
                    hint=context.text().password_hint(page.policy) error=flash.error("new_password")
                />
                <p>{text.consequence}</p>
                <Submit label=text.submit class="btn--primary btn--wide"/>
            </form>
        </AuthLayout>
    }
}
