//! The username.

use leptos::prelude::*;

use super::SubPage;
use crate::{
    domain::{
        error::{Error, Field as Input, Issue},
        username,
    },
    service::username::Availability,
    ui::{
        flash::Flash,
        page_context::PageContext,
        parts::{Field, FlashSummary, Glyph, Icon, Submit},
    },
};

/// What the page of the username shows.
#[derive(Clone, Debug)]
pub struct Username {
    /// The one in force.
    pub present: String,
    /// The one that was typed.
    pub typed: String,
    /// Whether that can be had.
    pub verdict: Option<Verdict>,
    /// The version of the record that the page shows.
    pub record_version: i64,
    /// Where the script is that asks for the verdict when the field is left.
    pub script: String,
}

/// Whether a username can be had.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It is the one in force.
    Yours,
    /// By all rules.
    Checked(Availability),
}

/// `/security/username`: posts `username` to `change-username`. Asked for with `?username=`, it says whether that is free.
#[component]
pub fn UsernamePage(
    /// Who looks at it.
    context: PageContext,
    /// What it shows.
    page: Username,
    /// What the last try left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let text = &context.text().username_change;
    let refused = flash.error("username");
    let verdict = page.verdict.clone().map(|verdict| {
        view! { <VerdictView context=context.clone() typed=page.typed.clone() verdict known=refused.is_some()/> }
    });
    let nonce = context.nonce.clone();
    view! {
        <SubPage context=context.clone() title=text.title lede=text.lede.to_owned()>
            <FlashSummary flash forms=context.text().forms labels=vec![("username", text.new.to_owned())]/>
            <section class="card" aria-label=text.title>
                <dl class="facts"><div><dt>{text.present}</dt><dd>"@"{page.present}</dd></div></dl>
                <form class="form" method="post" action="/fn/change-username" novalidate>
                    <input type="hidden" name="record_version" value=page.record_version/>
                    <div class="stack">
                        <Field
                            name="username" label=text.new inputmode="text" autocomplete="username" hint=text.hint
                            value=page.typed error=refused
                        />
                        <div id="verdict" role="status">{verdict}</div>
                    </div>
                    <ul>
                        <li>{text.consequence}</li>
                        <li>{text.held}</li>
                    </ul>
                    <div><Submit label=text.submit/></div>
                </form>
            </section>
            <script type="module" src=page.script nonce=nonce></script>
        </SubPage>
    }
}

/// Whether what was typed can be had; `known` when the field says already why not.
#[component]
fn VerdictView(context: PageContext, typed: String, verdict: Verdict, known: bool) -> impl IntoView {
    let text = &context.text().username_change;
    let availability = match verdict {
        Verdict::Yours => return view! { <p class="status">{(text.yours)(&typed)}</p> }.into_any(),
        Verdict::Checked(availability) => availability,
    };
    if availability.available() {
        return view! { <p class="status status--ok"><Icon glyph=Glyph::Check/>{(text.free)(&typed)}</p> }.into_any();
    }
    let reason = match username::Username::parse(&typed) {
        Err(reason) => context.text().issue(&Issue::new(Input::Username, reason)),
        Ok(_) => context.text().error(&Error::Taken(Input::Username)),
    };
    let reason = (!known).then(|| view! { <p class="status status--error"><Icon glyph=Glyph::Alert/>{reason}</p> });
    let others = availability.suggestions.iter().map(|name| {
        view! { <li><a class="chip" href=format!("/security/username?username={name}")>{name.to_string()}</a></li> }
    });
    let others = (!availability.suggestions.is_empty()).then(|| {
        view! { <p>{text.suggestions}</p><ul class="chips">{others.collect_view()}</ul> }
    });
    view! { <div class="stack">{reason}{others}</div> }.into_any()
}
