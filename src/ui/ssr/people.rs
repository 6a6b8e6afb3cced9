//! People: the lists, the public profile, and what its forms do.

use axum::{
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderValue, StatusCode, header::LOCATION, request::Parts},
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use uuid::Uuid;

use super::{
    RequestContext,
    page::{see_other, with_cookie},
    views::{QueryParams, SiteState, request_context, show_remote},
};
use crate::{
    domain::{error::Error, relationship::Relationship},
    service::{public_profile, relationships::People, username::UsernameLookup},
    ui::{
        error::{ActionError, Cause, Done},
        flash::{Notice, Tone},
        page_context::with_next,
        pages::{
            Entry, PeopleList, PeoplePage, PublicProfile, PublicProfilePage, ShownList, ShownListPage, Tab,
            people::public_name,
        },
    },
};

/// People of one page of a list.
const PAGE: i64 = 24;

/// A change of the relationship between the caller and another account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelationshipAction {
    /// Follow them, or ask to.
    Follow,
    /// Follow them no more, or take the request back.
    Unfollow,
    /// Block them.
    Block,
    /// Take the block back.
    Unblock,
    /// Let them follow.
    Accept,
    /// Turn their request down.
    Decline,
}

impl RequestContext {
    /// Changes the relationship between the caller and another account, and says in a notice how it is now.
    ///
    /// # Errors
    /// [`ActionError`]: the cause, and a sentence for each input that is wrong.
    pub async fn apply(&self, action: RelationshipAction, other: &str) -> Result<Done, ActionError> {
        let (actor, accounts) = (self.actor()?, self.accounts());
        // Whoever is gone in the meantime is no reason to leave the list.
        let gone = |error| match error {
            Error::NotFound => ActionError { cause: Cause::Invalid, ..self.refuse(error) },
            error => self.refuse(error),
        };
        let other: Uuid = other.parse().map_err(|_| gone(Error::NotFound))?;
        let after = match action {
            RelationshipAction::Follow => accounts.follow(actor, other).await,
            RelationshipAction::Unfollow => accounts.unfollow(actor, other).await,
            RelationshipAction::Block => accounts.block(actor, other).await,
            RelationshipAction::Unblock => accounts.unblock(actor, other).await,
            RelationshipAction::Accept => accounts.accept_follower(actor, other).await,
            RelationshipAction::Decline => accounts.decline_follower(actor, other).await,
        };
        let after = after.map_err(gone)?;
        let text = &self.text().people;
        let say = match action {
            RelationshipAction::Follow if after.is_requested => text.asked,
            RelationshipAction::Follow => text.followed,
            RelationshipAction::Unfollow => text.unfollowed,
            RelationshipAction::Block => text.has_blocked,
            RelationshipAction::Unblock => text.has_unblocked,
            RelationshipAction::Accept => text.accepted,
            RelationshipAction::Decline => text.declined,
        };
        let known = accounts.public_profile(Some(actor), other).await;
        let name = known.map_or_else(|_| text.somebody.to_owned(), |known| public_name(&known.account));
        Ok(Done { notice: Some(Notice { tone: Tone::Ok, text: say(&name) }), ..Done::default() })
    }

    /// People as a list shows them, with what each is to the visitor.
    async fn list(&self, people: People, is_later: bool) -> Result<PeopleList, Response> {
        let (accounts, ids) = (self.accounts(), people.accounts.iter().map(|account| account.id).collect::<Vec<_>>());
        let relationships = match self.actor() {
            Ok(actor) => {
                let relationships = accounts.relationships(actor, &ids).await;
                let relationships = relationships.map_err(|error| self.outage(&error))?;
                let own = actor.account_id;
                ids.iter().zip(relationships).map(|(id, relation)| (*id != own).then_some(relation)).collect()
            }
            Err(_) => vec![None::<Relationship>; ids.len()],
        };
        let entries = people.accounts.iter().zip(relationships);
        let entries = entries.map(|(account, relationship)| Entry::of(accounts, account, relationship)).collect();
        Ok(PeopleList { entries, is_later, next: people.next })
    }

    /// The public profile under a username, or the page instead of it.
    async fn shown(&self, username: &str, list: &str) -> Result<public_profile::PublicProfile, Response> {
        let (accounts, viewer) = (self.accounts(), self.actor().ok());
        match accounts.public_profile_by_username(viewer, username).await {
            Err(Error::NotFound) => {
                let name = username.strip_prefix('@').unwrap_or(username);
                let now = match accounts.find_by_username(name).await {
                    Ok(UsernameLookup::Renamed(now)) => now,
                    Ok(_) => return Err(self.outage(&Error::NotFound)),
                    Err(error) => return Err(self.outage(&error)),
                };
                // Whoever is blocked does not learn the new name from the old one.
                let seen = accounts.public_profile_by_username(viewer, now.as_str()).await;
                Err(seen.map_or_else(|error| self.outage(&error), |_| moved(&format!("/u/{now}{list}"))))
            }
            shown => shown.map_err(|error| self.outage(&error)),
        }
    }
}

/// A 301 to a local path.
fn moved(path: &str) -> Response {
    let mut response = StatusCode::MOVED_PERMANENTLY.into_response();
    let location = HeaderValue::try_from(path).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, location);
    response
}

fn before(query: &QueryParams) -> Option<Uuid> {
    query.get("before").and_then(|id| id.parse().ok())
}

/// The username in the address; there is nothing under one that cannot be read.
type Username = Result<Path<String>, PathRejection>;

pub async fn followers(site: SiteState, query: QueryParams, parts: Parts) -> Result<Response, Response> {
    own_list(site, query, parts, Tab::Followers).await
}

pub async fn following(site: SiteState, query: QueryParams, parts: Parts) -> Result<Response, Response> {
    own_list(site, query, parts, Tab::Following).await
}

pub async fn requests(site: SiteState, query: QueryParams, parts: Parts) -> Result<Response, Response> {
    own_list(site, query, parts, Tab::Requests).await
}

pub async fn blocked(site: SiteState, query: QueryParams, parts: Parts) -> Result<Response, Response> {
    own_list(site, query, parts, Tab::Blocked).await
}

async fn own_list(State(site): SiteState, query: QueryParams, parts: Parts, tab: Tab) -> Result<Response, Response> {
    let request = request_context(&site, &parts).await?;
    let Ok(actor) = request.actor() else {
        return Err(see_other(&with_next("/login", Some(request.path()))));
    };
    let (accounts, own, before) = (request.accounts(), actor.account_id, before(&query));
    let people = match tab {
        Tab::Followers => accounts.followers(Some(actor), own, before, PAGE).await,
        Tab::Following => accounts.following(Some(actor), own, before, PAGE).await,
        Tab::Requests => accounts.follow_requests(actor, before, PAGE).await,
        Tab::Blocked => accounts.blocked(actor, before, PAGE).await,
    };
    let people = people.map_err(|error| request.outage(&error))?;
    let lists = accounts.own_lists(actor).await.map_err(|error| request.outage(&error))?;
    let list = request.list(people, before.is_some()).await?;
    let (flash, cookie) = request.take_flash().await;
    let title = format!("{} · {}", tab.label(request.text()), request.text().people.title);
    let response =
        request.page(StatusCode::OK, &title, move |context| view! { <PeoplePage context tab lists list flash/> });
    Ok(with_cookie(response, cookie))
}

/// `/u/{username}`, for anyone.
pub async fn public_profile(State(site): SiteState, username: Username, parts: Parts) -> Result<Response, Response> {
    let request = request_context(&site, &parts).await?;
    let Ok(Path(username)) = username else { return Err(request.outage(&Error::NotFound)) };
    let shown = request.shown(&username, "").await?;
    let page = PublicProfile::of(request.accounts(), &shown);
    let (flash, cookie) = request.take_flash().await;
    let (title, card) = (page.title(), page.card(&request.page_context()));
    let view = move |context| view! { <PublicProfilePage context page flash/> };
    let mut response = request.page_with_card(StatusCode::OK, &title, Some(card), view);
    show_remote(&mut response, &shown.account);
    Ok(with_cookie(response, cookie))
}

pub async fn shown_followers(
    site: SiteState,
    username: Username,
    query: QueryParams,
    parts: Parts,
) -> Result<Response, Response> {
    shown_list(site, username, query, parts, false).await
}

pub async fn shown_following(
    site: SiteState,
    username: Username,
    query: QueryParams,
    parts: Parts,
) -> Result<Response, Response> {
    shown_list(site, username, query, parts, true).await
}

async fn shown_list(
    State(site): SiteState,
    username: Username,
    query: QueryParams,
    parts: Parts,
    is_following: bool,
) -> Result<Response, Response> {
    let request = request_context(&site, &parts).await?;
    let Ok(Path(username)) = username else { return Err(request.outage(&Error::NotFound)) };
    let list = if is_following { "/following" } else { "/followers" };
    let shown = request.shown(&username, list).await?;
    let (accounts, viewer, id, before) = (request.accounts(), request.actor().ok(), shown.account.id, before(&query));
    let people = match is_following {
        true => accounts.following(viewer, id, before, PAGE).await,
        false => accounts.followers(viewer, id, before, PAGE).await,
    };
    let people = match people {
        Err(Error::Forbidden) if viewer.is_none() => {
            return Err(see_other(&with_next("/login", Some(request.path()))));
        }
        people => people.map_err(|error| request.outage(&error))?,
    };
    let list = request.list(people, before.is_some()).await?;
    let name = public_name(&shown.account);
    let page = ShownList { username: shown.account.username.to_string(), name, is_following, list };
    let (flash, cookie) = request.take_flash().await;
    let (_, title) = page.address(request.text());
    let response = request.page(StatusCode::OK, &title, move |context| view! { <ShownListPage context page flash/> });
    Ok(with_cookie(response, cookie))
}
