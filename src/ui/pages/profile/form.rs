//! The profile form, with what is shown but not edited here.

use leptos::prelude::*;

use super::Profile;
use crate::{
    domain::{
        limits::{BIO, LOCATION},
        locale::{Locale, Theme},
    },
    ui::{
        flash::Flash,
        islands::ProfileForm,
        page_context::PageContext,
        parts::{Counter, Field, FieldLayout, Glyph, Icon, PHONE_PATTERN, Submit, described_by},
        text,
    },
};

/// The card with the profile form.
#[component]
pub fn ProfileCard(context: PageContext, page: Profile, flash: Flash) -> impl IntoView {
    let text = &context.text().profile;
    let typed = Typed { page: page.clone(), flash: flash.clone() };
    view! {
        <section class="card" aria-labelledby="about-title">
            <header class="card__head"><h2 id="about-title">{text.about.to_string()}</h2></header>
            <Facts context=context.clone() page=page.clone()/>
            <ProfileForm>
                <input type="hidden" name="record_version" value=page.stored("record_version")/>
                <Conflict context=context.clone() typed=typed.clone()/>
                <Names context=context.clone() typed=typed.clone()/>
                <About context=context.clone() typed=typed.clone()/>
                <Preferences context=context.clone() typed/>
                <footer class="card__foot">
                    <Submit label=text.save.to_string()/>
                    <button class="btn btn--quiet when-ready" type="reset">{text.discard.to_string()}</button>
                    <p
                        class="status" role="status" data-busy=text.saving.to_string() data-failed=text.failed.to_string()
                        data-unsaved=text.unsaved.to_string()
                    ></p>
                </footer>
            </ProfileForm>
        </section>
    }
}

/// What was typed before what is kept.
#[derive(Clone)]
struct Typed {
    page: Profile,
    flash: Flash,
}

impl Typed {
    fn value(&self, name: &str) -> String {
        self.flash.values.get(name).cloned().unwrap_or_else(|| self.page.stored(name))
    }

    fn error(&self, name: &str) -> Option<String> {
        self.flash.error(name)
    }

    /// What is kept, where a stale form would have replaced it.
    fn theirs(&self, name: &str) -> Option<String> {
        let version = self.flash.values.get("record_version")?;
        let typed = self.flash.values.get(name)?;
        let stored = self.page.stored(name);
        (*version != self.page.stored("record_version") && *typed != stored).then_some(stored)
    }
}

#[component]
fn Facts(context: PageContext, page: Profile) -> impl IntoView {
    let (text, whole) = (&context.text().profile, context.text());
    let role = whole.role(page.role);
    let contact = |label: String, contact: Option<(String, bool)>| {
        let badge = contact.as_ref().map(|(_, is_verified)| match is_verified {
            true => view! { " "<span class="badge badge--ok">{text.verified.to_string()}</span> }.into_any(),
            false => view! {
                " "<span class="badge badge--warn">{text.unverified.to_string()}</span>
                " "<a href="/security">{text.verify.to_string()}</a>
            }
            .into_any(),
        });
        let value = contact.map_or_else(|| text.none.to_string(), |(value, _)| value);
        view! { <div><dt>{label}</dt><dd>{value}{badge}</dd></div> }
    };
    view! {
        <dl class="facts">
            {contact(text.email.to_string(), page.email.clone())}
            {page.identifier.mobile().then(|| contact(text.phone.to_string(), page.phone.clone()))}
            <div>
                <dt>{text.username.to_string()}</dt>
                <dd>{page.username.clone()}" "<a href="/security">{text.change.to_string()}</a></dd>
            </div>
            <div><dt>{whole.pick("Role", "Rol")}</dt><dd>{role}</dd></div>
        </dl>
        <p class="field__hint">{text.primary_hint.to_string()}</p>
    }
}

#[component]
fn Names(context: PageContext, typed: Typed) -> impl IntoView {
    let (text, optional) = (&context.text().profile, context.text().forms.optional);
    view! {
        <div class="columns">
            <Field
                name="given_name" label=text.given_name.to_string() autocomplete="given-name"
                value=typed.value("given_name") error=typed.error("given_name") missing=context.text().issues.name
            />
            <Field
                name="middle_name" label=text.middle_name.to_string() autocomplete="additional-name" optional
                value=typed.value("middle_name") error=typed.error("middle_name")
            />
            <Field
                name="family_name" label=text.family_name.to_string() autocomplete="family-name" optional
                value=typed.value("family_name") error=typed.error("family_name")
            />
        </div>
    }
}

#[component]
fn About(context: PageContext, typed: Typed) -> impl IntoView {
    let (text, optional) = (&context.text().profile, context.text().forms.optional);
    let counter = |most: usize| Counter {
        most,
        within: text::fill(text.count, &[("max", &most.to_string())]),
        over: text.over.to_string(),
    };
    let (bio, bio_error) = (typed.value("bio"), typed.error("bio"));
    let phone = (!typed.page.identifier.mobile()).then(|| {
        view! {
            <Field
                name="phone" label=text.phone.to_string() kind="tel" autocomplete="tel" optional hint=text.phone_hint.to_string()
                value=typed.value("phone") error=typed.error("phone") pattern=Some(PHONE_PATTERN) wrong=context.text().issues.not_a_phone_number
            />
        }
    });
    view! {
        <FieldLayout
            id="bio" label=text.bio.to_string() optional=optional.to_owned() hint=text.bio_hint.to_string() error=bio_error.clone()
            counter=counter(BIO)
        >
            <textarea
                class="input" id="bio" name="bio" rows="4" aria-invalid=bio_error.is_some().then_some("true")
                aria-describedby=described_by("bio", true, bio_error.is_some())
            >{bio}</textarea>
        </FieldLayout>
        <Field
            name="location" label=text.location.to_string() optional hint=text.location_hint.to_string()
            value=typed.value("location") error=typed.error("location") counter=counter(LOCATION)
        />
        {phone}
    }
}

#[component]
fn Preferences(context: PageContext, typed: Typed) -> impl IntoView {
    let text = &context.text().profile;
    let [locales, themes] = [locales(), themes(&context)];
    let is_private = typed.value("is_private") == "true";
    let is_unset = typed.value("time_zone").is_empty();
    let unset = is_unset.then(|| text.time_zone_unset.to_string());
    view! {
        <input type="hidden" name="is_private" value="false"/>
        <label class="switch">
            <input type="checkbox" name="is_private" value="true" checked=is_private/>
            <span class="switch__text"><b>{text.private.to_string()}</b><small>{text.private_hint.to_string()}</small></span>
        </label>
        <div class="columns">
            <Choice
                name="locale" label=text.locale.to_string() value=typed.value("locale") choices=locales
                error=typed.error("locale")
            />
            <Choice name="theme" label=text.theme.to_string() value=typed.value("theme") choices=themes error=typed.error("theme")/>
            <FieldLayout
                id="time_zone" label=text.time_zone.to_string() hint=unset error=typed.error("time_zone")
            >
                <input
                    class="input" id="time_zone" name="time_zone" list="zones" value=typed.value("time_zone")
                    autocomplete="off" spellcheck="false"
                    aria-invalid=typed.error("time_zone").map(|_| "true")
                    aria-describedby=described_by("time_zone", is_unset, typed.error("time_zone").is_some())
                />
                // A script fills it when it is needed: the names are many.
                <datalist id="zones"></datalist>
                <a class="field__hint" href="/profile/time-zone">{text.time_zone_list.to_string()}</a>
            </FieldLayout>
        </div>
    }
}

/// Values of a choice, each with its words.
type Choices = Vec<(&'static str, String)>;

/// Each language by its own name.
fn locales() -> Choices {
    Locale::ALL.map(|locale| (locale.as_str(), text::of(locale).pick("English", "Türkçe").to_owned())).into()
}

fn themes(context: &PageContext) -> Choices {
    let shell = &context.text().shell;
    let words = |theme| match theme {
        Theme::System => shell.theme_system,
        Theme::Light => shell.theme_light,
        Theme::Dark => shell.theme_dark,
    };
    Theme::ALL.map(|theme| (theme.as_str(), words(theme).to_owned())).into()
}

#[component]
fn Choice(name: &'static str, label: String, value: String, choices: Choices, error: Option<String>) -> impl IntoView {
    let options = choices.into_iter().map(move |(choice, words)| {
        let selected = choice == value;
        view! { <option value=choice selected=selected>{words}</option> }
    });
    view! {
        <FieldLayout id=name label error=error.clone()>
            <select
                class="input" id=name name=name aria-invalid=error.is_some().then_some("true")
                aria-describedby=described_by(name, false, error.is_some())
            >{options.collect_view()}</select>
        </FieldLayout>
    }
}

/// What another tab changed meanwhile: filled here for a form without script, by the island otherwise.
#[component]
fn Conflict(context: PageContext, typed: Typed) -> impl IntoView {
    let text = &context.text().profile;
    let fields = [
        ("given_name", &text.given_name),
        ("middle_name", &text.middle_name),
        ("family_name", &text.family_name),
        ("bio", &text.bio),
        ("location", &text.location),
        ("phone", &text.phone),
        ("is_private", &text.private),
        ("locale", &text.locale),
        ("time_zone", &text.time_zone),
        ("theme", &text.theme),
    ];
    let is_there = fields.iter().any(|(name, _)| typed.theirs(name).is_some());
    let (locales, themes) = (locales(), themes(&context));
    let spoken = |name: &str, value: String| {
        let chosen =
            |choices: &Choices| choices.iter().find(|(choice, _)| *choice == value).map(|(_, words)| words.clone());
        match name {
            "is_private" => if value == "true" { &text.yes } else { &text.no }.to_string(),
            "locale" => chosen(&locales).unwrap_or(value),
            "theme" => chosen(&themes).unwrap_or(value),
            _ if value.is_empty() => text.conflict_empty.to_string(),
            _ => value,
        }
    };
    let rows = fields.map(|(name, label)| {
        let theirs = typed.theirs(name);
        let none = theirs.is_none();
        let mine = theirs.is_some().then(|| spoken(name, typed.value(name)));
        let theirs = theirs.map(|theirs| spoken(name, theirs));
        view! {
            <div data-row=name hidden=none>
                <dt>{label.to_string()}</dt>
                <dd>{text.conflict_theirs.to_string()}" "<span class="conflict__theirs">{theirs}</span></dd>
                <dd>{text.conflict_mine.to_string()}" "<span class="conflict__mine">{mine}</span></dd>
            </div>
        }
    });
    // What was sent without script came back as the form's own values, which a reset would bring back.
    let take = match is_there {
        true => view! { <a class="btn btn--small" href="/profile">{text.conflict_take.to_string()}</a> }.into_any(),
        false => {
            view! { <button class="btn btn--small" type="reset">{text.conflict_take.to_string()}</button> }.into_any()
        }
    };
    view! {
        <div
            class="conflict notice notice--warn" role="group" aria-labelledby="conflict-title" hidden=!is_there
            data-true=text.yes.to_string() data-false=text.no.to_string() data-empty=text.conflict_empty.to_string()
        >
            <Icon glyph=Glyph::Alert/>
            <div>
                <p class="notice__title" id="conflict-title">{text.conflict.to_string()}</p>
                <p>{text.conflict_hint.to_string()}</p>
                <dl class="facts">{rows.collect_view()}</dl>
                <p>{take}</p>
            </div>
        </div>
    }
}
