//! A form that sends itself: busy, saved and failed states, errors beside inputs, and nothing typed ever lost.
//!
//! The server put into the form: `.status[role=status]` with the texts `data-busy`, `data-failed`. What is wrong with an
//! input is said beside it by `public/page.js`, as on every page.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement};

use super::{
    dom::{self, data_attr, each, find, input, on, set_value, value},
    exchange::{self, Reply},
};

/// How something went.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It is under way.
    Busy,
    /// It went well.
    Ok,
    /// It did not.
    Error,
    /// Nothing to be said of it.
    Plain,
}

/// Says how something went, in the form's live region.
pub fn say(form: &Element, tone: Tone, words: &str) {
    if let Some(status) = find(form, ".status") {
        status.set_class_name(match tone {
            Tone::Busy => "status status--busy",
            Tone::Ok => "status status--ok",
            Tone::Error => "status status--error",
            Tone::Plain => "status",
        });
        status.set_text_content(Some(words));
    }
}

/// Says one of the texts that the server put on the live region.
pub fn say_data_attr(form: &Element, tone: Tone, name: &str) {
    if let Some(status) = find(form, ".status") {
        say(form, tone, &data_attr(&status, name));
    }
}

/// Sends the form whenever it is submitted, and acts on the answer after everybody's part of it is done.
pub fn enhance(form: &HtmlFormElement, answered: impl Fn(&HtmlFormElement, &Reply) + Clone + 'static) {
    let sender = form.clone();
    on(form, "submit", move |event: Event| {
        event.prevent_default();
        if !is_busy(&sender) {
            submit(&sender, answered.clone());
        }
    });
}

fn submit(form: &HtmlFormElement, answered: impl Fn(&HtmlFormElement, &Reply) + 'static) {
    let sent = exchange::encoded(form);
    set_busy(form, true);
    say_data_attr(form, Tone::Busy, "busy");
    let (form, address) = (form.clone(), form.action());
    exchange::post(&address, &sent.clone(), None, move |reply| {
        if reply.needs_password() {
            // As a plain form it leads there by itself.
            let _ = form.submit();
            return;
        }
        set_busy(&form, false);
        show(&form, &reply);
        if reply.is_done() {
            keep(&form, &reply, |name| sent.get(name));
        }
        answered(&form, &reply);
    });
}

/// Whether an answer is awaited.
pub fn is_busy(form: &Element) -> bool {
    form.get_attribute("aria-busy").is_some()
}

/// Marks that an answer is awaited. The button stays focusable, and says so itself.
pub fn set_busy(form: &Element, busy: bool) {
    let mark = |element: &Element| match busy {
        true => element.set_attribute("aria-busy", "true"),
        false => element.remove_attribute("aria-busy"),
    };
    let _ = mark(form);
    each(form, "[type=submit]", |button| {
        let _ = mark(&button);
        let _ = button.class_list().toggle_with_force("is-busy", busy);
    });
}

/// Shows what the server said: beside inputs, in the live region, or on the page it leads to.
pub fn show(form: &HtmlFormElement, reply: &Reply) {
    each(form, "[aria-invalid]", |input| clear(&input));
    if let Some(next) = reply.next() {
        let _ = dom::window().location().assign(&next);
        return;
    }
    for (name, sentence) in reply.errors() {
        if let Some(input) = input(form, &name) {
            mark(&input, &sentence);
        }
    }
    // Somebody else wrote first: sending again means it.
    if let Some((version, input)) = reply.saved_as("record_version").zip(input(form, "record_version")) {
        input.set_value(&version);
    }
    if let Some(first) = find(form, "[aria-invalid]") {
        let _ = first.focus();
    }
    match reply.notice() {
        Some(notice) => say(form, if reply.is_done() { Tone::Ok } else { Tone::Error }, &notice),
        None if reply.is_done() => say(form, Tone::Plain, ""),
        None => say_data_attr(form, Tone::Error, "failed"),
    }
}

/// Says beside an input what is wrong with it.
pub fn mark(input: &HtmlInputElement, sentence: &str) {
    input.set_custom_validity(sentence);
    input.check_validity();
}

/// Takes that back.
fn clear(input: &HtmlElement) {
    if let Ok(valid) = Event::new("valid") {
        let _ = input.dispatch_event(&valid);
    }
}

/// Writes what is kept now into the form, but not over what was typed since it was sent, and into the rest of the page.
pub fn keep(form: &Element, reply: &Reply, sent: impl Fn(&str) -> Option<String>) {
    for (name, saved) in reply.saved() {
        if let Some(input) = input(form, &name) {
            if sent(&name).is_none_or(|sent| sent == value(&input)) {
                set_value(&input, &saved);
            }
            set_default(&input, &saved);
        }
        dom::everywhere(&["[data-me=", &name, "]"].concat(), |element| match element.get_attribute("src") {
            Some(_) => drop(element.set_attribute("src", &saved)),
            None => element.set_text_content(Some(&saved)),
        });
    }
    // Every form of the page writes the same record.
    if let Some(version) = reply.saved_as("record_version") {
        dom::everywhere("[name=record_version]", |input| {
            input.unchecked_into::<HtmlInputElement>().set_value(&version);
        });
    }
}

/// Makes a value the one that a reset brings back; what is shown stays.
pub fn set_default(input: &HtmlInputElement, saved: &str) {
    let shown = value(input);
    match input.type_().as_str() {
        "checkbox" => input.set_default_checked(saved == "true"),
        "select-one" => each(input, "option", |option| {
            let is_saved = option.get_attribute("value").as_deref() == Some(saved);
            let _ = option.toggle_attribute_with_force("selected", is_saved);
        }),
        _ => input.set_default_value(saved),
    }
    // An input that nobody touched shows its default.
    set_value(input, &shown);
}
