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
    dom::{self, data_attr, document, each, find, input, on},
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
    view! { <div class="stack" use:attach>{children()}</div> }
}

/// The parts of the uploader that the server rendered.
#[derive(Clone)]
struct Uploader {
    section: Element,
    /// The dialog around the cropper.
    dialog: HtmlDialogElement,
    cropper: HtmlElement,
    camera: HtmlElement,
    upload: Rc<RefCell<Option<XmlHttpRequest>>>,
}

fn attach(section: Element) {
    let (Some(cropper), Some(camera)) = (find(&section, "avatar-cropper"), find(&section, "avatar-camera")) else {
        return;
    };
    let Some(dialog) = dialog_of(&cropper) else { return };
    let uploader = Uploader { section, dialog, cropper, camera, upload: Rc::default() };
    uploader.take_files();
    uploader.take_drops();
    uploader.take_pasted();
    uploader.take_photos();
    uploader.crop();
    uploader.save();
}

impl Uploader {
    /// Files picked. The input of the plain form is not ours: it is there where this island is not.
    fn take_files(&self) {
        each(&self.section, "[data-pick]", |input| {
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

    /// Files dropped on the zone. One that falls beside it must not take the place of the page, and what was typed there.
    fn take_drops(&self) {
        for kind in ["dragover", "drop"] {
            on(&document(), kind, move |event: Event| {
                let is_input =
                    dom::target(&event).is_some_and(|target| target.get_attribute("type").as_deref() == Some("file"));
                let data = event.unchecked_ref::<DragEvent>().data_transfer();
                let has_file = data.is_some_and(|data| data.types().includes(&JsValue::from_str("Files"), 0));
                if has_file && !is_input {
                    event.prevent_default();
                }
            });
        }
        if let Some(zone) = find(&self.section, ".dropzone") {
            for (kind, is_over) in [("dragenter", true), ("dragover", true), ("dragleave", false), ("drop", false)] {
                let (uploader, over) = (self.clone(), zone.clone());
                on(&zone, kind, move |event: Event| {
                    event.prevent_default();
                    let _ = over.class_list().toggle_with_force("is-over", is_over);
                    if kind != "drop" {
                        return;
                    }
                    match first_file(event.unchecked_into::<DragEvent>().data_transfer().as_ref()) {
                        Some(file) => uploader.open(&file),
                        // A picture of another page comes as its address, which is not for us to fetch.
                        None => form::say_data_attr(&uploader.section, Tone::Error, "no-file"),
                    }
                });
            }
        }
    }

    /// A picture pasted anywhere but into an input. One that comes with text is not meant: cells of a spreadsheet bring a
    /// picture of themselves. And none takes the place of one that is being cropped.
    fn take_pasted(&self) {
        let uploader = self.clone();
        on(&document(), "paste", move |event: Event| {
            let Some(data) = event.unchecked_ref::<ClipboardEvent>().clipboard_data() else { return };
            let into_input = dom::target(&event).is_some_and(|target| {
                matches!(target.closest("input, textarea, select, [contenteditable]"), Ok(Some(_)))
            });
            let has_text = data.get_data("text/plain").is_ok_and(|text| !text.is_empty());
            let is_busy = document().query_selector("dialog:modal").is_ok_and(|dialog| dialog.is_some());
            if let Some(file) = first_file(Some(&data)).filter(|_| !(into_input || has_text || is_busy)) {
                uploader.open(&file);
            }
        });
    }

    /// A photo taken in [the camera](/public/avatar-camera.js).
    fn take_photos(&self) {
        let Some(dialog) = dialog_of(&self.camera) else { return };
        let set = |camera: &HtmlElement, is_on: bool| {
            let _ = Reflect::set(camera, &JsValue::from_str("on"), &JsValue::from_bool(is_on));
        };
        each(&self.section, "[data-camera]", |button| {
            let (uploader, dialog) = (self.clone(), dialog.clone());
            on(&button, "click", move |_| {
                form::say(&uploader.section, Tone::Plain, "");
                set(&uploader.camera, true);
                uploader.show(&uploader.camera, &dialog);
            });
        });
        let camera = self.camera.clone();
        on(&dialog, "close", move |_| set(&camera, false));
        let (uploader, opened) = (self.clone(), dialog.clone());
        on(&self.camera, "taken", move |event: Event| {
            opened.close();
            uploader.open(event.unchecked_into::<CustomEvent>().detail().unchecked_ref());
        });
        let uploader = self.clone();
        on(&self.camera, "refused", move |_| uploader.close(&dialog, "no-camera"));
    }

    /// Opens the dialog of an element and loads its script, named by `data-script`, if that is not there yet.
    fn show(&self, element: &HtmlElement, dialog: &HtmlDialogElement) {
        if !dialog.open() {
            let _ = dialog.show_modal();
        }
        let address = data_attr(element, "script");
        if address.is_empty() {
            return self.close(dialog, "outdated");
        }
        if find(element, "script").is_some() {
            return;
        }
        let Ok(script) = document().create_element("script") else { return };
        let _ = script.set_attribute("type", "module");
        let _ = script.set_attribute("src", &address);
        let (uploader, dialog) = (self.clone(), dialog.clone());
        on(&script, "error", move |event| {
            // It is tried anew the next time.
            dom::target(&event).inspect(|script| script.remove());
            uploader.close(&dialog, "outdated");
        });
        let _ = element.append_child(&script);
    }

    /// Hands a file to the cropper.
    fn open(&self, file: &File) {
        form::say(&self.section, Tone::Plain, "");
        let _ = Reflect::set(&self.cropper, &JsValue::from_str("file"), file);
        self.show(&self.cropper, &self.dialog);
    }

    fn crop(&self) {
        for why in ["unreadable", "heic", "outdated"] {
            let uploader = self.clone();
            on(&self.cropper, why, move |_| uploader.close(&uploader.dialog, why));
        }
        let uploader = self.clone();
        on(&self.cropper, "cropped", move |event: Event| {
            uploader.send(event.unchecked_into::<CustomEvent>().detail().unchecked_ref());
        });
        let uploader = self.clone();
        on(&self.dialog, "close", move |_| {
            if let Some(upload) = uploader.upload.take() {
                let _ = upload.abort();
                form::say_data_attr(&uploader.section, Tone::Plain, "cancelled");
            }
            let _ = Reflect::set(&uploader.cropper, &JsValue::from_str("file"), &JsValue::NULL);
        });
    }

    /// Closes a dialog and says why.
    fn close(&self, dialog: &HtmlDialogElement, why: &str) {
        self.upload.take();
        dialog.close();
        form::say_data_attr(&self.section, Tone::Error, why);
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
                None => form::say_data_attr(&self.section, Tone::Error, "failed"),
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
            form::enhance(&form, move |form, reply| {
                if let Some(notice) = reply.notice() {
                    form::say(&section, if reply.is_done() { Tone::Ok } else { Tone::Error }, &notice);
                }
                if reply.is_done() {
                    each(&section, "form[data-save]", |save| save.set_hidden(true));
                    let shown = reply.saved_as("has_picture").is_some_and(|has| has == "true");
                    each(&section, "form[data-remove]", |remove| remove.set_hidden(!shown));
                    // The button that was pressed is gone, and must not take the focus along.
                    find(&section, "[data-pick]").inspect(|input| drop(input.focus()));
                    let _ = form;
                }
            });
        });
    }
}

fn dialog_of(part: &Element) -> Option<HtmlDialogElement> {
    part.closest("dialog").ok().flatten().map(JsCast::unchecked_into)
}

fn first_file(data: Option<&DataTransfer>) -> Option<File> {
    data?.files()?.get(0)
}
