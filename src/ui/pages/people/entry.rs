//! One account of a list, and the forms that change the relationship to it.

use leptos::prelude::*;
use uuid::Uuid;

use crate::{
    domain::{account::Account, relationship::Relationship},
    service::Accounts,
    ui::{page_context::PageContext, parts::Avatar},
};

/// A person of a list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who.
    pub id: Uuid,
    /// The name, as everybody sees it.
    pub name: String,
    /// The username.
    pub username: String,
    /// The avatar, where it is ours: lists fetch nothing from elsewhere.
    pub avatar_url: String,
    /// Where they live, or whatever they say of it.
    pub location: String,
    /// Whether follows wait to be accepted.
    pub is_private: bool,
    /// What they are to whoever looks; none for strangers and for oneself.
    pub relationship: Option<Relationship>,
}

/// The name that everybody sees: given and family name, else the username.
pub fn public_name(account: &Account) -> String {
    let names = [account.names.given(), account.names.family()];
    let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    if name.is_empty() { account.username.to_string() } else { name }
}

impl Entry {
    /// A person of a list.
    pub fn of(accounts: &Accounts, account: &Account, relationship: Option<Relationship>) -> Self {
        Self {
            id: account.id,
            name: public_name(account),
            username: account.username.to_string(),
            avatar_url: accounts.own_avatar_path(account),
            location: account.location.clone(),
            is_private: account.is_private,
            relationship,
        }
    }
}

/// What can be done with people of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offer {
    /// Follow them, or no more.
    Relation,
    /// The same, of people of whom it goes without saying that they follow.
    Follower,
    /// Accept their request, or decline it.
    Answer,
}

#[component]
pub(super) fn EntryRow(context: PageContext, entry: Entry, offer: Offer) -> impl IntoView {
    let text = &context.text().people;
    let profile = format!("/u/{}", entry.username);
    let follows_you = offer == Offer::Relation && entry.relationship.is_some_and(|relation| relation.is_followed_by);
    let follows_you = follows_you.then(|| view! { " "<span class="badge">{text.is_followed_by}</span> });
    let is_you = context.account.as_ref().is_some_and(|own| own.username == entry.username);
    let forms = match (offer, entry.relationship) {
        (Offer::Answer, _) => view! {
            <RelationshipButton context=context.clone() entry=entry.clone() operation="accept-follower" label=text.accept class="btn btn--primary"/>
            <RelationshipButton context entry=entry.clone() operation="decline-follower" label=text.decline class="btn"/>
        }
        .into_any(),
        (_, Some(_)) => view! { <Relate context entry=entry.clone()/> }.into_any(),
        (_, None) => is_you.then(|| view! { <span class="badge">{text.is_you}</span> }).into_any(),
    };
    let location = entry.location;
    let location = (!location.is_empty()).then(|| view! { " "<bdi class="list__part">{location}</bdi> });
    view! {
        <li class="list__item person">
            <Avatar url=entry.avatar_url/>
            <div class="list__main">
                <p class="list__title"><a href=profile><bdi>{entry.name}</bdi></a>{follows_you}</p>
                <p class="list__meta">"@"{entry.username}{location}</p>
            </div>
            <div class="row">{forms}</div>
        </li>
    }
    .into_any()
}

/// The one thing to do with somebody, as one stands to them.
#[component]
pub(super) fn Relate(context: PageContext, entry: Entry) -> impl IntoView {
    let text = &context.text().people;
    let relation = entry.relationship.unwrap_or_default();
    let (operation, label, class) = if relation.is_blocked {
        ("unblock", text.unblock, "btn")
    } else if relation.is_following {
        ("unfollow", text.unfollow, "btn")
    } else if relation.is_requested {
        ("unfollow", text.cancel_request, "btn")
    } else if entry.is_private {
        ("follow", text.ask, "btn btn--primary")
    } else if relation.is_followed_by {
        ("follow", text.follow_back, "btn btn--primary")
    } else {
        ("follow", text.follow, "btn btn--primary")
    };
    view! { <RelationshipButton context entry operation label class/> }
}

/// A form of one button; its name says with whom, since a page has many of them.
#[component]
pub(super) fn RelationshipButton(
    context: PageContext,
    entry: Entry,
    operation: &'static str,
    label: &'static str,
    class: &'static str,
) -> impl IntoView {
    view! {
        <form method="post" action=format!("/fn/{operation}")>
            <input type="hidden" name="account" value=entry.id.to_string()/>
            <input type="hidden" name="next" value=context.path/>
            <button type="submit" class=class aria-label=format!("{label}: {}", entry.name)>{label}</button>
        </form>
    }
}
