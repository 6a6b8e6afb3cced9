//! The password block.

use std::{cell::Cell, rc::Rc};

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlFormElement, UrlSearchParams};

use super::{
    dom::{self, data_attr, each, find, input, on, value},
    exchange, form,
};
use crate::domain::password_rules::{Composition, Policy};

/// How long nothing is typed before the server is asked, in milliseconds.
const PAUSE: i32 = 500;

/// Says while one types what the new password lacks: what it is made of at once, the rest after the server looked.
#[island]
pub fn PasswordBlock(
    /// Fields and buttons.
    children: Children,
) -> impl IntoView {
    view! {
        <form class="stack" method="post" action="/fn/change-password" novalidate use:attach>{children()}</form>
    }
}

fn attach(element: Element) {
    let form: HtmlFormElement = element.unchecked_into();
    form::enhance(&form, |_, _| {});
    let waiting = Rc::new(Cell::new(0));
    let edited = form.clone();
    on(&form, "input", move |event| {
        dom::window().clear_timeout_with_handle(waiting.get());
        if dom::target(&event).is_some_and(|input| input.id() == "new_password") && rate(&edited) {
            let form = edited.clone();
            waiting.set(dom::after(PAUSE, move || ask(form)));
        }
        compare(&edited);
    });
    rate(&form);
}

fn typed(form: &Element, name: &str) -> String {
    input(form, name).map(|input| value(&input)).unwrap_or_default()
}

/// Ticks off what the new password has, and says whether it is worth asking the server.
fn rate(form: &Element) -> bool {
    let password = typed(form, "new_password");
    let composition = Composition::of(&password);
    each(form, "[data-rule]", |rule| {
        let is_met = match data_attr(&rule, "rule").as_str() {
            "length" => composition.length >= *crate::domain::limits::PASSWORD.start(),
            "long" => composition.is_long(),
            "upper" => composition.upper,
            "lower" => composition.lower,
            "digit" => composition.digit,
            _ => composition.special,
        };
        let _ = rule.class_list().toggle_with_force("is-met", is_met);
    });
    let policy = find(form, ".meter").map(|meter| data_attr(&meter, "policy")).unwrap_or_default();
    let policy = policy.parse().unwrap_or(Policy::Hybrid);
    let acceptable = composition.reasons(policy).is_empty();
    score(
        form,
        match (composition.length, acceptable) {
            (0, _) => 0,
            (_, true) => 3,
            (8.., false) => 2,
            _ => 1,
        },
    );
    acceptable
}

/// Shows how good it is, from 0 to 4, in a picture and in a word.
fn score(form: &Element, score: usize) {
    if let Some(meter) = find(form, ".meter") {
        let digit = ["0", "1", "2", "3", "4"][score.min(4)];
        let _ = meter.set_attribute("data-score", digit);
        if let Some(label) = find(&meter, ".meter__label") {
            label.set_text_content(Some(&data_attr(&label, digit)));
        }
    }
}

/// Asks the server what there is against it.
fn ask(form: HtmlFormElement) {
    let asked = typed(&form, "new_password");
    let Ok(body) = UrlSearchParams::new() else { return };
    body.append("new_password", &asked);
    exchange::post("/fn/check-password", &body, None, move |reply| {
        if asked != typed(&form, "new_password") || form::is_busy(&form) {
            return;
        }
        score(&form, if reply.is_done() { 4 } else { 2 });
        if let (Some(input), [(_, sentence), ..]) = (input(&form, "new_password"), &*reply.errors()) {
            form::mark(&input, sentence);
        }
    });
}

/// Says whether the password is the same twice, once something was typed twice.
fn compare(form: &Element) {
    let (new, again) = (typed(form, "new_password"), typed(form, "confirm_password"));
    each(form, "[data-same]", |verdict| {
        let verdict_word = match new == again {
            _ if again.is_empty() => String::new(),
            true => data_attr(&verdict, "same"),
            // Who is still typing need not hear of it.
            false if new.starts_with(&again) => String::new(),
            false => data_attr(&verdict, "differs"),
        };
        verdict.set_text_content(Some(&verdict_word));
    });
}
