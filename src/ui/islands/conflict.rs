//! What another tab changed meanwhile, field by field, beside what was typed here.
//!
//! The server put into the form a hidden `.conflict` with one row per input: `[data-row]` names it, `.conflict__theirs` and
//! `.conflict__mine` are filled here. What is saved becomes what the form goes back to when it is reset.

use web_sys::{HtmlFormElement, HtmlInputElement};

use super::{
    dom::{data_attr, each, find, input, value},
    exchange::Reply,
    form::set_default,
};

/// Shows it. What was typed stays: saving again replaces what is there, and a reset takes it.
pub fn show(form: &HtmlFormElement, reply: &Reply) {
    let Some(conflict) = find(form, ".conflict") else { return };
    conflict.set_hidden(true);
    each(&conflict, "[data-row]", |row| {
        let name = data_attr(&row, "row");
        let (Some(theirs), Some(input)) = (reply.saved_as(&name), input(form, &name)) else { return };
        let mine = value(&input);
        row.set_hidden(mine == theirs);
        if mine != theirs {
            conflict.set_hidden(false);
        }
        set_default(&input, &theirs);
        for (selector, text) in [(".conflict__theirs", theirs), (".conflict__mine", mine)] {
            if let Some(place) = find(&row, selector) {
                place.set_text_content(Some(&spoken(&conflict, &input, &text)));
            }
        }
    });
    conflict.scroll_into_view();
}

/// Hides it. The focus goes from its button to the first input it told of.
pub fn leave(form: &HtmlFormElement) {
    let Some(conflict) = find(form, ".conflict:not([hidden])") else { return };
    let first = find(&conflict, "[data-row]:not([hidden])").and_then(|row| input(form, &data_attr(&row, "row")));
    let had_focus = find(&conflict, ":focus").is_some();
    conflict.set_hidden(true);
    if had_focus {
        first.inspect(|input| drop(input.focus()));
    }
}

/// A value as a person reads it: the words of a choice, or that there is nothing.
fn spoken(conflict: &web_sys::Element, input: &HtmlInputElement, text: &str) -> String {
    let option = ["option[value=\"", text, "\"]"].concat();
    match text {
        _ if input.type_() == "checkbox" => data_attr(conflict, text),
        _ if input.tag_name() == "SELECT" => {
            find(input, &option).and_then(|option| option.text_content()).unwrap_or_default()
        }
        "" => data_attr(conflict, "empty"),
        _ => text.to_owned(),
    }
}
