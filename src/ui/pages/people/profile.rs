//! The public profile: what everybody sees of an account, and no more.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::entry::{Entry, Relate, RelationshipButton};
use crate::{
    domain::relationship::Relationship,
    service::{Accounts, public_profile},
    ui::{
        app::Card,
        flash::Flash,
        page_context::{PageContext, with_next},
        parts::{Avatar, FlashSummary, Glyph, Icon, Size},
    },
};

/// Longest description on a card, in code points.
const DESCRIPTION: usize = 200;

/// What a public profile shows.
#[derive(Clone, Debug)]
pub struct PublicProfile {
    /// The account, and the relationship between it and the reader.
    pub entry: Entry,
    /// The avatar, wherever it is.
    pub avatar: String,
    /// Its whole address, for other sites.
    pub image: String,
    /// The text about oneself.
    pub bio: String,
    /// Whether e-mail or phone is verified.
    pub is_verified: bool,
    /// Followers, following, posts, shops, events.
    pub counts: [i64; 5],
    /// Since when there is the account.
    pub created_at: DateTime<Utc>,
    /// Whether it is one's own.
    pub is_own: bool,
    /// Whether one may read its lists.
    pub shows_lists: bool,
    /// The whole address of the page.
    pub address: String,
}

impl PublicProfile {
    /// What `shown` shows.
    pub fn of(accounts: &Accounts, shown: &public_profile::PublicProfile) -> Self {
        let (account, connections) = (&shown.account, shown.connections);
        let accepted = shown.relationship.is_some_and(|relation| relation.is_following);
        Self {
            entry: Entry::of(accounts, account, shown.relationship),
            avatar: accounts.avatar_path(account),
            image: accounts.avatar_url(account),
            bio: account.bio.clone(),
            is_verified: account.shown_email_verified() || account.shown_phone_verified(),
            counts: [
                connections.followers,
                connections.following,
                account.posts_count,
                account.shops_count,
                account.events_count,
            ],
            created_at: account.created_at,
            is_own: shown.is_own,
            shows_lists: !account.is_private || shown.is_own || accepted,
            address: accounts.absolute(&format!("/u/{}", account.username)),
        }
    }

    /// Title of the page: `Ada Lovelace (@ada)`.
    pub fn title(&self) -> String {
        format!("{} (@{})", self.entry.name, self.entry.username)
    }

    /// What other sites show of a link to it.
    pub fn card(&self, context: &PageContext) -> Card {
        let words = self.bio.split_whitespace().collect::<Vec<_>>().join(" ");
        let description = match words.char_indices().nth(DESCRIPTION) {
            _ if words.is_empty() => (context.text().public_profile.about)(&self.title(), &context.brand.name),
            Some((end, _)) => format!("{}…", &words[..end]),
            None => words,
        };
        Card {
            title: self.title(),
            description,
            image: self.image.clone(),
            address: self.address.clone(),
            username: self.entry.username.clone(),
        }
    }
}

/// `/u/{username}`
#[component]
pub fn PublicProfilePage(
    /// Who looks at it.
    context: PageContext,
    /// What it shows.
    page: PublicProfile,
    /// What the last form left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let (text, people) = (&context.text().public_profile, &context.text().people);
    let Entry { name, username, location, .. } = page.entry.clone();
    let verified = page.is_verified.then(|| {
        view! { " "<span class="badge badge--ok"><Icon glyph=Glyph::Check/>{text.verified}</span> }
    });
    let follows_you = page.entry.relationship.is_some_and(|relation| relation.is_followed_by);
    let follows_you = follows_you.then(|| view! { " "<span class="badge">{people.is_followed_by}</span> });
    let bio = match page.bio.is_empty() {
        true => view! { <p class="person-page__bio person-page__bio--none">{text.no_bio}</p> }.into_any(),
        false => view! { <p class="person-page__bio" dir="auto">{page.bio.clone()}</p> }.into_any(),
    };
    let location = (!location.is_empty()).then(|| {
        let label = text.location;
        view! { <li><Icon glyph=Glyph::Pin/><span class="visually-hidden">{label}": "</span><bdi>{location}</bdi></li> }
    });
    let joined = context.text().month(context.zone.local(page.created_at));
    view! {
        <main class="auth" id="main" tabindex="-1">
            <FlashSummary flash forms=context.text().forms labels=Vec::new()/>
            <article class="auth person-page">
                <header class="person-page__head">
                    <Avatar url=page.avatar.clone() size=Size::Huge/>
                    <h1><bdi>{name}</bdi></h1>
                    <p class="person-page__username">"@"{username}{verified}{follows_you}</p>
                </header>
                {bio}
                <ul class="person-page__facts">
                    {location}
                    <li>
                        <Icon glyph=Glyph::Calendar/>
                        <span>{text.joined}" "<time datetime=page.created_at.format("%Y-%m").to_string()>{joined}</time></span>
                    </li>
                </ul>
                <Numbers context=context.clone() page=page.clone()/>
                <footer class="auth__foot"><Actions context page/></footer>
            </article>
        </main>
    }
}

/// How many of what; lists that one may read are links.
#[component]
fn Numbers(context: PageContext, page: PublicProfile) -> impl IntoView {
    let text = &context.text().public_profile;
    let lists = match (page.is_own, page.shows_lists) {
        (true, _) => ["/people", "/people/following"].map(|path| Some(path.to_owned())),
        (false, true) => ["followers", "following"].map(|list| Some(format!("/u/{}/{list}", page.entry.username))),
        (false, false) => [None, None],
    };
    let lists = lists.into_iter().chain([const { None }; 3]);
    let words = [text.followers, text.following, text.posts, text.shops, text.events];
    let numbers = page.counts.into_iter().zip(words).zip(lists).map(|((count, words), list)| {
        let inside = view! { <b>{context.text().number(count.unsigned_abs())}</b>" "<span>{words(count)}</span> };
        match list {
            Some(list) => view! { <li><a href=list>{inside}</a></li> }.into_any(),
            None => view! { <li>{inside}</li> }.into_any(),
        }
    });
    view! { <ul class="numbers" aria-label=text.numbers>{numbers.collect_view()}</ul> }
}

/// What whoever looks can do.
#[component]
fn Actions(context: PageContext, page: PublicProfile) -> impl IntoView {
    let text = &context.text().public_profile;
    match page.entry.relationship {
        _ if page.is_own => view! {
            <div class="row">
                <a class="btn btn--primary" href="/profile">{text.edit}</a>
                <p>{text.own_hint}</p>
            </div>
        }
        .into_any(),
        None => view! {
            <div class="row">
                <a class="btn btn--primary" href=with_next("/login", Some(&context.path))>{text.sign_in}</a>
            </div>
        }
        .into_any(),
        Some(relation) => view! { <Standing context entry=page.entry relation/> }.into_any(),
    }
}

/// How one stands to somebody else, and how to change that.
#[component]
fn Standing(context: PageContext, entry: Entry, relation: Relationship) -> impl IntoView {
    let (text, people) = (&context.text().public_profile, &context.text().people);
    let state = match relation {
        _ if relation.is_following => Some(people.is_following),
        _ if relation.is_requested => Some(people.is_requested),
        _ => None,
    };
    let hint = match relation {
        _ if relation.is_blocked => Some(text.you_block),
        _ if entry.is_private && !relation.is_following => Some(text.private),
        _ => None,
    };
    let block = (!relation.is_blocked).then(|| {
        view! {
            <details class="more">
                <summary>{people.block}"…"</summary>
                <div class="more__body">
                    <p>{text.block_hint}</p>
                    <RelationshipButton context=context.clone() entry=entry.clone() operation="block" label=people.block class="btn btn--danger"/>
                </div>
            </details>
        }
    });
    view! {
        {hint.map(|hint| view! { <p class="person-page__hint"><Icon glyph=Glyph::Lock/>{hint}</p> })}
        <div class="row">
            <Relate context=context.clone() entry=entry.clone()/>
            {state.map(|state| view! { <span class="badge badge--ok"><Icon glyph=Glyph::Check/>{state}</span> })}
        </div>
        {block}
    }
}
