//! Creating an account: the form, and the code that completes it.

use leptos::prelude::*;

use super::{
    code::{CodeState, CodeStep, Next, Resend},
    login::sent_to,
};
use crate::{
    domain::{account::LoginIdentifier, code::Channel, password_rules::Policy},
    ui::{
        app::AuthLayout,
        flash::Flash,
        page_context::{PageContext, with_next},
        parts::{CodeField, EMAIL_PATTERN, Field, FlashSummary, PHONE_PATTERN, PasswordField, Submit},
    },
};

/// What the registration form needs to know.
#[derive(Clone, Debug)]
pub struct Register {
    /// What one will sign in with.
    pub identifier: LoginIdentifier,
    /// What a password must be made of.
    pub policy: Policy,
    /// Where to go then: a local path.
    pub next: Option<String>,
}

/// A registration that waits for its code.
#[derive(Clone, Debug)]
pub struct ConfirmRegistration {
    /// The code.
    pub code: CodeStep,
    /// Where to go then.
    pub next: Option<String>,
}

/// `/register`: posts `email`, `phone`, `given_name`, `family_name`, `password` and `next` to `register`.
#[component]
pub fn RegisterPage(
    /// Who looks at it.
    context: PageContext,
    /// What it needs to know.
    page: Register,
    /// What the last try left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let (text, forms) = (&context.text().register, context.text().forms);
    let labels = [
        ("given_name", text.given_name),
        ("family_name", text.family_name),
        ("email", text.email),
        ("phone", text.phone),
        ("password", text.password),
    ];
    let labels = labels.map(|(name, label)| (name, label.to_owned())).to_vec();
    let foot = view! {
        <p>{text.have_one}" "<a href=with_next("/login", page.next.as_deref())>{text.sign_in}</a></p>
    };
    view! {
        <AuthLayout title=text.title lede=text.lede.to_owned() foot=foot.into_any()>
            <FlashSummary flash=flash.clone() forms labels/>
            <form class="form" method="post" action="/fn/register" novalidate>
                <Next next=page.next/>
                <div class="columns">
                    <Field
                        name="given_name" label=text.given_name autocomplete="given-name"
                        value=flash.value("given_name") error=flash.error("given_name") missing=context.text().issues.name
                    />
                    <Field
                        name="family_name" label=text.family_name autocomplete="family-name" optional=forms.optional
                        value=flash.value("family_name") error=flash.error("family_name")
                    />
                </div>
                <Addresses context=context.clone() identifier=page.identifier flash=flash.clone()/>
                <PasswordField
                    name="password" label=text.password reveal=forms.reveal autocomplete="new-password"
                    hint=context.text().password_hint(page.policy) error=flash.error("password")
                />
                <Submit label=text.submit class="btn--primary btn--wide"/>
            </form>
        </AuthLayout>
    }
}

/// Where the code goes: an e-mail address, a mobile number, or one of the two.
#[component]
fn Addresses(context: PageContext, identifier: LoginIdentifier, flash: Flash) -> impl IntoView {
    let (text, issues) = (&context.text().register, &context.text().issues);
    let either = identifier == LoginIdentifier::EmailOrMobile;
    let email = identifier.email().then(|| {
        let hint = if either { text.either_hint } else { text.email_hint };
        view! {
            <Field
                name="email" label=text.email inputmode="email" autocomplete="email" hint required=!either
                value=flash.value("email") error=flash.error("email") missing=issues.email
                pattern=Some(EMAIL_PATTERN) wrong=issues.malformed_email
            />
        }
    });
    let phone = identifier.mobile().then(|| {
        view! {
            <Field
                name="phone" label=text.phone kind="tel" inputmode="tel" autocomplete="tel" hint=text.phone_hint
                required=!either value=flash.value("phone") error=flash.error("phone") missing=issues.phone
                pattern=Some(PHONE_PATTERN) wrong=issues.not_a_phone_number
            />
        }
    });
    view! { {email}{phone} }
}

/// The code step; posts `token`, `code` and `next` to `confirm-registration`, or to `resend-code` for another.
#[component]
pub fn ConfirmRegistrationPage(
    /// Who looks at it.
    context: PageContext,
    /// Which code.
    page: ConfirmRegistration,
    /// What the last try left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let text = &context.text().confirm_registration;
    let ConfirmRegistration { code, next } = page;
    let title = match code.channel {
        Channel::Email => text.title_email,
        Channel::Sms => text.title_sms,
    };
    let label = context.text().code.label;
    let foot = view! {
        <p>{text.wrong_address}" "<a href=with_next("/register", next.as_deref())>{text.start_over}</a></p>
    };
    view! {
        <AuthLayout title lede=sent_to(&context, &code) foot=foot.into_any()>
            <FlashSummary flash=flash.clone() forms=context.text().forms labels=vec![("code", label.to_owned())]/>
            <form class="form" method="post" action="/fn/confirm-registration" novalidate>
                <input type="hidden" name="token" value=code.token.clone()/>
                <Next next=next.clone()/>
                <CodeField label error=flash.error("code")/>
                <CodeState context=context.clone() code=code.clone() flash/>
                <Submit label=text.submit class="btn--primary btn--wide"/>
            </form>
            <Resend context code next/>
        </AuthLayout>
    }
}
