//! What is shown once: what an authenticator app is told, and recovery codes.

use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::SubPage;
use crate::{
    domain::totp::Enrolment,
    ui::{
        flash::Flash,
        page_context::PageContext,
        parts::{CodeField, FlashSummary, Glyph, Icon, Submit},
    },
};

/// What a new app is told.
#[derive(Clone)]
pub struct AppSetup {
    /// The QR code, an SVG element.
    pub qr_svg: String,
    /// The link that apps open.
    pub otpauth_url: String,
    /// The secret in base 32, in groups of four.
    pub secret: String,
    /// Whether it takes the place of another app.
    pub replaces: bool,
}

impl AppSetup {
    /// What to tell an app.
    pub fn of(told: Enrolment, replaces: bool) -> Self {
        let symbols: Vec<_> = told.secret.chars().collect();
        let secret = symbols.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ");
        Self { qr_svg: told.qr_svg, otpauth_url: told.otpauth_url, secret, replaces }
    }
}

/// New recovery codes.
#[derive(Clone)]
pub struct RecoveryCodes {
    /// The codes.
    pub codes: Vec<String>,
    /// Where the script is that copies and prints them.
    pub script: String,
}

/// `/security/two-factor/app`: posts `code` to `confirm-authenticator`.
#[component]
pub fn AppSetupPage(
    /// Who looks at it.
    context: PageContext,
    /// What the app is told.
    page: AppSetup,
    /// What the last try left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let text = &context.text().app_setup;
    let above = ("/security/two-factor", context.text().two_factor.title);
    // The element comes from our own code, and so does the label.
    let qr = page.qr_svg.replacen("role=\"img\"", &format!("role=\"img\" aria-label=\"{}\"", text.qr), 1);
    view! {
        <SubPage context=context.clone() title=text.title lede=text.lede.to_owned() above>
            <FlashSummary flash=flash.clone() forms=context.text().forms labels=vec![("code", text.enter.to_owned())]/>
            <section class="card" aria-label=text.title>
                <div class="setup">
                    <div class="stack">
                        <h2>{text.scan}</h2>
                        <div class="qr" inner_html=qr></div>
                        <p><a href=page.otpauth_url>{text.open}</a></p>
                    </div>
                    <div class="stack">
                        <h2>{text.type_in}</h2>
                        <p><code class="key">{page.secret}</code></p>
                        <p><small class="field__hint">{text.key_hint}</small></p>
                    </div>
                </div>
                <form class="form" method="post" action="/fn/confirm-authenticator" novalidate>
                    <CodeField label=text.enter error=flash.error("code")/>
                    {page.replaces.then(|| view! { <p>{text.replaces}</p> })}
                    <footer class="card__foot">
                        <Submit label=text.submit/>
                        <a class="btn" href="/security/two-factor">{context.text().forms.cancel}</a>
                    </footer>
                </form>
            </section>
        </SubPage>
    }
}

/// `/security/two-factor/codes`
#[component]
pub fn RecoveryCodesPage(
    /// Who looks at it.
    context: PageContext,
    /// The codes.
    page: RecoveryCodes,
    /// What the last form left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let text = &context.text().recovery_codes;
    let above = ("/security/two-factor", context.text().two_factor.title);
    let file = format!("{} {}\n\n{}\n", text.file, context.brand.name, page.codes.join("\n"));
    // A link needs no script.
    let download = format!("data:text/plain;charset=utf-8,{}", utf8_percent_encode(&file, NON_ALPHANUMERIC));
    let codes = page.codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view();
    let nonce = context.nonce.clone();
    view! {
        <SubPage context=context.clone() title=text.title lede=text.lede.to_owned() above>
            <FlashSummary flash forms=context.text().forms labels=Vec::new()/>
            <section class="card" aria-label=text.title>
                <ul class="codes" id="codes">{codes}</ul>
                <p>{text.use_hint}" "{text.old_ones}</p>
                <div class="row">
                    <button class="btn when-script" type="button" data-copy="codes" data-done=text.copied data-failed=text.not_copied>
                        <Icon glyph=Glyph::Copy/><span>{text.copy}</span>
                    </button>
                    <a class="btn" href=download download=text.file_name><Icon glyph=Glyph::Download/>{text.download}</a>
                    <button class="btn when-script" type="button" data-print>
                        <Icon glyph=Glyph::Print/>{text.print}
                    </button>
                </div>
                <footer class="card__foot"><a class="btn btn--primary" href="/security/two-factor">{text.saved}</a></footer>
            </section>
            <script type="module" src=page.script nonce=nonce></script>
        </SubPage>
    }
}
