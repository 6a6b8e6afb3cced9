//! The foot of a page: language and colours, chosen by ordinary forms.

use leptos::prelude::*;

use crate::{
    domain::locale::{Locale, Theme},
    ui::{
        page_context::PageContext,
        parts::{Glyph, Icon},
        text::shell::Shell,
    },
};

/// Each language in its own words: who cannot read the page can read this.
fn own_name(locale: Locale) -> &'static str {
    match locale {
        Locale::En => "English",
        Locale::Tr => "Türkçe",
    }
}

fn look(theme: Theme, shell: &Shell) -> (Glyph, &'static str) {
    match theme {
        Theme::System => (Glyph::Device, shell.theme_system),
        Theme::Light => (Glyph::Light, shell.theme_light),
        Theme::Dark => (Glyph::Dark, shell.theme_dark),
    }
}

/// The foot of a page.
#[component]
pub fn Footer(
    /// Who looks at it.
    context: PageContext,
) -> impl IntoView {
    let shell = &context.text().shell;
    let pressed = |is: bool| if is { "true" } else { "false" };
    let languages = Locale::ALL.map(|locale| {
        view! {
            <button
                type="submit" name="locale" value=locale.as_str() lang=locale.as_str()
                aria-pressed=pressed(locale == context.locale)
            >
                {own_name(locale)}
            </button>
        }
    });
    let themes = Theme::ALL.map(|theme| {
        let (glyph, label) = look(theme, shell);
        view! {
            <button
                type="submit" name="theme" value=theme.as_str() title=label aria-label=label
                aria-pressed=pressed(theme == context.theme)
            >
                <Icon glyph/>
            </button>
        }
    });
    let next = context.path.clone();
    view! {
        <footer class="site-footer">
            <form method="post" action="/fn/set-appearance">
                <input type="hidden" name="next" value=next.clone()/>
                <fieldset class="choice">
                    <legend class="visually-hidden">{shell.language}</legend>
                    {languages.collect_view()}
                </fieldset>
            </form>
            <form method="post" action="/fn/set-appearance">
                <input type="hidden" name="next" value=next/>
                <fieldset class="choice">
                    <legend class="visually-hidden">{shell.theme}</legend>
                    {themes.collect_view()}
                </fieldset>
            </form>
            <a href="/docs">{context.text().docs.link}</a>
        </footer>
    }
}
