//! The password block.

use leptos::prelude::*;

use super::Profile;
use crate::{
    domain::password_rules::Policy,
    ui::{
        flash::Flash,
        islands::PasswordBlock,
        page_context::PageContext,
        parts::{PasswordField, Submit},
    },
};

/// The card with the password block.
#[component]
pub fn PasswordCard(context: PageContext, page: Profile, flash: Flash) -> impl IntoView {
    let text = &context.text().password;
    view! {
        <section class="card" id="password" aria-labelledby="password-title">
            <header class="card__head">
                <h2 id="password-title">{text.title.to_string()}</h2>
                <p>{text.lede.to_string()}</p>
            </header>
            <PasswordBlock>
                <input type="hidden" name="record_version" value=page.stored("record_version")/>
                // For password managers, which keep the new password under it.
                <input type="text" name="username" value=page.signs_in_with.clone() autocomplete="username" readonly hidden/>
                <PasswordField
                    name="old_password" label=text.current.to_string() reveal=text.reveal.to_string()
                    error=flash.error("old_password")
                />
                <PasswordField
                    name="new_password" label=text.new.to_string() reveal=text.reveal.to_string() autocomplete="new-password"
                    hint=context.text().password_hint(page.policy).to_owned() error=flash.error("new_password")
                />
                <Strength context=context.clone() policy=page.policy/>
                <PasswordField
                    name="confirm_password" label=text.confirm.to_string() reveal=text.reveal.to_string()
                    autocomplete="new-password" error=flash.error("confirm_password")
                />
                <p
                    class="field__hint when-ready" role="status" data-verdict data-same=text.matches.to_string()
                    data-differs=text.mismatch.to_string()
                ></p>
                <footer class="card__foot">
                    <Submit label=text.submit.to_string()/>
                    <p
                        class="status" role="status" data-busy=text.submitting.to_string()
                        data-failed=context.text().profile.failed.to_string()
                    ></p>
                </footer>
            </PasswordBlock>
        </section>
    }
}

/// How good the new password is, and what it has: shown while one types.
#[component]
fn Strength(context: PageContext, policy: Policy) -> impl IntoView {
    let text = &context.text().password;
    let kinds = [
        ("upper", &text.rule_upper),
        ("lower", &text.rule_lower),
        ("digit", &text.rule_digit),
        ("special", &text.rule_special),
    ];
    let rules = match policy {
        Policy::Hybrid => [("long", &text.rule_long), ("length", &text.rule_length)].into_iter().chain(kinds).collect(),
        Policy::Composed => [("length", &text.rule_length)].into_iter().chain(kinds).collect(),
        Policy::Passphrase => vec![("long", &text.rule_long)],
    };
    let rules = rules.into_iter().map(|(rule, words)| view! { <li data-rule=rule>{words.to_string()}</li> });
    view! {
        <div class="stack when-ready">
            <div class="meter" data-score="0" data-policy=policy.as_str()>
                <span class="visually-hidden">{text.strength.to_string()}</span>
                {[(); 4].map(|()| view! { <span class="meter__bar"></span> }).collect_view()}
                <span
                    class="meter__label" role="status" data-0="" data-1=text.very_weak.to_string() data-2=text.weak.to_string()
                    data-3=text.good.to_string() data-4=text.strong.to_string()
                ></span>
            </div>
            <ul class="checklist">{rules.collect_view()}</ul>
        </div>
    }
}
