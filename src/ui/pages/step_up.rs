//! The password in between.

use std::collections::BTreeMap;

use leptos::prelude::*;

use crate::ui::{
    app::AuthLayout,
    flash::Flash,
    page_context::PageContext,
    parts::{FlashSummary, PasswordField, Submit},
};

/// The input of the password.
pub const PASSWORD: &str = "step_up_password";

/// A form that waits for the password.
#[derive(Clone, Debug)]
pub struct StepUp {
    /// Where it goes.
    pub action: String,
    /// What was typed, by the names of the inputs.
    pub fields: BTreeMap<String, String>,
    /// Whose password.
    pub identifier: String,
    /// The page it came from.
    pub back: String,
}

/// `/step-up`: posts the form that waits, with the password.
#[component]
pub fn StepUpPage(
    /// Who looks at it.
    context: PageContext,
    /// What waits.
    page: StepUp,
    /// What the last try left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let (text, forms) = (&context.text().step_up, context.text().forms);
    let fields = page.fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    let foot = view! { <p><a href=page.back>{text.cancel}</a></p> };
    view! {
        <AuthLayout title=text.title lede=text.lede.to_owned() foot=foot.into_any()>
            <FlashSummary flash=flash.clone() forms labels=vec![(PASSWORD, text.password.to_owned())]/>
            <form class="form" method="post" action=page.action novalidate>
                {fields.collect_view()}
                // For password managers; without a name it is not sent.
                <input type="hidden" value=page.identifier autocomplete="username"/>
                <PasswordField
                    name=PASSWORD label=text.password reveal=forms.reveal error=flash.error(PASSWORD)
                    autofocus=flash == Flash::default()
                />
                <Submit label=text.submit class="btn--primary btn--wide"/>
            </form>
        </AuthLayout>
    }
}
