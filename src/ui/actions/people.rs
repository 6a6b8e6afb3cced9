//! Following, blocking, and answering who asks to follow. Each form says in `next` on which page it stands.

use leptos::prelude::*;

use crate::ui::error::{ActionError, Done};

/// Follows an account; a private one is asked.
///
/// # Errors
/// Why not.
#[server(prefix = "/fn", endpoint = "follow")]
pub async fn follow(#[server(default)] account: String) -> Result<Done, ActionError> {
    use crate::ui::ssr::{Deed, RequestContext};
    RequestContext::current()?.relate(Deed::Follow, &account).await
}

/// Follows an account no more, or takes the request back.
///
/// # Errors
/// Why not.
#[server(prefix = "/fn", endpoint = "unfollow")]
pub async fn unfollow(#[server(default)] account: String) -> Result<Done, ActionError> {
    use crate::ui::ssr::{Deed, RequestContext};
    RequestContext::current()?.relate(Deed::Unfollow, &account).await
}

/// Blocks an account.
///
/// # Errors
/// Why not.
#[server(prefix = "/fn", endpoint = "block")]
pub async fn block(#[server(default)] account: String) -> Result<Done, ActionError> {
    use crate::ui::ssr::{Deed, RequestContext};
    RequestContext::current()?.relate(Deed::Block, &account).await
}

/// Takes a block back.
///
/// # Errors
/// Why not.
#[server(prefix = "/fn", endpoint = "unblock")]
pub async fn unblock(#[server(default)] account: String) -> Result<Done, ActionError> {
    use crate::ui::ssr::{Deed, RequestContext};
    RequestContext::current()?.relate(Deed::Unblock, &account).await
}

/// Lets somebody who asked follow the visitor.
///
/// # Errors
/// Why not.
#[server(prefix = "/fn", endpoint = "accept-follower")]
pub async fn accept_follower(#[server(default)] account: String) -> Result<Done, ActionError> {
    use crate::ui::ssr::{Deed, RequestContext};
    RequestContext::current()?.relate(Deed::Accept, &account).await
}

/// Turns a request to follow the visitor down.
///
/// # Errors
/// Why not.
#[server(prefix = "/fn", endpoint = "decline-follower")]
pub async fn decline_follower(#[server(default)] account: String) -> Result<Done, ActionError> {
    use crate::ui::ssr::{Deed, RequestContext};
    RequestContext::current()?.relate(Deed::Decline, &account).await
}
