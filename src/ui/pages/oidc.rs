//! Signing in to apps: what one lets them have, with which account, and on to them.

use leptos::prelude::*;
use url::Url;

use crate::{
    domain::oidc::{
        app::App,
        grant::Access,
        scope::{OFFLINE_ACCESS, OPENID},
    },
    ui::{
        app::AuthLayout,
        page_context::PageContext,
        parts::{Glyph, Icon, Submit},
        text::oidc::Oidc,
    },
};

/// A question about an app.
#[derive(Clone, Debug)]
pub struct AppQuestion {
    /// What the app is called.
    pub app: String,
    /// Where the answer leads: a host, or a scheme.
    pub destination: String,
    /// Whose account it is about.
    pub name: String,
    /// The same, by username.
    pub username: String,
    /// What the app is to be given, in words; for consent alone.
    pub gives: Vec<String>,
    /// Its privacy policy.
    pub policy_url: Option<String>,
    /// Its terms of service.
    pub terms_url: Option<String>,
    /// Names the request in the forms.
    pub token: String,
    /// The address of this page.
    pub here: String,
}

/// The host of a URI, else its scheme.
pub fn destination(uri: &str) -> String {
    let url = Url::parse(uri).ok();
    let host = url.as_ref().and_then(|url| Some((url.host_str()?, url.port())));
    match host {
        Some((host, Some(port))) => format!("{host}:{port}"),
        Some((host, None)) => host.to_owned(),
        None => uri.split(':').next().unwrap_or_default().to_owned(),
    }
}

/// What an app is given, in words.
pub fn gives(context: &PageContext, app: &App, access: &Access) -> Vec<String> {
    let text = &context.text().oidc;
    let mut words = Vec::new();
    if access.has("profile") {
        words.push(text.see_profile.to_owned());
    }
    let contact = [("email", text.contact_email), ("phone", text.contact_phone), ("address", text.contact_address)];
    let contact: Vec<_> = contact.into_iter().filter(|(scope, _)| access.has(scope)).map(|(_, what)| what).collect();
    if !contact.is_empty() {
        words.push(capitalised((text.see_contact)(&contact.join(", "))));
    }
    if access.has("custom_data") {
        words.push(text.see_custom_data.to_owned());
    }
    if access.has("roles") {
        words.push((text.see_roles)(&context.brand.name));
    }
    if access.has(OFFLINE_ACCESS) {
        let until = context.now + chrono::TimeDelta::days(app.refresh_days.into());
        words.push((text.keep_access)(&context.date(until)));
    }
    for api in access.resources.iter().filter_map(|uri| app.api(uri)) {
        let scopes: Vec<_> = api.scopes.iter().filter(|name| access.has(name)).map(String::as_str).collect();
        words.push((text.act)(&destination(&api.uri), &scopes.join(", ")));
    }
    if words.is_empty() && access.has(OPENID) {
        words.push(text.know_you.to_owned());
    }
    words
}

/// With a capital letter, as Turkish has the verb at the end.
fn capitalised(sentence: String) -> String {
    let mut letters = sentence.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => sentence,
    }
}

/// `/consent`, where it asks what an app may have; posts `token` to `allow-app`, `continue-as-another` or `refuse-app`.
#[component]
pub fn ConsentPage(
    /// Who looks at it.
    context: PageContext,
    /// What it asks.
    page: AppQuestion,
) -> impl IntoView {
    let text = &context.text().oidc;
    let title = (text.consent_title)(&page.app, &context.brand.name);
    let gives = page.gives.iter().map(|what| view! { <li>{what.clone()}</li> }).collect_view();
    let link = |href: Option<String>, words: &'static str| {
        href.map(|href| view! { <p><a href=href rel="noreferrer">{words}</a></p> })
    };
    let foot = view! {
        {link(page.policy_url.clone(), text.policy)}
        {link(page.terms_url.clone(), text.terms)}
        <p>{text.take_back}</p>
    };
    view! {
        <AuthLayout title foot=foot.into_any()>
            <Facts text page=page.clone()/>
            <div class="stack">
                <h2 id="gives-title">{text.may}</h2>
                <ul aria-labelledby="gives-title">{gives}</ul>
            </div>
            <Answers text page action="/fn/allow-app" label=text.allow.to_owned()/>
        </AuthLayout>
    }
}

/// `/consent`, where it asks with which account to go on; posts `token` to `continue-as`, `continue-as-another` or
/// `refuse-app`.
#[component]
pub fn ContinueAsPage(
    /// Who looks at it.
    context: PageContext,
    /// What it asks.
    page: AppQuestion,
) -> impl IntoView {
    let text = &context.text().oidc;
    let label = (text.continue_as)(&page.name);
    view! {
        <AuthLayout title=(text.choose_title)(&page.name) lede=(text.to_continue)(&page.app)>
            <Facts text page=page.clone()/>
            <Answers text page action="/fn/continue-as" label/>
        </AuthLayout>
    }
}

#[component]
fn Facts(text: &'static Oidc, page: AppQuestion) -> impl IntoView {
    view! {
        <dl class="facts">
            <div><dt>{text.app}</dt><dd>{page.app}</dd></div>
            <div><dt>{text.destination}</dt><dd>{page.destination}</dd></div>
            <div><dt>{text.account}</dt><dd>{page.name}" (@"{page.username}")"</dd></div>
        </dl>
    }
}

#[component]
fn Answers(text: &'static Oidc, page: AppQuestion, action: &'static str, label: String) -> impl IntoView {
    let AppQuestion { token, here, .. } = page;
    let form = move |action: &'static str, class: &'static str, label: String| {
        view! {
            <form method="post" action=action>
                <input type="hidden" name="token" value=token.clone()/>
                <input type="hidden" name="next" value=here.clone()/>
                <Submit label class/>
            </form>
        }
    };
    view! {
        <div class="stack">
            {form(action, "btn--primary btn--wide", label)}
            {form("/fn/continue-as-another", "btn--wide", text.another.to_owned())}
            {form("/fn/refuse-app", "btn--wide", text.cancel.to_owned())}
        </div>
    }
}

/// On to an app, by a link that the page follows by itself: after a form that was posted, no redirect may lead elsewhere.
#[component]
pub fn ContinuePage(
    /// Who looks at it.
    context: PageContext,
    /// What the app is called.
    app: String,
    /// Where it is.
    href: String,
) -> impl IntoView {
    let text = &context.text().oidc;
    view! {
        <AuthLayout title=text.continue_title lede=(text.continue_lede)(&app)>
            <a class="btn btn--primary btn--wide" href=href rel="noreferrer">{(text.continue_to)(&app)}<Icon glyph=Glyph::Next/></a>
        </AuthLayout>
    }
}

/// Why a request cannot be answered to an app.
#[component]
pub fn RequestErrorPage(
    /// Who looks at it.
    context: PageContext,
    /// What is the matter.
    title: &'static str,
    /// The same in a sentence.
    sentence: &'static str,
) -> impl IntoView {
    let text = &context.text().oidc;
    view! {
        <AuthLayout title lede=sentence.to_owned() number=400>
            <p>{text.refused_advice}</p>
            <div class="row"><a class="btn" href="/">{context.text().outages.home}</a></div>
        </AuthLayout>
    }
}

/// `/oidc/session/end`, where it asks whether to sign out; posts `back`, which names the way back, to `sign-out`.
#[component]
pub fn SignOutPage(
    /// Who looks at it.
    context: PageContext,
    /// Names the way back; empty where there is none.
    token: String,
) -> impl IntoView {
    let text = &context.text().oidc;
    view! {
        <AuthLayout title=text.sign_out_title lede=(text.sign_out_lede)(&context.brand.name)>
            <div class="stack">
                <form method="post" action="/fn/sign-out">
                    <input type="hidden" name="back" value=token/>
                    <Submit label=context.text().shell.sign_out class="btn--primary btn--wide"/>
                </form>
                <a class="btn btn--wide" href="/profile">{text.stay}</a>
            </div>
        </AuthLayout>
    }
}

/// `/signed-out`
#[component]
pub fn SignedOutPage(
    /// Who looks at it.
    context: PageContext,
) -> impl IntoView {
    let text = &context.text().oidc;
    view! {
        <AuthLayout title=text.signed_out_title lede=(text.signed_out_lede)(&context.brand.name)>
            <a class="btn btn--wide" href="/login">{context.text().shell.sign_in}</a>
        </AuthLayout>
    }
}
