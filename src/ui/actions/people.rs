//! Following, blocking, and answering who asks to follow. Each form says in `next` on which page it stands.

use leptos::prelude::*;

use crate::ui::error::{ActionError, Done};

/// Follows an account; a private one is asked.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "follow")]
pub async fn follow(#[server(default)] account: String) -> Result<Done, ActionError> {
    use crate::ui::ssr::{RelationshipAction, RequestContext};
    RequestContext::current()?.apply(RelationshipAction::Follow, &account).await
}

/// Follows an account no more, or takes the request back.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "unfollow")]
pub async fn unfollow(#[server(default)] account: String) -> Result<Done, ActionError> {
    use crate::ui::ssr::{RelationshipAction, RequestContext};
    RequestContext::current()?.apply(RelationshipAction::Unfollow, &account).await
}

/// Blocks an account.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "block")]
pub async fn block(#[server(default)] account: String) -> Result<Done, ActionError> {
    use crate::ui::ssr::{RelationshipAction, RequestContext};
    RequestContext::current()?.apply(RelationshipAction::Block, &account).await
}

/// Takes a block back.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "unblock")]
pub async fn unblock(#[server(default)] account: String) -> Result<Done, ActionError> {
    use crate::ui::ssr::{RelationshipAction, RequestContext};
    RequestContext::current()?.apply(RelationshipAction::Unblock, &account).await
}

/// Lets somebody who asked follow the visitor.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "accept-follower")]
pub async fn accept_follower(#[server(default)] account: String) -> Result<Done, ActionError> {
    use crate::ui::ssr::{RelationshipAction, RequestContext};
    RequestContext::current()?.apply(RelationshipAction::Accept, &account).await
}

/// Turns a request to follow the visitor down.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "decline-follower")]
pub async fn decline_follower(#[server(default)] account: String) -> Result<Done, ActionError> {
    use crate::ui::ssr::{RelationshipAction, RequestContext};
    RequestContext::current()?.apply(RelationshipAction::Decline, &account).await
}
