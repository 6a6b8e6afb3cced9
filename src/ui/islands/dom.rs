//! The few words in which islands speak to the page.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, HtmlInputElement, Window};

/// The window. Islands only run in one.
pub fn window() -> Window {
    leptos::tachys::dom::window()
}

/// The page.
pub fn document() -> Document {
    leptos::tachys::dom::document()
}

/// The first element below `root` that the selector names.
pub fn find(root: &Element, selector: &str) -> Option<HtmlElement> {
    root.query_selector(selector).ok().flatten().map(JsCast::unchecked_into)
}

/// All of them, in the order of the page.
pub fn each(root: &Element, selector: &str, mut act: impl FnMut(HtmlElement)) {
    if let Ok(found) = root.query_selector_all(selector) {
        for index in 0..found.length() {
            if let Some(node) = found.get(index) {
                act(node.unchecked_into());
            }
        }
    }
}

/// All of them on the whole page.
pub fn everywhere(selector: &str, act: impl FnMut(HtmlElement)) {
    if let Some(root) = document().document_element() {
        each(&root, selector, act);
    }
}

/// Acts on an event for as long as the page is there.
pub fn on(target: &EventTarget, kind: &str, act: impl FnMut(Event) + 'static) {
    let act = Closure::<dyn FnMut(Event)>::new(act).into_js_value();
    let _ = target.add_event_listener_with_callback(kind, act.unchecked_ref());
}

/// Acts once, some milliseconds from now, unless [`Window::clear_timeout_with_handle`] comes first.
pub fn after(milliseconds: i32, act: impl FnOnce() + 'static) -> i32 {
    let act = Closure::once_into_js(act);
    window()
        .set_timeout_with_callback_and_timeout_and_arguments_0(act.unchecked_ref(), milliseconds)
        .unwrap_or_default()
}

/// The element that an event is about.
pub fn target(event: &Event) -> Option<HtmlElement> {
    event.target().map(JsCast::unchecked_into)
}

/// A text that the server put on an element: the attribute `data-<name>`.
pub fn data_attr(element: &Element, name: &str) -> String {
    element.get_attribute(&["data-", name].concat()).unwrap_or_default()
}

/// The input, text area or selection of that name. All of them have the value and the texts of an input.
pub fn input(form: &Element, name: &str) -> Option<HtmlInputElement> {
    let selector = ["[name=", name, "]:not([type=hidden])"].concat();
    find(form, &selector).or_else(|| find(form, &["[name=", name, "]"].concat())).map(JsCast::unchecked_into)
}

/// What stands in an input; what a tick box says.
pub fn value(input: &HtmlInputElement) -> String {
    match input.type_() == "checkbox" {
        true => (if input.checked() { "true" } else { "false" }).to_owned(),
        false => input.value(),
    }
}

/// Writes it.
pub fn set_value(input: &HtmlInputElement, value: &str) {
    match input.type_() == "checkbox" {
        true => input.set_checked(value == "true"),
        false => input.set_value(value),
    }
}
