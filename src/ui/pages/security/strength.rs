//! How well the account is secured: a ring, and what each point is for.

use leptos::prelude::*;

use crate::{
    domain::strength::{Level, Recommendation, Strength},
    service::channels::Channels,
    ui::{
        page_context::PageContext,
        parts::{Glyph, Icon},
    },
};

const ITEMS: [Recommendation; 4] = [
    Recommendation::VerifyEmail,
    Recommendation::VerifyPhone,
    Recommendation::EnableTwoFactor,
    Recommendation::ChangePassword,
];

/// Where it is done.
fn href(item: Recommendation) -> &'static str {
    match item {
        Recommendation::VerifyEmail => "/security/email",
        Recommendation::VerifyPhone => "/security/phone",
        Recommendation::EnableTwoFactor => "/security/two-factor",
        Recommendation::ChangePassword => "/profile#password-title",
    }
}

/// The card with the score.
#[component]
pub(super) fn StrengthCard(
    context: PageContext,
    strength: Strength,
    /// What codes can be sent by: what cannot be done is no advice.
    channels: Channels,
) -> impl IntoView {
    let text = context.text();
    let (level, meaning) = text.level(strength.level);
    let items = ITEMS.into_iter().filter(|item| match item {
        Recommendation::VerifyEmail => channels.email || !strength.recommendations.contains(item),
        Recommendation::VerifyPhone => channels.sms || !strength.recommendations.contains(item),
        Recommendation::EnableTwoFactor | Recommendation::ChangePassword => true,
    });
    let items = items.map(|item| {
        let missing = strength.recommendations.contains(&item);
        let (to_do, done) = text.recommendation(item);
        let points = if missing { (text.security.gains)(item.points()) } else { (text.security.points)(item.points()) };
        view! {
            <li>
                <a class="todo" class:is-met=!missing href=href(item)>
                    <Icon glyph=if missing { Glyph::Circle } else { Glyph::Check }/>
                    <span class="todo__what">{if missing { to_do } else { done }}</span>
                    <span class="todo__points">{points}</span>
                    <Icon glyph=Glyph::Next/>
                </a>
            </li>
        }
    });
    view! {
        <section class="card" aria-labelledby="strength-title">
            <div class="strength" data-level=strength.level.as_str()>
                <Ring context=context.clone() score=strength.score level=strength.level/>
                <div class="strength__words">
                    <h2 id="strength-title">{text.security.strength}": "{level}</h2>
                    <p>{meaning}"."</p>
                </div>
            </div>
            <ul class="todos">{items.collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// The score as a ring that closes at 100.
#[component]
fn Ring(context: PageContext, score: u8, level: Level) -> impl IntoView {
    let text = context.text();
    let label = format!("{}, {}", (text.security.score)(score), text.level(level).0);
    view! {
        <svg class="ring" viewBox="0 0 100 100" role="img" aria-label=label>
            <circle class="ring__track" cx="50" cy="50" r="43"/>
            <circle
                class="ring__score" cx="50" cy="50" r="43" pathLength="100" stroke-dasharray=format!("{score} 100")
                transform="rotate(-90 50 50)"
            />
            <text class="ring__number" x="50" y="52" text-anchor="middle" dominant-baseline="middle">{score}</text>
        </svg>
    }
}
