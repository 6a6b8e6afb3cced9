//! Signing in: the form, the question about an archived account, and the second step.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::code::{CodeState, CodeStep, Next, Resend};
use crate::{
    domain::{account::LoginIdentifier, code::Channel, second_factor::Method},
    ui::{
        app::Plate,
        flash::Flash,
        frame::{Frame, with_next},
        parts::{CodeField, Field, FlashSummary, PasswordField, Submit},
        text::login::SecondStep as SecondStepText,
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

/// A right password that needs a second answer.
#[derive(Clone, Debug)]
pub struct SecondStep {
    /// What is asked for now.
    pub method: Method,
    /// What the account can answer with.
    pub methods: Vec<Method>,
    /// The code that was sent, where one was.
    pub code: Option<CodeStep>,
    /// Where to go then.
    pub next: Option<String>,
}

/// The input for what one signs in with.
#[component]
pub(super) fn IdentifierField(frame: Frame, identifier: LoginIdentifier, flash: Flash) -> impl IntoView {
    let (kind, inputmode) = match identifier {
        LoginIdentifier::Email => ("email", "email"),
        LoginIdentifier::Mobile => ("tel", "tel"),
        LoginIdentifier::EmailOrMobile => ("text", "email"),
    };
    view! {
        <Field
            name="identifier" label=identifier_label(&frame, identifier) kind inputmode autocomplete="username"
            value=flash.value("identifier") error=flash.error("identifier") autofocus=flash == Flash::default()
        />
    }
}

/// What one signs in with, in words.
pub(super) fn identifier_label(frame: &Frame, identifier: LoginIdentifier) -> &'static str {
    let text = &frame.text().login;
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
    frame: Frame,
    /// What it needs to know.
    page: Login,
    /// What the last try left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let (text, forms) = (&frame.text().login, frame.text().forms);
    let labels = vec![
        ("identifier", identifier_label(&frame, page.identifier).to_owned()),
        ("password", text.password.to_owned()),
    ];
    let foot = view! {
        <p><a href="/forgot">{text.forgot}</a></p>
        <p>{text.new_here}" "<a href=with_next("/register", page.next.as_deref())>{text.register}</a></p>
    };
    view! {
        <Plate title=text.title lede=(text.lede)(&frame.brand.name) foot=foot.into_any()>
            <FlashSummary flash=flash.clone() forms labels/>
            <form class="form" method="post" action="/fn/sign-in" novalidate>
                <Next next=page.next/>
                <IdentifierField frame identifier=page.identifier flash=flash.clone()/>
                <PasswordField name="password" label=text.password reveal=forms.reveal error=flash.error("password")/>
                <Submit label=text.submit class="btn--primary btn--wide"/>
            </form>
        </Plate>
    }
}

/// Asks whether an archived account shall come back; posts `token` and `next` to `restore`.
#[component]
pub fn RestorePage(
    /// Who looks at it.
    frame: Frame,
    /// Which account.
    page: Restore,
    /// What the last try left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let text = &frame.text().restore;
    let days = (page.purge_at - frame.now).num_days().max(0);
    let foot = view! { <p>{text.decline_hint}</p> };
    view! {
        <Plate title=text.title lede=(text.lede)(&page.name) foot=foot.into_any()>
            <FlashSummary flash forms=frame.text().forms labels=Vec::new()/>
            <dl class="facts">
                <div>
                    <dt>{text.archived}</dt>
                    <dd><time datetime=page.archived_at.to_rfc3339()>{frame.date(page.archived_at)}</time></dd>
                </div>
                <div>
                    <dt>{text.deleted}</dt>
                    <dd>
                        <time datetime=page.purge_at.to_rfc3339()>{frame.date(page.purge_at)}</time>
                        " "<span class="badge badge--warn">{(text.days_left)(days)}</span>
                    </dd>
                </div>
            </dl>
            <p>{text.consequence}</p>
            <form class="stack" method="post" action="/fn/restore">
                <input type="hidden" name="token" value=page.token/>
                <Next next=page.next/>
                <Submit label=text.submit class="btn--primary btn--wide"/>
                <a class="btn btn--wide" href="/login">{text.decline}</a>
            </form>
        </Plate>
    }
}

impl SecondStepText {
    /// A method's name in the form and the query, and what choosing it does.
    fn method(&self, method: Method) -> (&'static str, &'static str) {
        match method {
            Method::Totp => ("totp", self.by_totp),
            Method::Email => ("email", self.by_email),
            Method::Sms => ("sms", self.by_sms),
            Method::RecoveryCode => ("recovery", self.by_recovery),
        }
    }
}

/// The second step; posts `method`, `code` and `next` to `second-step`. Other methods are links to the same page.
#[component]
pub fn SecondStepPage(
    /// Who looks at it.
    frame: Frame,
    /// What can be answered.
    page: SecondStep,
    /// What the last try left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let text = &frame.text().second_step;
    let SecondStep { method, methods, code, next } = page;
    let recovery = method == Method::RecoveryCode;
    let lede = match method {
        Method::Totp => text.totp_lede.to_owned(),
        Method::RecoveryCode => text.recovery_lede.to_owned(),
        Method::Email | Method::Sms => code.as_ref().map(|code| sent_to(&frame, code)).unwrap_or_default(),
    };
    let label = if recovery { text.recovery_code } else { text.code };
    let others = methods.into_iter().filter(|other| *other != method).map(|other| {
        let (name, label) = text.method(other);
        view! { <li><a href=with_next(&format!("?method={name}"), next.as_deref())>{label}</a></li> }
    });
    let others = others.collect_view();
    let foot = view! {
        <h2 class="plate__foot-title">{text.other_ways}</h2>
        <ul class="links">{others}<li><a href="/login">{text.start_over}</a></li></ul>
    };
    let code_next = next.clone();
    view! {
        <Plate title=text.title lede foot=foot.into_any()>
            <FlashSummary flash=flash.clone() forms=frame.text().forms labels=vec![("code", label.to_owned())]/>
            <form class="form" method="post" action="/fn/second-step" novalidate>
                <input type="hidden" name="method" value=text.method(method).0/>
                <Next next/>
                <CodeField label error=flash.error("code") digits=!recovery/>
                {code.clone().map(|code| view! { <CodeState frame=frame.clone() code flash=flash.clone()/> })}
                <Submit label=text.submit class="btn--primary btn--wide"/>
            </form>
            {code.map(|code| view! { <Resend frame=frame.clone() code next=code_next/> })}
        </Plate>
    }
}

/// Where a code went, in one sentence.
pub(super) fn sent_to(frame: &Frame, code: &CodeStep) -> String {
    let text = &frame.text().code;
    let sent = match code.channel {
        Channel::Email => text.sent_email,
        Channel::Sms => text.sent_sms,
    };
    format!("{sent} {}", code.masked)
}
