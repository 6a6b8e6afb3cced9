//! Every page with data in it.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use nameplate::{
    domain::{
        account::LoginIdentifier,
        activity::Activity as Event,
        code::Channel,
        dialect::Dialect,
        locale::{Locale, Theme},
        password_rules::Policy,
        relationship::Relationship,
        second_factor::{Method, Status},
        strength::{Facts, Strength},
        username::{Checks, Username},
    },
    service::{channels::Channels, relationships::OwnLists, username::Availability},
    ui::{
        app::{AccountLayout, Document, Section},
        flash::{Flash, Notice, Tone},
        page_context::{Assets, Brand, PageContext, SignedIn},
        pages::{
            security::{
                AppRow, AppSetup, AppSetupPage, CodePage, Deactivate, DeactivatePage, FactorRemoval, FactorRemovalPage,
                Identifier, IdentifierCode, IdentifierPage, RecoveryCodes, RecoveryCodesPage, Security, SecurityPage,
                Session, TwoFactor, TwoFactorPage, Username as UsernameOf, UsernamePage, Verdict,
            },
            *,
        },
    },
};
use serde_json::json;
use uuid::Uuid;

use super::html::without_markers;

/// What somebody types who means harm.
pub const HOSTILE: &str = "\"'><script>alert(1)</script></title></textarea>&lt;<img src=x onerror=alert(1)>";

pub fn now() -> DateTime<Utc> {
    "2026-11-22T22:30:00Z".parse().unwrap()
}

/// Somebody in Istanbul who is not signed in.
pub fn context(locale: Locale, path: &str) -> PageContext {
    PageContext {
        locale,
        theme: Theme::System,
        zone: "Europe/Istanbul".parse().unwrap(),
        now: now(),
        brand: Brand { name: "Acme & Sons".into(), logo: None },
        path: path.into(),
        account: None,
        return_to: None,
        assets: Assets { styles: vec!["/pkg/nameplate.css".into()], scripts: vec!["/page.js".into()] },
        nonce: Some("bm9uY2U".into()),
    }
}

/// A whole page as it is sent.
pub fn document<V: IntoView + Send + 'static>(context: PageContext, page: impl FnOnce(PageContext) -> V) -> String {
    Owner::new().with(|| {
        let content = page(context.clone());
        without_markers(&view! { <Document context title="Title">{content}</Document> }.to_html())
    })
}

pub fn code(channel: Channel, masked: &str) -> CodeStep {
    CodeStep {
        token: HOSTILE.into(),
        channel,
        masked: masked.into(),
        expires_at: now() + TimeDelta::minutes(9),
        tries_left: Some(4),
        resend_at: Some(now() + TimeDelta::seconds(42)),
    }
}

/// Every page, with harm in each place that a stranger can write to.
pub fn hostile(locale: Locale) -> Vec<(&'static str, String)> {
    let harm = || HOSTILE.to_owned();
    let names = [
        "identifier",
        "email",
        "phone",
        "given_name",
        "family_name",
        "password",
        "new_password",
        "code",
        "username",
        "reason",
        "old_password",
        HOSTILE,
    ];
    let flash = Flash {
        notice: Some(Notice { tone: Tone::Error, text: harm() }),
        errors: names.map(|name| (name.to_owned(), harm())).to_vec(),
        values: names.map(|name| (name.to_owned(), harm())).into(),
    };
    let flash = || flash.clone();
    let next = || Some(harm());
    let identifier = LoginIdentifier::EmailOrMobile;
    let policy = Policy::Hybrid;
    let code = || code(Channel::Email, HOSTILE);
    let mut context = context(locale, HOSTILE);
    context.brand = Brand { name: harm(), logo: Some(harm()) };
    let stranger = || context.clone();
    let member = || PageContext {
        account: Some(SignedIn { name: harm(), username: harm(), avatar_url: harm() }),
        ..context.clone()
    };
    let methods = vec![Method::Totp, Method::Email, Method::Sms, Method::RecoveryCode];
    let restore = Restore {
        token: harm(),
        name: harm(),
        archived_at: now(),
        purge_at: now() + TimeDelta::days(30),
        next: next(),
    };
    let second = SecondStep { method: Method::Email, methods, code: Some(code()), restores: true, next: next() };
    let outage = Outage {
        kind: OutageKind::Internal,
        request_id: next(),
        retry_after: Some(Duration::from_secs(5)),
        site: None,
    };
    let login = Login { identifier, next: next() };
    let operation = json!({ "tags": [HOSTILE], "summary": HOSTILE, "operationId": HOSTILE, "responses": {} });
    let description = Arc::new(json!({
        "x-tagGroups": [{ "name": "Logto", "tags": [HOSTILE] }],
        "tags": [{ "name": HOSTILE }],
        "paths": { HOSTILE: { "get": operation } },
    }));
    let docs = Docs::new(harm(), description);
    let (index, dialect) = (docs.content(None, locale), docs.content(Some(Dialect::Logto), locale));
    let register = Register { identifier, policy, next: next() };
    let confirm = ConfirmRegistration { code: code(), next: next() };
    let reset = Reset { code: code(), policy, identifier: Some(harm()), next: Some(HOSTILE.into()) };
    let relation = Some(Relationship { is_followed_by: true, ..Relationship::default() });
    let shown = ShownList { username: harm(), name: harm(), is_following: true, list: list() };
    let mut pages = security(&member(), &flash());
    pages.extend(sensitive(&member(), &flash()));
    pages.extend([
        ("login", document(stranger(), |context| view! { <LoginPage context page=login flash=flash()/> })),
        ("restore", document(stranger(), |context| view! { <RestorePage context page=restore flash=flash()/> })),
        ("step", document(stranger(), |context| view! { <SecondStepPage context page=second flash=flash()/> })),
        ("register", document(stranger(), |context| view! { <RegisterPage context page=register flash=flash()/> })),
        ("code", document(stranger(), |context| view! { <ConfirmRegistrationPage context page=confirm flash=flash()/> })),
        (
            "forgot",
            document(stranger(), |context| view! { <ForgotPage context page=Forgot { identifier, next: Some(HOSTILE.into()) } flash=flash()/> }),
        ),
        ("reset", document(stranger(), |context| view! { <ResetPage context page=reset flash=flash()/> })),
        ("activity", document(member(), |context| view! { <ActivityPage context page=activity()/> })),
        (
            "people",
            document(member(), |context| {
                view! { <PeoplePage context tab=Tab::Followers lists=OwnLists::default() list=list() flash=flash()/> }
            }),
        ),
        (
            "requests",
            document(member(), |context| {
                view! { <PeoplePage context tab=Tab::Requests lists=OwnLists::default() list=list() flash=flash()/> }
            }),
        ),
        ("list", document(stranger(), |context| view! { <ShownListPage context page=shown flash=flash()/> })),
        ("person", person(&member(), relation, flash())),
        ("person to a stranger", person(&stranger(), None, flash())),
        ("outage", document(member(), |context| view! { <OutagePage context page=outage/> })),
        ("docs", document(member(), |_| view! { <DocsPage content=index/> })),
        ("docs of a dialect", document(stranger(), |_| view! { <DocsPage content=dialect/> })),
        (
            "account",
            document(member(), |context| {
                view! { <AccountLayout context current=Section::People><h1>{harm()}</h1></AccountLayout> }
            }),
        ),
    ]);
    pages
}

/// What answers the second step, all of it.
fn factors() -> Status {
    Status {
        enabled: true,
        methods: vec![Method::Totp, Method::Email, Method::Sms],
        has_app: true,
        can_be_sent: true,
        recovery_codes_left: 1,
    }
}

/// The overview of the security page and what is written to it, with the same harm.
fn security(member: &PageContext, flash: &Flash) -> Vec<(&'static str, String)> {
    let harm = || HOSTILE.to_owned();
    let flash = || flash.clone();
    let contact = || Some((harm(), false));
    let session = Session {
        id: Uuid::nil(),
        is_this: false,
        is_app: true,
        device: harm(),
        address: harm(),
        created_at: now(),
        last_used_at: now(),
    };
    let facts = Facts { email_verified: true, phone_verified: false, two_factor: true, password_changed_at: None };
    let overview = Security {
        strength: Strength::assess(facts, now()),
        email: contact(),
        phone: contact(),
        username: harm(),
        has_password: true,
        password_changed_at: Some(now()),
        factors: factors(),
        sessions: vec![session],
        channels: Channels::default(),
        apps: vec![AppRow { id: Uuid::nil(), name: harm(), gives: vec![harm()], since: now(), last_used_at: now() }],
    };
    let identifier = |channel| Identifier {
        channel,
        in_force: Some((harm(), true)),
        pending: Some(harm()),
        code_waits: true,
        can_send: true,
        removable: true,
        record_version: 3,
    };
    let entered =
        IdentifierCode { code: code(Channel::Sms, HOSTILE), channel: Channel::Sms, is_change: true, record_version: 3 };
    let taken = Availability {
        checks: Checks::of("countess"),
        not_taken: false,
        suggestions: vec![Username::parse("countess1").unwrap()],
    };
    let username = UsernameOf {
        present: harm(),
        typed: harm(),
        verdict: Some(Verdict::Checked(taken)),
        record_version: 3,
        script: "/security.js".into(),
    };
    let (email, phone) = (identifier(Channel::Email), identifier(Channel::Sms));
    vec![
        ("security", document(member.clone(), |context| view! { <SecurityPage context page=overview flash=flash()/> })),
        ("email", document(member.clone(), |context| view! { <IdentifierPage context page=email flash=flash()/> })),
        ("phone", document(member.clone(), |context| view! { <IdentifierPage context page=phone flash=flash()/> })),
        ("phone code", document(member.clone(), |context| view! { <CodePage context page=entered flash=flash()/> })),
        ("username", document(member.clone(), |context| view! { <UsernamePage context page=username flash=flash()/> })),
    ]
}

/// The pages of two-step verification, and those in between, with the same harm.
fn sensitive(member: &PageContext, flash: &Flash) -> Vec<(&'static str, String)> {
    let harm = || HOSTILE.to_owned();
    let flash = || flash.clone();
    let channels = Channels::default();
    let two_factor = TwoFactor { factors: factors(), email: Some(harm()), phone: Some(harm()), channels };
    let setup = AppSetup {
        qr_svg: "<svg role=\"img\"></svg>".into(),
        otpauth_url: format!("otpauth://totp/{HOSTILE}"),
        secret: harm(),
        replaces: true,
    };
    let codes = RecoveryCodes { codes: vec![harm()], script: "/security.js".into() };
    let removal = FactorRemoval {
        of_app: false,
        needs_code: true,
        sendable: vec![Method::Email, Method::Sms],
        code: Some(code(Channel::Email, HOSTILE)),
    };
    let waiting = StepUp {
        action: "/fn/change-email".into(),
        fields: [(harm(), harm())].into(),
        identifier: harm(),
        back: harm(),
    };
    let offer = Undo::Offer { token: harm(), is_email: true, restores: harm(), until: now() };
    let deactivate = Deactivate { has_password: true };
    vec![
        (
            "two-factor",
            document(member.clone(), |context| view! { <TwoFactorPage context page=two_factor flash=flash()/> }),
        ),
        ("app", document(member.clone(), |context| view! { <AppSetupPage context page=setup flash=flash()/> })),
        ("codes", document(member.clone(), |context| view! { <RecoveryCodesPage context page=codes flash=flash()/> })),
        (
            "removal",
            document(member.clone(), |context| view! { <FactorRemovalPage context page=removal flash=flash()/> }),
        ),
        (
            "deactivate",
            document(member.clone(), |context| view! { <DeactivatePage context page=deactivate flash=flash()/> }),
        ),
        ("step-up", document(member.clone(), |context| view! { <StepUpPage context page=waiting flash=flash()/> })),
        ("undo", document(member.clone(), |context| view! { <UndoPage context page=offer flash=flash()/> })),
        ("undone", document(member.clone(), |context| view! { <UndoPage context page=Undo::Done { said: harm() }/> })),
        ("dead link", document(member.clone(), |context| view! { <UndoPage context page=Undo::Dead flash=flash()/> })),
    ]
}

/// Events with harm in all that a client sends.
fn activity() -> Activity {
    let event = |kind: &str| Event {
        id: Uuid::nil(),
        account_id: Uuid::nil(),
        kind: kind.to_owned(),
        device: HOSTILE.into(),
        address: HOSTILE.into(),
        detail: json!({ "from": HOSTILE, "to": HOSTILE }).as_object().cloned().unwrap_or_default(),
        at: now(),
    };
    let kinds = ["sign-in-failed", "username-changed", HOSTILE];
    Activity { events: kinds.map(event).to_vec(), group: None, is_later: true, older: Some(Uuid::max()) }
}

fn entry(relationship: Option<Relationship>) -> Entry {
    let harm = || HOSTILE.to_owned();
    let id = Uuid::nil();
    Entry { id, name: harm(), username: harm(), avatar_url: harm(), location: harm(), is_private: true, relationship }
}

fn list() -> PeopleList {
    let blocked = Relationship { is_blocked: true, ..Relationship::default() };
    let entries = [None, Some(Relationship::default()), Some(blocked)].map(entry).to_vec();
    PeopleList { entries, is_later: true, next: Some(Uuid::max()) }
}

fn person(context: &PageContext, relationship: Option<Relationship>, flash: Flash) -> String {
    let page = PublicProfile {
        entry: entry(relationship),
        avatar: HOSTILE.into(),
        image: HOSTILE.into(),
        bio: HOSTILE.into(),
        is_verified: true,
        counts: [1, 2, 3, 4, 5],
        created_at: now(),
        is_own: false,
        shows_lists: true,
        address: HOSTILE.into(),
    };
    let (context, card) = (context.clone(), Some(page.card(context)));
    Owner::new().with(|| {
        let content = view! { <PublicProfilePage context=context.clone() page flash/> };
        view! { <Document context title="Title" card>{content}</Document> }.to_html()
    })
}
