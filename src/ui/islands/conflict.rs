//! What another tab changed meanwhile, field by field, beside what was typed here.
//!
//! The server put into the form a hidden `.conflict` with one row per input: `[data-row]` names it, `.conflict__theirs` and
//! `.conflict__mine` are filled here, and `[data-take]` takes over what is saved.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlFormElement, HtmlInputElement};

use super::{
    dom::{each, find, input, set_value, value, word},
    exchange::Reply,
};

/// Shows it. What was typed stays; saving again replaces what is there.
pub fn show(form: &HtmlFormElement, reply: &Reply) {
    let Some(conflict) = find(form, ".conflict") else { return };
    conflict.set_hidden(true);
    each(&conflict, "[data-row]", |row| {
        let name = word(&row, "row");
        let (Some(theirs), Some(input)) = (reply.saved_as(&name), input(form, &name)) else { return };
        let mine = value(&input);
        row.set_hidden(mine == theirs);
        if mine != theirs {
            conflict.set_hidden(false);
        }
        for (selector, text) in [(".conflict__theirs", theirs), (".conflict__mine", mine)] {
            if let Some(place) = find(&row, selector) {
                place.set_text_content(Some(&spoken(&conflict, &input, &text)));
            }
        }
    });
    conflict.scroll_into_view();
    if let Some(take) = find(&conflict, "[data-take]") {
        let (form, conflict, saved) = (form.clone(), conflict.clone(), reply.saved());
        // One answer for each conflict, in place of the last one's.
        let answer = Closure::<dyn FnMut()>::new(move || {
            for (name, saved) in &saved {
                if let Some(input) = input(&form, name) {
                    set_value(&input, saved);
                }
            }
            let first = find(&conflict, "[data-row]:not([hidden])").and_then(|row| input(&form, &word(&row, "row")));
            conflict.set_hidden(true);
            // The button that was pressed is gone, and must not take the focus along.
            first.inspect(|input| drop(input.focus()));
        });
        take.set_onclick(Some(answer.into_js_value().unchecked_ref()));
    }
}

/// A value as a person reads it: the words of a choice, or that there is nothing.
fn spoken(conflict: &web_sys::Element, input: &HtmlInputElement, text: &str) -> String {
    let option = ["option[value=\"", text, "\"]"].concat();
    match text {
        "true" | "false" => word(conflict, text),
        _ if input.tag_name() == "SELECT" => {
            find(input, &option).and_then(|option| option.text_content()).unwrap_or_default()
        }
        "" => word(conflict, "empty"),
        _ => text.to_owned(),
    }
}
