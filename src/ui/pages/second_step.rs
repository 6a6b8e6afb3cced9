//! The second step of signing in.

use leptos::prelude::*;

use super::{
    code::{CodeState, CodeStep, Next, Resend},
    login::sent_to,
};
use crate::{
    domain::second_factor::Method,
    ui::{
        app::AuthLayout,
        flash::Flash,
        flash::Tone,
        page_context::{PageContext, with_next},
        parts::{CodeField, FlashSummary, Glyph, Icon, NoticeBox, Submit},
        text::login::SecondStep as SecondStepText,
    },
};

/// A right password that needs a second answer.
#[derive(Clone, Debug)]
pub struct SecondStep {
    /// What is asked for now.
    pub method: Method,
    /// What the account can answer with.
    pub methods: Vec<Method>,
    /// The code that was sent, where one was.
    pub code: Option<CodeStep>,
    /// Whether it brings an archived account back.
    pub restores: bool,
    /// Where to go then.
    pub next: Option<String>,
}

/// The name of a method in forms and queries.
pub fn method_name(method: Method) -> &'static str {
    match method {
        Method::Totp => "totp",
        Method::Email => "email",
        Method::Sms => "sms",
        Method::RecoveryCode => "recovery",
    }
}

/// The method of that name.
pub fn method_named(name: &str) -> Option<Method> {
    let all = [Method::Totp, Method::Email, Method::Sms, Method::RecoveryCode];
    all.into_iter().find(|method| method_name(*method) == name)
}

impl SecondStepText {
    /// What choosing a method does, and how that is drawn.
    fn method(&self, method: Method) -> (&'static str, Glyph) {
        match method {
            Method::Totp => (self.by_totp, Glyph::Shield),
            Method::Email => (self.by_email, Glyph::Mail),
            Method::Sms => (self.by_sms, Glyph::Phone),
            Method::RecoveryCode => (self.by_recovery, Glyph::Key),
        }
    }

    /// What to do where no code was sent.
    fn lede(&self, method: Method) -> &'static str {
        match method {
            Method::Totp => self.totp_lede,
            Method::Email => self.email_lede,
            Method::Sms => self.sms_lede,
            Method::RecoveryCode => self.recovery_lede,
        }
    }
}

/// The second step; posts `method`, `code` and `next` to `second-step`, or `channel` and `next` to `send-second-step-code`.
#[component]
pub fn SecondStepPage(
    /// Who looks at it.
    context: PageContext,
    /// What can be answered.
    page: SecondStep,
    /// What the last try left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let text = &context.text().second_step;
    let SecondStep { method, methods, code, restores, next } = page;
    let lede = code.as_ref().map_or_else(|| text.lede(method).to_owned(), |code| sent_to(&context, code));
    let label = if method == Method::RecoveryCode { text.recovery_code } else { text.code };
    let others = methods.into_iter().filter(|other| *other != method);
    let others = others.map(|method| view! { <li><Way text method next=next.clone()/></li> }).collect_view();
    let foot = view! {
        <h2 class="auth__foot-title">{text.other_ways}</h2>
        <ul class="ways">
            {others}
            <li>
                <form method="post" action="/fn/sign-out">
                    <button class="way" type="submit"><Icon glyph=Glyph::SignOut/>{text.start_over}</button>
                </form>
            </li>
        </ul>
    };
    let to_be_sent = code.is_none() && method.channel().is_some();
    let form = match to_be_sent {
        true => view! { <SendCode text method next=next.clone()/> }.into_any(),
        false => {
            view! { <Answer context=context.clone() method code=code.clone() next=next.clone() flash=flash.clone()/> }
                .into_any()
        }
    };
    view! {
        <AuthLayout title=text.title lede foot=foot.into_any()>
            <FlashSummary flash forms=context.text().forms labels=vec![("code", label.to_owned())]/>
            {restores.then(|| view! { <NoticeBox tone=Tone::Info>{text.restores}</NoticeBox> })}
            {form}
            {code.map(|code| view! { <Resend context code next action="/fn/send-second-step-code"/> })}
        </AuthLayout>
    }
}

/// The form that takes the answer.
#[component]
fn Answer(
    context: PageContext,
    method: Method,
    code: Option<CodeStep>,
    next: Option<String>,
    flash: Flash,
) -> impl IntoView {
    let text = &context.text().second_step;
    let recovery = method == Method::RecoveryCode;
    let label = if recovery { text.recovery_code } else { text.code };
    view! {
        <form class="form" method="post" action="/fn/second-step" novalidate>
            <input type="hidden" name="method" value=method_name(method)/>
            <Next next/>
            <CodeField label error=flash.error("code") digits=!recovery/>
            {code.map(|code| view! { <CodeState context=context.clone() code flash/> })}
            <Submit label=text.submit class="btn--primary btn--wide"/>
        </form>
    }
}

/// The form that has the first code of a method sent.
#[component]
fn SendCode(text: &'static SecondStepText, method: Method, next: Option<String>) -> impl IntoView {
    view! {
        <form class="form" method="post" action="/fn/send-second-step-code">
            <input type="hidden" name="channel" value=method_name(method)/>
            <Next next/>
            <Submit label=text.method(method).0 class="btn--primary btn--wide"/>
        </form>
    }
}

/// Another method: a link, or where a code must be sent first a form.
#[component]
fn Way(text: &'static SecondStepText, method: Method, next: Option<String>) -> impl IntoView {
    let (label, glyph) = text.method(method);
    let name = method_name(method);
    match method.channel() {
        None => {
            let href = with_next(&format!("/login?method={name}"), next.as_deref());
            view! { <a class="way" href=href><Icon glyph/>{label}</a> }.into_any()
        }
        Some(_) => view! {
            <form method="post" action="/fn/send-second-step-code">
                <input type="hidden" name="channel" value=name/>
                <Next next/>
                <button class="way" type="submit"><Icon glyph/>{label}</button>
            </form>
        }
        .into_any(),
    }
}
