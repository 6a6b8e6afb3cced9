//! Deactivating the account.

use leptos::prelude::*;

use super::SubPage;
use crate::{
    domain::account::Account,
    ui::{
        flash::Flash,
        page_context::PageContext,
        parts::{FieldLayout, FlashSummary, PasswordField, Submit, described_by},
    },
};

/// What the page needs to know.
#[derive(Clone, Debug)]
pub struct Deactivate {
    /// Whether there is a password, without which nobody can deactivate the account.
    pub has_password: bool,
}

impl Deactivate {
    /// The page of an account.
    pub fn of(account: &Account) -> Self {
        Self { has_password: account.password_hash.is_some() }
    }
}

/// `/security/deactivate`: posts `reason` and `old_password` to `deactivate`.
#[component]
pub fn DeactivatePage(
    /// Who looks at it.
    context: PageContext,
    /// What it needs to know.
    page: Deactivate,
    /// What the last try left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let (text, forms) = (&context.text().deactivate, context.text().forms);
    let labels = vec![("reason", text.reason.to_owned()), ("old_password", text.password.to_owned())];
    let (reason, error) = (flash.value("reason"), flash.error("reason"));
    let form = match page.has_password {
        false => view! { <p>{context.text().security.password_none}</p> }.into_any(),
        true => view! {
            <form class="form" method="post" action="/fn/deactivate" novalidate>
                <FieldLayout
                    id="reason" label=text.reason optional=forms.optional.to_owned() hint=text.reason_hint.to_owned()
                    error=error.clone()
                >
                    <textarea
                        class="input" id="reason" name="reason" rows="3" aria-invalid=error.is_some().then_some("true")
                        aria-describedby=described_by("reason", true, error.is_some())
                    >{reason}</textarea>
                </FieldLayout>
                <PasswordField
                    name="old_password" label=text.password reveal=forms.reveal error=flash.error("old_password")
                />
                <footer class="card__foot">
                    <Submit class="btn--danger" label=text.submit/>
                    <a class="btn" href="/security">{forms.cancel}</a>
                </footer>
            </form>
        }
        .into_any(),
    };
    view! {
        <SubPage context=context.clone() title=text.title lede=text.lede.to_owned()>
            <FlashSummary flash=flash.clone() forms labels/>
            <section class="card card--danger">
                <ul>
                    <li>{text.at_once}</li>
                    <li>{text.no_way_back}</li>
                    <li>{text.instead}" "<a href="/profile#archive-title">{text.archive}</a></li>
                </ul>
                {form}
            </section>
        </SubPage>
    }
}
