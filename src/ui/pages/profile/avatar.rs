//! The avatar: what is shown, ways to choose another, and the crop dialog.

use leptos::prelude::*;

use super::Profile;
use crate::ui::{
    flash::Flash,
    islands::AvatarUploader,
    page_context::PageContext,
    parts::{FieldLayout, Glyph, Icon, Submit, described_by},
    text::avatar::Avatar as Words,
};

/// What a file input offers.
const TYPES: &str = "image/jpeg,image/png,image/gif,image/webp";

/// The card with the avatar.
#[component]
pub fn AvatarCard(context: PageContext, page: Profile, flash: Flash) -> impl IntoView {
    let text = &context.text().avatar;
    view! {
        <section class="card" aria-labelledby="avatar-title">
            <header class="card__head">
                <h2 id="avatar-title">{text.title.to_string()}</h2>
                <p>{text.lede.to_string()}</p>
            </header>
            <AvatarUploader>
                <div class="picture">
                    <img
                        class="avatar avatar--xl" src=page.stored("avatar") alt=text.alt.to_string() width="160" height="160"
                        decoding="async" referrerpolicy="no-referrer" data-me="avatar"
                    />
                    <Choosing text=*text/>
                </div>
                <div class="row">
                    <WriteForm page=page.clone() label=text.save.to_string() busy=text.saving.to_string() save=true/>
                    <WriteForm page=page.clone() label=text.remove.to_string() busy=text.saving.to_string() save=false/>
                    <p
                        class="status" role="status" data-failed=text.failed.to_string()
                        data-cancelled=text.cancelled.to_string() data-unreadable=text.unreadable.to_string()
                        data-heic=text.heic.to_string()
                        data-no-camera=text.no_camera.to_string() data-no-file=text.no_file.to_string()
                        data-outdated=text.outdated.to_string()
                    ></p>
                </div>
                <PlainForm page=page.clone() text=*text flash/>
                <CameraDialog script=page.files.camera.clone() text=*text/>
                <CropDialog page text=*text/>
            </AvatarUploader>
        </section>
    }
}

/// Pick, drop, paste, or take one.
#[component]
fn Choosing(text: Words) -> impl IntoView {
    view! {
        <div class="stack when-ready">
            <label class="dropzone">
                <Icon glyph=Glyph::Picture/>
                <span class="dropzone__title">{text.choose.to_string()}</span>
                <span class="dropzone__hint">{text.drop.to_string()}</span>
                <span class="dropzone__hint">{text.formats.to_string()}</span>
                <input class="visually-hidden" type="file" accept=TYPES data-pick/>
            </label>
            <button class="btn" type="button" aria-haspopup="dialog" data-camera hidden>
                <Icon glyph=Glyph::Camera/>{text.camera.to_string()}
            </button>
        </div>
    }
}

/// Writes an uploaded picture to the profile, or none.
#[component]
fn WriteForm(page: Profile, label: String, busy: String, save: bool) -> impl IntoView {
    let class = if save { "btn--primary" } else { "btn--quiet" };
    view! {
        <form
            method="post" action="/fn/update-profile" data-save=save data-remove=!save data-busy=busy
            hidden=save || !page.has_picture()
        >
            <input type="hidden" name="record_version" value=page.stored("record_version")/>
            <input type="hidden" name="avatar" value=""/>
            <Submit class label/>
        </form>
    }
}

/// Without script: a file, the part of it to keep, and one button that uploads and saves.
#[component]
fn PlainForm(page: Profile, text: Words, flash: Flash) -> impl IntoView {
    let points = [
        ("top-left", &text.top_left),
        ("top", &text.top),
        ("top-right", &text.top_right),
        ("left", &text.left),
        ("centre", &text.centre),
        ("right", &text.right),
        ("bottom-left", &text.bottom_left),
        ("bottom", &text.bottom),
        ("bottom-right", &text.bottom_right),
    ];
    let points = points.map(|(point, words)| {
        view! {
            <label>
                <input type="radio" name="focus" value=point checked=point == "centre"/>
                <span class="visually-hidden">{words.to_string()}</span>
            </label>
        }
    });
    let error = flash.error("file");
    view! {
        <form class="stack until-ready" method="post" action="/fn/upload-avatar" enctype="multipart/form-data">
            <input type="hidden" name="record_version" value=page.stored("record_version")/>
            <input type="hidden" name="save" value="true"/>
            <fieldset class="fieldset focus-grid"><legend>{text.focus.to_string()}</legend>{points.collect_view()}</fieldset>
            <FieldLayout id="file" label=text.file.to_string() hint=text.formats.to_string() error=error.clone()>
                <input
                    class="input" type="file" id="file" name="file" accept=TYPES required
                    aria-invalid=error.is_some().then_some("true") aria-describedby=described_by("file", true, error.is_some())
                />
            </FieldLayout>
            <Submit label=text.save.to_string()/>
        </form>
    }
}

/// What the camera sees; `public/avatar-camera.js` works it.
#[component]
fn CameraDialog(script: String, text: Words) -> impl IntoView {
    view! {
        <dialog class="dialog" aria-labelledby="camera-title">
            <avatar-camera class="dialog__panel" data-script=script>
                <header class="dialog__head"><h2 id="camera-title">{text.camera.to_string()}</h2></header>
                <div class="dialog__body stack">
                    <p class="field__hint">{text.photo_hint.to_string()}</p>
                    <video class="viewfinder" muted playsinline></video>
                </div>
                <footer class="dialog__foot">
                    <form method="dialog"><button class="btn">{text.cancel.to_string()}</button></form>
                    <button class="btn btn--primary" type="button" data-take>{text.take.to_string()}</button>
                </footer>
            </avatar-camera>
        </dialog>
    }
}

/// The cropper and its tools; `public/avatar-cropper.js` works them.
#[component]
fn CropDialog(page: Profile, text: Words) -> impl IntoView {
    let tool = |action: &'static str, glyph: Glyph, words: String| {
        view! {
            <button class="btn btn--icon" type="button" data-crop=action aria-label=words.clone() title=words><Icon glyph/></button>
        }
    };
    let hints = format!("{} {}", text.crop_hint, text.crop_keys);
    view! {
        <dialog class="dialog dialog--wide" aria-labelledby="crop-title">
            <avatar-cropper class="dialog__panel" data-script=page.files.cropper data-library=page.files.library>
                <header class="dialog__head">
                    <h2 id="crop-title">{text.crop.to_string()}</h2>
                    <form method="dialog">
                        <button class="btn btn--icon btn--quiet" aria-label=text.close.to_string()><Icon glyph=Glyph::Close/></button>
                    </form>
                </header>
                <div class="dialog__body stack">
                    <p class="field__hint" id="crop-hint">{hints}</p>
                    <div
                        class="cropper" tabindex="0" role="application" aria-label=text.crop_area.to_string()
                        aria-describedby="crop-hint"
                    ></div>
                    <div class="slider-row">
                        {tool("zoom-out", Glyph::ZoomOut, text.zoom_out.to_string())}
                        <input class="slider" type="range" min="0" max="100" step="any" value="0" aria-label=text.zoom.to_string()/>
                        {tool("zoom-in", Glyph::ZoomIn, text.zoom_in.to_string())}
                    </div>
                    <div class="toolbar" role="toolbar" aria-label=text.tools.to_string()>
                        {tool("rotate-left", Glyph::RotateLeft, text.rotate_left.to_string())}
                        {tool("rotate-right", Glyph::RotateRight, text.rotate_right.to_string())}
                        <button class="btn btn--quiet" type="button" data-crop="reset">{text.reset.to_string()}</button>
                        <span class="toolbar__gap"></span>
                        <div class="previews" role="img" aria-label=text.preview.to_string()>
                            <div class="previews__item previews__item--lg"></div>
                            <div class="previews__item previews__item--md"></div>
                            <div class="previews__item previews__item--sm"></div>
                        </div>
                    </div>
                    <div class="upload" hidden>
                        <progress class="progress" max="1" value="0" aria-label=text.processing.to_string()></progress>
                    </div>
                </div>
                <footer class="dialog__foot">
                    <form method="dialog"><button class="btn">{text.cancel.to_string()}</button></form>
                    <button class="btn btn--primary" type="button" data-crop="use">{text.use_picture.to_string()}</button>
                </footer>
            </avatar-cropper>
        </dialog>
    }
}
