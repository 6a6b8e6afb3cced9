//! What other sites show of a link to a page (the Open Graph protocol), and which address of it counts.

use leptos::{html::meta, prelude::*};

use crate::{domain::locale::Locale, ui::page_context::PageContext};

/// A profile in short.
#[derive(Clone, Debug)]
pub struct Card {
    /// Whose.
    pub title: String,
    /// A sentence or two in plain text.
    pub description: String,
    /// The whole address of a picture.
    pub image: String,
    /// The whole address of the page.
    pub address: String,
    /// The username.
    pub username: String,
}

/// The elements of the head that say so.
#[component]
pub(super) fn CardHead(context: PageContext, card: Card) -> impl IntoView {
    let locale = match context.locale {
        Locale::En => "en_GB",
        Locale::Tr => "tr_TR",
    };
    let properties = [
        ("og:type", "profile".to_owned()),
        ("og:site_name", context.brand.name),
        ("og:locale", locale.to_owned()),
        ("og:title", card.title.clone()),
        ("og:description", card.description.clone()),
        ("og:image", card.image),
        ("og:url", card.address.clone()),
        ("profile:username", card.username),
    ];
    let properties = properties.map(|(name, content)| meta().attr("property", name).content(content));
    view! {
        <link rel="canonical" href=card.address/>
        <meta name="description" content=card.description/>
        <meta name="twitter:card" content="summary"/>
        {properties.into_iter().collect_view()}
    }
}
