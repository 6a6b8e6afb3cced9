//! The avatar uploader.

use std::{cell::RefCell, rc::Rc};

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Blob, ClipboardEvent, CustomEvent, DataTransfer, DragEvent, Element, Event, File, FormData, HtmlButtonElement,
    HtmlDialogElement, HtmlElement, HtmlFormElement, HtmlImageElement, HtmlInputElement, HtmlProgressElement, Url,
    XmlHttpRequest,
};

use super::{
    dom::{self, document, each, find, input, on, word},
    exchange::{self, Reply},
    form::{self, Tone},
};

/// Lets one pick, drop, paste or take a picture, crop it in [the cropper](/public/avatar-cropper.js), and upload it. Only
/// Save writes it to the profile.
#[island]
pub fn AvatarUploader(
    /// The picture, the ways to choose one, the crop dialog.
    children: Children,
) -> impl IntoView {
    view! { <div class="stack" use:enliven>{children()}</div> }
}

/// The parts of the uploader that the server rendered.
#[derive(Clone)]
struct Uploader {
    section: Element,
    dialog: HtmlDialogElement,
    cropper: HtmlElement,
    upload: Rc<RefCell<Option<XmlHttpRequest>>>,
}

fn enliven(section: Element) {
    let (Some(dialog), Some(cropper)) = (find(&section, "dialog"), find(&section, "avatar-cropper")) else { return };
    let uploader = Uploader { section, dialog: dialog.unchecked_into(), cropper, upload: Rc::default() };
    uploader.take_files();
    uploader.take_drops();
    uploader.crop();
    uploader.save();
}

impl Uploader {
    /// Files picked, or taken with the camera.
    fn take_files(&self) {
        each(&self.section, "[type=file]", |input| {
            let uploader = self.clone();
            on(&input.clone(), "change", move |_| {
                let input: &HtmlInputElement = input.unchecked_ref();
                if let Some(file) = input.files().and_then(|files| files.get(0)) {
                    uploader.open(&file);
                }
                // The same file may be picked again.
                input.set_value("");
            });
        });
    }

    /// Files dropped on the zone, or pasted anywhere.
    fn take_drops(&self) {
        let first = |data: Option<DataTransfer>| data.and_then(|data| data.files()).and_then(|files| files.get(0));
        if let Some(zone) = find(&self.section, ".dropzone") {
            for (kind, is_over) in [("dragenter", true), ("dragover", true), ("dragleave", false), ("drop", false)] {
                let (uploader, over) = (self.clone(), zone.clone());
                on(&zone, kind, move |event: Event| {
                    event.prevent_default();
                    let _ = over.class_list().toggle_with_force("is-over", is_over);
                    let dropped = event.unchecked_into::<DragEvent>().data_transfer();
                    if let Some(file) = first(dropped).filter(|_| kind == "drop") {
                        uploader.open(&file);
                    }
                });
            }
        }
        let uploader = self.clone();
        on(&document(), "paste", move |event: Event| {
            if let Some(file) = first(event.unchecked_into::<ClipboardEvent>().clipboard_data()) {
                uploader.open(&file);
            }
        });
    }

    /// Hands a file to the cropper, which is loaded now if it was not before.
    fn open(&self, file: &File) {
        form::say(&self.section, Tone::Plain, "");
        let _ = Reflect::set(&self.cropper, &JsValue::from_str("file"), file);
        let address = word(&self.cropper, "script");
        if find(&self.cropper, "script").is_none()
            && let Ok(script) = document().create_element("script")
        {
            let _ = script.set_attribute("type", "module");
            let _ = script.set_attribute("src", &address);
            let uploader = self.clone();
            on(&script, "error", move |event| {
                // It is tried anew with the next picture.
                dom::target(&event).inspect(|script| script.remove());
                uploader.give_up("failed");
            });
            let _ = self.cropper.append_child(&script);
        }
        if !self.dialog.open() {
            let _ = self.dialog.show_modal();
        }
    }

    fn crop(&self) {
        let uploader = self.clone();
        on(&self.cropper, "unreadable", move |_| uploader.give_up("unreadable"));
        let uploader = self.clone();
        on(&self.cropper, "cropped", move |event: Event| {
            uploader.send(event.unchecked_into::<CustomEvent>().detail().unchecked_ref());
        });
        let uploader = self.clone();
        on(&self.dialog, "close", move |_| {
            if let Some(upload) = uploader.upload.take() {
                let _ = upload.abort();
                form::say_word(&uploader.section, Tone::Plain, "cancelled");
            }
            let _ = Reflect::set(&uploader.cropper, &JsValue::from_str("file"), &JsValue::NULL);
        });
    }

    /// Closes the dialog and says why.
    fn give_up(&self, why: &str) {
        self.upload.take();
        self.dialog.close();
        form::say_word(&self.section, Tone::Error, why);
    }

    /// Uploads the cut picture; the progress stands in the dialog, and closing that cancels.
    fn send(&self, picture: &Blob) {
        let Ok(body) = FormData::new() else { return };
        let _ = body.append_with_blob_and_filename("file", picture, "avatar.webp");
        self.show_progress(true);
        let bar = find(&self.dialog, "progress");
        let progress = move |share: f64| {
            if let Some(bar) = &bar {
                bar.unchecked_ref::<HtmlProgressElement>().set_value(share);
            }
        };
        let (uploader, preview) = (self.clone(), Url::create_object_url_with_blob(picture).unwrap_or_default());
        let sent = exchange::post("/fn/upload-avatar", &body, Some(Box::new(progress)), move |reply| {
            uploader.show_progress(false);
            // Nothing is left to do after a cancel.
            if uploader.upload.take().is_some() {
                uploader.uploaded(&reply, &preview);
            }
        });
        *self.upload.borrow_mut() = sent;
    }

    fn show_progress(&self, is_sending: bool) {
        if is_sending {
            // The button that was pressed is closed now, and must not take the focus along.
            find(&self.dialog, ".dialog__foot .btn").inspect(|cancel| drop(cancel.focus()));
        }
        each(&self.dialog, ".upload", |upload| upload.set_hidden(!is_sending));
        each(&self.dialog, "[data-crop=use]", |button| {
            button.unchecked_into::<HtmlButtonElement>().set_disabled(is_sending);
        });
    }

    /// The picture is there; Save is next.
    fn uploaded(&self, reply: &Reply, preview: &str) {
        self.dialog.close();
        let (true, Some(address)) = (reply.is_done(), reply.saved_as("avatar")) else {
            let refusal = reply.errors().into_iter().next().map(|(_, sentence)| sentence).or_else(|| reply.notice());
            return match refusal {
                Some(refusal) => form::say(&self.section, Tone::Error, &refusal),
                None => form::say_word(&self.section, Tone::Error, "failed"),
            };
        };
        if let Some(form) = find(&self.section, "form[data-save]") {
            form.set_hidden(false);
            if let Some(input) = input(&form, "avatar") {
                input.set_value(&address);
            }
            find(&form, "[type=submit]").inspect(|button| drop(button.focus()));
        }
        if let Some(picture) = find(&self.section, "img") {
            picture.unchecked_into::<HtmlImageElement>().set_src(preview);
        }
        form::say(&self.section, Tone::Ok, &reply.notice().unwrap_or_default());
    }

    /// Save, and Remove: both write the profile.
    fn save(&self) {
        each(&self.section, "form[action='/fn/update-profile']", |element| {
            let (section, form) = (self.section.clone(), element.unchecked_into::<HtmlFormElement>());
            form::live(&form, move |form, reply| {
                if let Some(notice) = reply.notice() {
                    form::say(&section, if reply.is_done() { Tone::Ok } else { Tone::Error }, &notice);
                }
                if reply.is_done() {
                    each(&section, "form[data-save]", |save| save.set_hidden(true));
                    let shown = reply.saved_as("has_picture").is_some_and(|has| has == "true");
                    each(&section, "form[data-remove]", |remove| remove.set_hidden(!shown));
                    // The button that was pressed is gone, and must not take the focus along.
                    find(&section, "[type=file]").inspect(|input| drop(input.focus()));
                    let _ = form;
                }
            });
        });
    }
}
