//! Notices: how something went, and which fields to look at.

use leptos::prelude::*;

use super::{Glyph, Icon};
use crate::ui::{
    flash::{Flash, Tone},
    text::shell::Forms,
};

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Ok => "notice notice--ok",
            Self::Info => "notice notice--info",
            Self::Warn => "notice notice--warn",
            Self::Error => "notice notice--error",
        }
    }

    fn glyph(self) -> Glyph {
        match self {
            Self::Ok => Glyph::Check,
            Self::Info => Glyph::Info,
            Self::Warn | Self::Error => Glyph::Alert,
        }
    }

    fn role(self) -> &'static str {
        match self {
            Self::Ok | Self::Info => "status",
            Self::Warn | Self::Error => "alert",
        }
    }
}

/// A notice that says what its children say.
#[component]
pub fn NoticeBox(
    /// How it sounds.
    tone: Tone,
    /// Whether the focus goes to it when the page opens, so that it is the first thing read out.
    #[prop(optional)]
    focus: bool,
    /// What it says.
    children: Children,
) -> impl IntoView {
    view! {
        <div class=tone.class() role=tone.role() tabindex=focus.then_some("-1") autofocus=focus>
            <Icon glyph=tone.glyph()/>
            <div>{children()}</div>
        </div>
    }
}

/// What a form's answer left: its notice, and links to the fields to look at. Nothing, when it left nothing.
#[component]
pub fn FlashSummary(
    /// What it left.
    flash: Flash,
    /// Words.
    forms: Forms,
    /// The inputs of the page and their labels, in its order. An error of any other name is shown without a link.
    labels: Vec<(&'static str, String)>,
) -> impl IntoView {
    let Flash { notice, mut errors, .. } = flash;
    let place = |name: &str| labels.iter().position(|(label, _)| *label == name).unwrap_or(labels.len());
    errors.sort_by_key(|(name, _)| place(name));
    let title = (!errors.is_empty()).then(|| (forms.check)(errors.len()));
    let tone = notice.as_ref().map_or(Tone::Error, |notice| notice.tone);
    let items = errors
        .into_iter()
        .map(|(name, sentence)| match labels.iter().find(|(label, _)| *label == name) {
            Some((name, label)) => {
                view! { <li><a href=format!("#{name}")>{label.clone()}</a>": "{sentence}</li> }.into_any()
            }
            None => view! { <li>{sentence}</li> }.into_any(),
        })
        .collect::<Vec<_>>();
    (notice.is_some() || title.is_some()).then(|| {
        view! {
            <NoticeBox tone focus=true>
                {notice.map(|notice| view! { <p>{notice.text}</p> })}
                {title.map(|title| view! {
                    <p class="notice__title">{title}</p>
                    <ul class="notice__list">{items}</ul>
                })}
            </NoticeBox>
        }
        .into_any()
    })
}
