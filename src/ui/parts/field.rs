//! Fields: a label, an input, and below it what helps or what is wrong.
//!
//! Their views are erased ([`AnyView`]): the type of a form of several fields would be more than the compiler takes.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// The `aria-describedby` of an input: its error before its hint, since that is what one needs to hear first.
pub fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    match (error, hint) {
        (true, true) => Some(format!("{id}-error {id}-hint")),
        (true, false) => Some(format!("{id}-error")),
        (false, true) => Some(format!("{id}-hint")),
        (false, false) => None,
    }
}

/// What could be an e-mail address, for an input of the type `text`: what browsers check of one of the type `email` is less
/// than the server takes. It has no letters beyond ASCII before the `@`, no `mailto:`, no name before the address.
pub const EMAIL_PATTERN: &str = r".*[^\s@].*@.*[^\s@].*";
/// What could be a telephone number as people write it: five digits or more, or letters that stand for some.
pub const PHONE_PATTERN: &str = r"(?:.*[\p{L}\p{N}]){5}.*";

/// How much of a field's room is used, counted while one types where script runs.
#[derive(Clone, Debug)]
pub struct Counter {
    /// Most characters.
    pub most: usize,
    /// What is said with `{n}` characters.
    pub within: String,
    /// What is said with `{n}` characters too many.
    pub over: String,
}

/// Everything of a field but its input, which comes as the child and must have the id `id`.
#[component]
pub fn FieldLayout(
    /// The id of the input.
    #[prop(into)]
    id: String,
    /// What to enter.
    #[prop(into)]
    label: String,
    /// "Optional", where nothing need be entered.
    #[prop(optional_no_strip, into)]
    optional: Option<String>,
    /// What helps to enter it.
    #[prop(optional_no_strip, into)]
    hint: Option<String>,
    /// What is wrong with what was entered.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// How much of the room is used.
    #[prop(optional_no_strip, into)]
    counter: Option<Counter>,
    /// The input.
    children: Children,
) -> impl IntoView {
    let error_id = format!("{id}-error");
    let hint = hint.map(|hint| view! { <p class="field__hint" id=format!("{id}-hint")>{hint}</p> });
    let input = id.clone();
    let counter = counter.map(|Counter { most, within, over }| {
        view! {
            <span
                class="field__count" data-count=input data-most=most.to_string() data-within=within data-over=over
            ></span>
        }
    });
    view! {
        <div class="field">
            <label class="field__label" for=id>
                {label} {optional.map(|word| view! { <span class="field__optional">{word}</span> })}
            </label>
            {children()}
            <div class="field__foot">
                {move || error.get().map(|error| view! {
                    <p class="field__error" id=error_id.clone()><Icon glyph=Glyph::Alert/><span>{error}</span></p>
                })}
                {hint}
                {counter}
            </div>
        </div>
    }
    .into_any()
}

/// A field of one line.
#[component]
pub fn Field(
    /// The name in the form, and the id unless another is given.
    name: &'static str,
    /// What to enter.
    #[prop(into)]
    label: String,
    /// The id, where the page has this name twice.
    #[prop(default = name)]
    id: &'static str,
    /// The `type` of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// What stands in it.
    #[prop(optional, into)]
    value: String,
    /// What the browser may fill in (WCAG 1.3.5).
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Which keys a phone shows.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// "Optional", where nothing need be entered.
    #[prop(optional, into)]
    optional: Option<String>,
    /// What helps to enter it.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with what was entered.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// What is said beside it when it is left empty.
    #[prop(optional, into)]
    missing: Option<String>,
    /// What is said beside it when it is left with what its kind or its pattern excludes.
    #[prop(optional, into)]
    wrong: Option<String>,
    /// The regular expression of what could be right.
    #[prop(optional_no_strip)]
    pattern: Option<&'static str>,
    /// How much of its room is used.
    #[prop(optional, into)]
    counter: Option<Counter>,
    /// Whether something must be entered; not where `optional` says otherwise.
    #[prop(default = optional.is_none())]
    required: bool,
    /// Whether one can begin to type at once.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let has_hint = hint.is_some();
    // Names are not sentences: no phone should capitalise or correct an address.
    let literal = matches!(kind, "email" | "tel") || inputmode.is_some();
    view! {
        <FieldLayout id label optional hint error counter>
            <input
                class="input" type=kind id=id name=name value=value required=required autofocus=autofocus
                autocomplete=autocomplete inputmode=inputmode
                autocapitalize=literal.then_some("none") spellcheck=literal.then_some("false")
                pattern=pattern data-missing=missing data-wrong=wrong
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=move || described_by(id, has_hint, error.get().is_some())
            />
        </FieldLayout>
    }
    .into_any()
}

/// A password, with a button to show it where script runs (`page.js`).
#[component]
pub fn PasswordField(
    /// The name in the form, and the id unless another is given.
    name: &'static str,
    /// What to enter.
    #[prop(into)]
    label: String,
    /// The id, where the page has this name twice.
    #[prop(default = name)]
    id: &'static str,
    /// What the button does.
    #[prop(into)]
    reveal: String,
    /// `current-password` or `new-password`.
    #[prop(default = "current-password")]
    autocomplete: &'static str,
    /// What the password must be.
    #[prop(optional, into)]
    hint: Option<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// Whether one can begin to type at once.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let has_hint = hint.is_some();
    view! {
        <FieldLayout id label hint error>
            <div class="password">
                <input
                    class="input" type="password" id=id name=name required=true autofocus=autofocus
                    autocomplete=autocomplete autocapitalize="none" spellcheck="false"
                    aria-invalid=move || error.get().map(|_| "true")
                    aria-describedby=move || described_by(id, has_hint, error.get().is_some())
                />
                <button class="password__toggle" type="button" data-reveal=id aria-label=reveal aria-pressed="false">
                    <Icon glyph=Glyph::Eye/>
                    <Icon glyph=Glyph::EyeOff/>
                </button>
            </div>
        </FieldLayout>
    }
    .into_any()
}

/// A one-time code. Phones offer it from the message they received.
#[component]
pub fn CodeField(
    /// What to enter.
    #[prop(into)]
    label: String,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// Whether it has digits only; recovery codes have letters too.
    #[prop(default = true)]
    digits: bool,
) -> impl IntoView {
    view! {
        <FieldLayout id="code" label error>
            <input
                class="input input--code" type="text" id="code" name="code" required=true autofocus=true
                autocomplete=if digits { "one-time-code" } else { "off" }
                inputmode=if digits { "numeric" } else { "text" }
                autocapitalize="none" spellcheck="false" size=if digits { "6" } else { "12" }
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=move || described_by("code", false, error.get().is_some())
            />
        </FieldLayout>
    }
    .into_any()
}
