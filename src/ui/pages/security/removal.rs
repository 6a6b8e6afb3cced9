//! Taking a factor away: the second step as a whole, or the authenticator app.

use leptos::prelude::*;

use super::SubPage;
use crate::{
    domain::{
        second_factor::{Method, Status},
        session::{Actor, SecondFactor},
    },
    ui::{
        flash::Flash,
        page_context::PageContext,
        pages::{
            code::{CodeState, CodeStep, ResendWait},
            login::sent_to,
            method_name,
        },
        parts::{Field, FlashSummary, PasswordField, Submit},
        text::two_factor::FactorRemoval as Words,
    },
};

/// What the page needs to know.
#[derive(Clone, Debug)]
pub struct FactorRemoval {
    /// Whether the app goes; else the second step is turned off.
    pub of_app: bool,
    /// Whether a code is needed, too.
    pub needs_code: bool,
    /// The methods by which one can be sent.
    pub sendable: Vec<Method>,
    /// The code that was sent.
    pub code: Option<CodeStep>,
}

impl FactorRemoval {
    /// What it takes in this session.
    pub fn of(of_app: bool, actor: &Actor, factors: Status, code: Option<CodeStep>) -> Self {
        let needs_code = factors.enabled && actor.second_factor != SecondFactor::Passed;
        let sendable = factors.methods.into_iter().filter(|method| method.channel().is_some()).collect();
        Self { of_app, needs_code, sendable, code }
    }

    /// The title of the page.
    pub fn title(&self, text: &Words) -> &'static str {
        if self.of_app { text.app_title } else { text.off_title }
    }

    fn path(&self) -> &'static str {
        if self.of_app { "/security/two-factor/remove-app" } else { "/security/two-factor/off" }
    }
}

/// `/security/two-factor/off` and `…/remove-app`: post `old_password` and `code` to `disable-two-factor` or
/// `remove-authenticator`.
#[component]
pub fn FactorRemovalPage(
    /// Who looks at it.
    context: PageContext,
    /// What it takes.
    page: FactorRemoval,
    /// What the last try left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let (text, forms) = (&context.text().factor_removal, context.text().forms);
    let above = ("/security/two-factor", context.text().two_factor.title);
    let title = page.title(text);
    let (action, lede, submit) = match page.of_app {
        true => ("/fn/remove-authenticator", text.app_lede, text.app_submit),
        false => ("/fn/disable-two-factor", text.off_lede, text.off_submit),
    };
    let labels = vec![("code", text.code.to_owned()), ("old_password", text.password.to_owned())];
    let code = page.needs_code.then(|| {
        let state = page.code.clone().map(|code| {
            let sent = sent_to(&context, &code);
            view! {
                <p>{sent}</p>
                <CodeState context=context.clone() code=code.clone() flash=flash.clone()/>
                <ResendWait context=context.clone() code/>
            }
        });
        view! {
            <Field
                name="code" label=text.code hint=text.code_hint inputmode="text" autocomplete="one-time-code"
                error=flash.error("code")
            />
            {state}
        }
    });
    let send = page.needs_code.then(|| view! { <SendForms context=context.clone() page=page.clone()/> });
    view! {
        <SubPage context=context.clone() title lede=lede.to_owned() above>
            <FlashSummary flash=flash.clone() forms labels/>
            <section class="card card--danger" aria-label=title>
                {send}
                <form class="form" method="post" action=action novalidate>
                    {code}
                    <PasswordField
                        name="old_password" label=text.password reveal=forms.reveal error=flash.error("old_password")
                    />
                    <p>{text.others_end}</p>
                    <footer class="card__foot">
                        <Submit class="btn--danger" label=submit/>
                        <a class="btn" href="/security/two-factor">{forms.cancel}</a>
                    </footer>
                </form>
            </section>
        </SubPage>
    }
}

/// The forms that have a code sent.
#[component]
fn SendForms(context: PageContext, page: FactorRemoval) -> impl IntoView {
    let words = &context.text().second_step;
    let path = page.path();
    let forms = page.sendable.into_iter().map(|method| {
        let label = if method == Method::Sms { words.by_sms } else { words.by_email };
        view! {
            <form method="post" action="/fn/send-factor-code">
                <input type="hidden" name="channel" value=method_name(method)/>
                <input type="hidden" name="next" value=path/>
                <Submit class="" label/>
            </form>
        }
    });
    view! { <div class="row">{forms.collect_view()}</div> }.into_any()
}
