//! People: one's own lists, and those that others show.

mod entry;
mod profile;

use leptos::prelude::*;
use uuid::Uuid;

use self::entry::{EntryRow, Offer};
pub use self::{
    entry::{Entry, public_name},
    profile::{PublicProfile, PublicProfilePage, PublicProfilePageProps},
};
use crate::{
    service::relationships::{MOST_COUNTED, OwnLists},
    ui::{
        app::{AccountLayout, Section},
        flash::Flash,
        page_context::PageContext,
        parts::{Empty, FlashSummary, Glyph, Icon, Pager},
        text::Text,
    },
};

/// One of the caller's own lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Who follows the caller.
    Followers,
    /// Whom the caller follows.
    Following,
    /// Who waits to follow the caller.
    Requests,
    /// Whom the caller blocks.
    Blocked,
}

impl Tab {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Followers, Self::Following, Self::Requests, Self::Blocked];

    /// Where it is.
    pub fn path(self) -> &'static str {
        match self {
            Self::Followers => "/people",
            Self::Following => "/people/following",
            Self::Requests => "/people/requests",
            Self::Blocked => "/people/blocked",
        }
    }

    /// What it is called.
    pub fn label(self, text: &Text) -> &'static str {
        match self {
            Self::Followers => text.people.followers,
            Self::Following => text.people.following,
            Self::Requests => text.people.requests,
            Self::Blocked => text.people.blocked,
        }
    }

    fn count(self, text: &Text, lists: OwnLists) -> String {
        let (count, most) = match self {
            Self::Followers => (lists.followers, i64::MAX),
            Self::Following => (lists.following, i64::MAX),
            Self::Requests => (lists.requests, MOST_COUNTED),
            Self::Blocked => (lists.blocked, MOST_COUNTED),
        };
        let number = text.number(count.unsigned_abs());
        if count < most { number } else { format!("{number}+") }
    }

    fn offer(self) -> Offer {
        match self {
            Self::Requests => Offer::Answer,
            Self::Followers => Offer::Follower,
            Self::Following | Self::Blocked => Offer::Relation,
        }
    }

    fn empty(self, text: &Text) -> (&'static str, &'static str) {
        let text = &text.people;
        match self {
            Self::Followers => (text.no_followers, text.no_followers_text),
            Self::Following => (text.no_following, text.no_following_text),
            Self::Requests => (text.no_requests, text.no_requests_text),
            Self::Blocked => (text.no_blocked, text.no_blocked_text),
        }
    }
}

/// A page of people.
#[derive(Clone, Debug)]
pub struct PeopleList {
    /// Newest connection first.
    pub entries: Vec<Entry>,
    /// Whether others come before.
    pub is_later: bool,
    /// What to ask the next page with.
    pub next: Option<Uuid>,
}

impl PeopleList {
    fn pager(&self, context: &PageContext, path: &str) -> impl IntoView + use<> {
        let text = &context.text().people;
        let back = self.is_later.then(|| (path.to_owned(), text.start));
        let on = self.next.map(|next| (format!("{path}?before={next}"), text.more));
        view! { <Pager label=text.pages back on/> }
    }

    fn rows(self, context: &PageContext, offer: Offer) -> impl IntoView + use<> {
        let row = |entry| view! { <EntryRow context=context.clone() entry offer/> };
        let rows = self.entries.into_iter().map(row).collect_view();
        view! { <ul class="list people">{rows}</ul> }
    }
}

/// `/people` and the lists below it.
#[component]
pub fn PeoplePage(
    /// Who looks at it.
    context: PageContext,
    /// Which list.
    tab: Tab,
    /// How long the lists are.
    lists: OwnLists,
    /// A page of it.
    list: PeopleList,
    /// What the last form left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let text = &context.text().people;
    let tabs = Tab::ALL.map(|other| {
        let count = other.count(context.text(), lists);
        let current = (other == tab).then_some("page");
        view! {
            <a class="tabs__tab" href=other.path() aria-current=current>
                {other.label(context.text())}" "<span class="tabs__count">{count}</span>
            </a>
        }
    });
    let pager = list.pager(&context, tab.path());
    let list = if list.entries.is_empty() {
        let (title, text) = tab.empty(context.text());
        view! { <Empty glyph=Glyph::People title text/> }.into_any()
    } else {
        list.rows(&context, tab.offer()).into_any()
    };
    let own = context.account.as_ref().map(|account| format!("/u/{}", account.username));
    view! {
        <AccountLayout context=context.clone() current=Section::People>
            <div class="page-head">
                <h1>{text.title}</h1>
                <p class="page-head__lede">{text.lede}" "{own.map(|own| view! { <a href=own>{text.own_profile}</a> })}</p>
            </div>
            <FlashSummary flash forms=context.text().forms labels=Vec::new()/>
            <nav class="tabs" aria-label=text.lists>{tabs.collect_view()}</nav>
            <h2 class="visually-hidden">{tab.label(context.text())}</h2>
            {list}
            {pager}
        </AccountLayout>
    }
}

/// Followers of an account, or whom it follows, as others see them.
#[derive(Clone, Debug)]
pub struct ShownList {
    /// Whose list.
    pub username: String,
    /// Their name.
    pub name: String,
    /// Whether it is whom they follow, and not who follows them.
    pub is_following: bool,
    /// A page of it.
    pub list: PeopleList,
}

/// `/u/{username}/followers` and `/u/{username}/following`
#[component]
pub fn ShownListPage(
    /// Who looks at it.
    context: PageContext,
    /// What it shows.
    page: ShownList,
    /// What the last form left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let (text, people) = (&context.text().public_profile, &context.text().people);
    let profile = format!("/u/{}", page.username);
    let (path, title) = page.address(context.text());
    let tabs = [(false, "followers", people.followers), (true, "following", people.following)];
    let tabs = tabs.map(|(is_following, list, label)| {
        let current = (is_following == page.is_following).then_some("page");
        view! { <a class="tabs__tab" href=format!("{profile}/{list}") aria-current=current>{label}</a> }
    });
    let pager = page.list.pager(&context, &path);
    let list = if page.list.entries.is_empty() {
        view! { <Empty glyph=Glyph::People title=people.nobody_there/> }.into_any()
    } else {
        page.list.rows(&context, Offer::Relation).into_any()
    };
    view! {
        <main class="page" id="main" tabindex="-1">
            <div class="page-head">
                <a class="back" href=profile><Icon glyph=Glyph::Back/>{text.back}</a>
                <h1>{title}</h1>
            </div>
            <FlashSummary flash forms=context.text().forms labels=Vec::new()/>
            <nav class="tabs" aria-label=people.lists>{tabs.collect_view()}</nav>
            {list}
            {pager}
        </main>
    }
}

impl ShownList {
    /// Where it is, and what it is called.
    pub fn address(&self, text: &Text) -> (String, String) {
        let (list, title) = match self.is_following {
            true => ("following", (text.public_profile.followed_by)(&self.name)),
            false => ("followers", (text.public_profile.followers_of)(&self.name)),
        };
        (format!("/u/{}/{list}", self.username), title)
    }
}
