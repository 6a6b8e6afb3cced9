//! For people who write clients: how to point one at us, and every operation of each REST dialect.

mod example;
mod guide;
mod prose;
mod reference;
mod schema;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use leptos::{
    prelude::*,
    tachys::view::{Position, RenderFlags},
};
use serde_json::Value;

use self::{guide::GuideSections, prose::prose, reference::Reference};
use crate::{
    domain::{dialect::Dialect, locale::Locale},
    ui::{
        parts::{Glyph, Icon},
        text::{
            self,
            guides::{self, Guide, choose},
        },
    },
};

/// The prose about a dialect.
fn guide_of(dialect: Dialect) -> &'static Guide {
    match dialect {
        Dialect::Mindbricks => &guides::MINDBRICKS,
        Dialect::NextGate => &guides::NEXTGATE,
        Dialect::Logto => &guides::LOGTO,
    }
}

/// What the tags of operations are grouped under that belong to no dialect.
const OF_NO_DIALECT: &str = "Nameplate";

/// Pages by dialect, none for the page of all, and by language.
type Rendered = HashMap<(Option<Dialect>, Locale), Arc<str>>;

/// `/docs` and the page of each dialect. They are the same for everybody who reads them in one language, and long: each is
/// rendered when it is asked for first, and kept.
pub struct Docs {
    public_url: String,
    description: Arc<Value>,
    rendered: Mutex<Rendered>,
}

impl Docs {
    /// Pages about the service at a public URL, given without a slash at its end, and about the OpenAPI document of all
    /// dialects.
    pub fn new(public_url: String, description: Arc<Value>) -> Self {
        Self { public_url, description, rendered: Mutex::default() }
    }

    /// What is inside of `<main>`, in HTML: on the page of a dialect, or on `/docs`.
    pub fn content(&self, dialect: Option<Dialect>, locale: Locale) -> Arc<str> {
        let mut rendered = self.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(rendered.entry((dialect, locale)).or_insert_with(|| self.render(dialect, locale).into()))
    }

    fn render(&self, dialect: Option<Dialect>, locale: Locale) -> String {
        let (public_url, description) = (self.public_url.clone(), Arc::clone(&self.description));
        // Nothing of it belongs to the request that happens to be the first.
        Owner::new_root(None).with(|| match dialect {
            Some(dialect) => html_of(view! { <DialectContent dialect public_url description locale/> }),
            None => html_of(view! { <IndexContent public_url description locale/> }),
        })
    }
}

/// A view without the marks by which a browser would hydrate it.
fn html_of(view: impl IntoView) -> String {
    let mut html = String::new();
    let flags = RenderFlags::HYDRATE.with_hydrate(false);
    view.into_view().to_html_with_buf(&mut html, &mut Position::FirstChild, flags, Vec::new());
    html
}

/// `/docs`, or the page of a dialect.
#[component]
pub fn DocsPage(
    /// What is inside of it, in HTML.
    content: Arc<str>,
) -> impl IntoView {
    view! { <main class="docs" id="main" tabindex="-1" inner_html=content></main> }
}

/// The dialects, and what there is beside them.
#[component]
fn IndexContent(public_url: String, description: Arc<Value>, locale: Locale) -> impl IntoView {
    let text = &text::of(locale).docs;
    let dialects = Dialect::ALL.map(|dialect| {
        view! {
            <li class="list__item">
                <div class="list__main">
                    <a class="list__title" href=format!("/docs/{}", dialect.slug())>{dialect.name()}</a>
                    <p class="list__meta">{prose(choose(guide_of(dialect).lede, locale))}</p>
                </div>
            </li>
        }
    });
    let machine = format!("curl {public_url}/openapi.json");
    view! {
        <header class="page-head">
            <h1>{text.title}</h1>
            <p class="page-head__lede">{text.lede}</p>
        </header>
        <section class="docs__section" aria-labelledby="dialects">
            <h2 id="dialects">{text.dialects}</h2>
            <p>{text.which}</p>
            <ul class="list">{dialects.collect_view()}</ul>
        </section>
        <section class="docs__section" aria-labelledby="machine">
            <h2 id="machine">{text.machine}</h2>
            <p>{text.machine_text}" "<a href="/openapi.json">"/openapi.json"</a></p>
            <pre class="code" tabindex="0"><code>{machine}</code></pre>
        </section>
        <section class="docs__section" aria-labelledby="beside">
            <h2 id="beside">{text.beside}</h2>
            <Reference group=OF_NO_DIALECT description/>
        </section>
    }
}

/// The guide of a dialect, and below it the reference.
#[component]
fn DialectContent(dialect: Dialect, public_url: String, description: Arc<Value>, locale: Locale) -> impl IntoView {
    let text = &text::of(locale).docs;
    view! {
        <header class="page-head">
            <a class="back" href="/docs"><Icon glyph=Glyph::Back/>{text.all_dialects}</a>
            <h1>{dialect.name()}</h1>
            <p class="page-head__lede">{prose(choose(guide_of(dialect).lede, locale))}</p>
        </header>
        <GuideSections dialect public_url locale/>
        <section class="docs__section" aria-labelledby="reference">
            <h2 id="reference">{text.reference}</h2>
            <p>{text.reference_text}</p>
            <Reference group=dialect.name() description/>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_rendered_once_for_each_language() {
        let docs = Docs::new("https://accounts.example".to_owned(), Arc::default());
        let pages = || {
            let subjects = [None].into_iter().chain(Dialect::ALL.map(Some));
            subjects.flat_map(|subject| Locale::ALL.map(|locale| docs.content(subject, locale))).collect::<Vec<_>>()
        };
        let (first, second) = (pages(), pages());
        assert!(first.iter().zip(&second).all(|(one, other)| Arc::ptr_eq(one, other)));
        let different: std::collections::HashSet<_> = first.iter().collect();
        assert_eq!(different.len(), (1 + Dialect::ALL.len()) * Locale::ALL.len(), "each is another");
    }
}
