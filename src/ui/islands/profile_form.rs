//! The profile form.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlFormElement, HtmlInputElement};

use super::{
    conflict,
    dom::{self, data_attr, each, find, on},
    form::{self, Tone},
};

/// Marks the form while something typed is not saved: `page.js` asks before the page is left.
const UNSAVED: &str = "data-unsaved";

/// Saves without leaving the page, counts characters, and shows what another tab changed meanwhile.
#[island]
pub fn ProfileForm(
    /// Fields and buttons.
    children: Children,
) -> impl IntoView {
    view! {
        <form class="stack stack--lg" method="post" action="/fn/update-profile" novalidate use:attach>{children()}</form>
    }
}

fn attach(element: Element) {
    let form: HtmlFormElement = element.unchecked_into();
    form::enhance(&form, |form, reply| {
        count(form);
        if !reply.is_done() && reply.next().is_none() {
            let _ = form.set_attribute(UNSAVED, "");
        }
        match reply.status {
            409 | 412 => conflict::show(form, reply),
            200 => conflict::leave(form),
            _ => {}
        }
    });
    let sent = form.clone();
    on(&form, "submit", move |_| drop(sent.remove_attribute(UNSAVED)));
    let edited = form.clone();
    on(&form, "input", move |_| {
        let _ = edited.set_attribute(UNSAVED, "");
        count(&edited);
        form::say_data_attr(&edited, Tone::Plain, "unsaved");
    });
    let reset = form.clone();
    on(&form, "reset", move |_| {
        let _ = reset.remove_attribute(UNSAVED);
        form::say(&reset, Tone::Plain, "");
        conflict::leave(&reset);
        let reset = reset.clone();
        // The inputs are not reset yet.
        dom::after(0, move || count(&reset));
    });
    count(&form);
}

/// Fills the counters, `[data-count]` with the id of an input and texts with `{n}`.
fn count(form: &HtmlFormElement) {
    each(form, "[data-count]", |counter| {
        let Some(input) = find(form, &["#", &data_attr(&counter, "count")].concat()) else { return };
        // Browsers count in UTF-16, the rules in code points; a line break is one in both.
        let length = input.unchecked_into::<HtmlInputElement>().value().chars().count();
        let most = data_attr(&counter, "most").parse().unwrap_or(usize::MAX);
        let over = length > most;
        let (text, number) = if over { ("over", length - most) } else { ("within", length) };
        let _ = counter.class_list().toggle_with_force("is-over", over);
        counter.set_text_content(Some(&data_attr(&counter, text).replace("{n}", &number.to_string())));
    });
}
