//! For people who write clients: how to point one at us, and every operation of each REST dialect.

mod example;
mod guide;
mod prose;
mod reference;
mod schema;

use std::sync::Arc;

use leptos::prelude::*;
use serde_json::Value;

use self::{guide::GuideSections, prose::prose, reference::Reference};
use crate::ui::{
    page_context::PageContext,
    parts::{Glyph, Icon},
    text::guides::{self, Guide, choose},
};

/// A REST dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `/auth-api`
    Mindbricks,
    /// `/api/v1`
    NextGate,
    /// `/api`, and `/oidc/token`
    Logto,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Mindbricks, Self::NextGate, Self::Logto];

    /// Its vendor's name, which its tags are grouped under.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mindbricks => "Mindbricks",
            Self::NextGate => "NextGate",
            Self::Logto => "Logto",
        }
    }

    /// The name in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Mindbricks => "mindbricks",
            Self::NextGate => "nextgate",
            Self::Logto => "logto",
        }
    }

    /// The dialect with this name in addresses.
    pub fn parse(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.slug() == slug)
    }

    fn guide(self) -> &'static Guide {
        match self {
            Self::Mindbricks => &guides::MINDBRICKS,
            Self::NextGate => &guides::NEXTGATE,
            Self::Logto => &guides::LOGTO,
        }
    }
}

/// What the page of a dialect shows.
#[derive(Clone, Debug)]
pub struct DialectDocs {
    /// Which one.
    pub dialect: Dialect,
    /// The public URL, without a slash at its end.
    pub public_url: String,
    /// The OpenAPI document of all dialects.
    pub description: Arc<Value>,
}

/// What the tags of operations are grouped under that belong to no dialect.
const OF_NO_DIALECT: &str = "Nameplate";

/// `/docs`: the dialects, and what there is beside them.
#[component]
pub fn DocsPage(
    /// Who looks at it.
    context: PageContext,
    /// The public URL, without a slash at its end.
    public_url: String,
    /// The OpenAPI document of all dialects.
    description: Arc<Value>,
) -> impl IntoView {
    let text = &context.text().docs;
    let dialects = Dialect::ALL.map(|dialect| {
        view! {
            <li class="list__item">
                <div class="list__main">
                    <a class="list__title" href=format!("/docs/{}", dialect.slug())>{dialect.name()}</a>
                    <p class="list__meta">{prose(choose(dialect.guide().lede, context.locale))}</p>
                </div>
            </li>
        }
    });
    let machine = format!("curl {public_url}/openapi.json");
    view! {
        <main class="docs" id="main" tabindex="-1">
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
        </main>
    }
}

/// `/docs/{dialect}`: the guide, and below it the reference.
#[component]
pub fn DialectPage(
    /// Who looks at it.
    context: PageContext,
    /// What there is to say.
    page: DialectDocs,
) -> impl IntoView {
    let text = &context.text().docs;
    let DialectDocs { dialect, public_url, description } = page;
    view! {
        <main class="docs" id="main" tabindex="-1">
            <header class="page-head">
                <a class="back" href="/docs"><Icon glyph=Glyph::Back/>{text.all_dialects}</a>
                <h1>{dialect.name()}</h1>
                <p class="page-head__lede">{prose(choose(dialect.guide().lede, context.locale))}</p>
            </header>
            <GuideSections dialect public_url locale=context.locale/>
            <section class="docs__section" aria-labelledby="reference">
                <h2 id="reference">{text.reference}</h2>
                <p>{text.reference_text}</p>
                <Reference group=dialect.name() description/>
            </section>
        </main>
    }
}
