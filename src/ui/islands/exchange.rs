//! Sending a form and reading the answer. `XMLHttpRequest` alone tells how far an upload is.

use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, FormData, ProgressEvent, UrlSearchParams, XmlHttpRequest, XmlHttpRequestResponseType};

use super::dom;

/// What the server said; see [`ActionError`](crate::ui::error::ActionError) and [`Done`](crate::ui::error::Done).
pub struct Reply {
    /// The HTTP status; 0 when the request did not get through.
    pub status: u16,
    body: JsValue,
}

impl Reply {
    /// Whether it was done.
    pub fn is_done(&self) -> bool {
        self.status == 200
    }

    /// Whether it needs the password first.
    pub fn needs_password(&self) -> bool {
        text(&self.body, "cause").as_deref() == Some("step-up")
    }

    /// What to say about it.
    pub fn notice(&self) -> Option<String> {
        text(&get(&self.body, "notice"), "text")
    }

    /// Where to go on.
    pub fn next(&self) -> Option<String> {
        text(&self.body, "next")
    }

    /// What is kept now, by the names of the inputs.
    pub fn saved(&self) -> Vec<(String, String)> {
        let saved = get(&self.body, "saved");
        let entries = saved.dyn_ref::<Object>().map(Object::entries).unwrap_or_default();
        entries.iter().filter_map(|entry| Some((text(&entry, "0")?, text(&entry, "1")?))).collect()
    }

    /// The one of them with this name.
    pub fn saved_as(&self, name: &str) -> Option<String> {
        text(&get(&self.body, "saved"), name)
    }

    /// Names of inputs, and what is wrong with each.
    pub fn errors(&self) -> Vec<(String, String)> {
        let errors = get(&self.body, "errors");
        let errors = errors.dyn_ref::<js_sys::Array>().cloned().unwrap_or_default();
        errors.iter().filter_map(|error| Some((text(&error, "field")?, text(&error, "message")?))).collect()
    }
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}

fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string()
}

/// A form as it is sent by a browser without script.
pub fn encoded(form: &web_sys::HtmlFormElement) -> UrlSearchParams {
    let data = FormData::new_with_form(form).unwrap_or_else(|_| JsValue::NULL.unchecked_into());
    UrlSearchParams::new_with_str_sequence_sequence(&data).unwrap_or_else(|_| JsValue::NULL.unchecked_into())
}

/// Posts a body and acts on the answer. `progress` hears how much of it is sent, from 0 to 1.
pub fn post(
    address: &str,
    body: &JsValue,
    progress: Option<Box<dyn Fn(f64)>>,
    answered: impl FnOnce(Reply) + 'static,
) -> Option<XmlHttpRequest> {
    let request = XmlHttpRequest::new().ok()?;
    request.open("POST", address).ok()?;
    request.set_response_type(XmlHttpRequestResponseType::Json);
    let _ = request.set_request_header("Accept", "application/json");
    if let (Some(progress), Ok(upload)) = (progress, request.upload()) {
        dom::on(&upload, "progress", move |event: Event| {
            let event = event.unchecked_into::<ProgressEvent>();
            progress(event.loaded() / event.total());
        });
    }
    let (ended, mut answered) = (request.clone(), Some(answered));
    dom::on(&request, "loadend", move |_| {
        if let Some(answered) = answered.take() {
            let (status, body) = (ended.status().unwrap_or_default(), ended.response().unwrap_or_default());
            answered(Reply { status, body });
        }
    });
    // JavaScript has one `send` for every kind of body.
    request.send_with_opt_form_data(Some(body.unchecked_ref())).ok()?;
    Some(request)
}
