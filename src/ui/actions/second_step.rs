//! The second step of signing in.

use leptos::prelude::*;

use crate::ui::error::{ActionError, Done};

/// Takes the second step.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "second-step")]
pub async fn second_step(
    #[server(default)] method: String,
    #[server(default)] code: String,
    #[server(default)] next: Option<String>,
) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.take_second_step(&method, &code, next).await
}

/// Sends a code for the second step.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "send-second-step-code")]
pub async fn send_second_step_code(
    #[server(default)] channel: String,
    #[server(default)] next: Option<String>,
) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.send_second_step_code(&channel, next).await
}
