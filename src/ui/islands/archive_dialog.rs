//! The archive dialog.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlButtonElement, HtmlDialogElement, HtmlFormElement};

use super::{
    dom::{each, find, input, on},
    form,
};
use crate::domain::archive::is_phrase;

/// Archives the account, once the phrase is typed. Without script the dialog is a plain part of the page.
#[island]
pub fn ArchiveDialog(
    /// The warnings, the field and the buttons.
    children: Children,
) -> impl IntoView {
    view! { <div class="stack" use:attach>{children()}</div> }
}

fn attach(section: Element) {
    let (Some(open), Some(dialog)) = (find(&section, "[data-open]"), find(&section, "dialog")) else { return };
    let (Some(form), Some(submit)) = (find(&dialog, "form"), find(&dialog, "[type=submit]")) else { return };
    let dialog: HtmlDialogElement = dialog.unchecked_into();
    let (form, submit): (HtmlFormElement, HtmlButtonElement) = (form.unchecked_into(), submit.unchecked_into());
    form::enhance(&form, |_, _| {});
    let (typing, gate) = (form.clone(), submit.clone());
    on(&form, "input", move |_| {
        let typed = input(&typing, "confirmation").map(|input| input.value()).unwrap_or_default();
        gate.set_disabled(!is_phrase(&typed));
    });
    let opened = dialog.clone();
    on(&open, "click", move |_| {
        let _ = opened.show_modal();
    });
    let closed = dialog.clone();
    each(&dialog, "[data-close]", |button| {
        let dialog = closed.clone();
        on(&button, "click", move |_| dialog.close());
    });
    // What a try without script left is looked at first.
    if find(&dialog, "[aria-invalid]").is_none() {
        dialog.close();
        submit.set_disabled(true);
    }
}
