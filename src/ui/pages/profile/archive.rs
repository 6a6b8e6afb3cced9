//! The archive section.

use leptos::prelude::*;

use super::Profile;
use crate::{
    domain::archive::PHRASE,
    ui::{
        flash::Flash,
        islands::ArchiveDialog,
        page_context::PageContext,
        parts::{Field, Submit},
        text,
    },
};

/// The card that warns and asks for the phrase. The form is a dialog, open on the page where there is no script.
#[component]
pub fn ArchiveCard(context: PageContext, page: Profile, flash: Flash) -> impl IntoView {
    let text = &context.text().archive;
    let deletion = text::fill(text.deletion, &[("date", &context.date(page.purge_at))]);
    let phrase = text::fill(text.phrase, &[("phrase", PHRASE)]);
    view! {
        <section class="card card--danger" aria-labelledby="archive-title">
            <header class="card__head">
                <h2 id="archive-title">{text.title.to_string()}</h2>
                <p>{text.lede.to_string()}</p>
            </header>
            <ul>
                <li>{text.at_once.to_string()}</li>
                <li>{text.restore.to_string()}</li>
                <li>{deletion.clone()}</li>
                <li>{text.reminders.to_string()}</li>
            </ul>
            <ArchiveDialog>
                <div class="when-ready">
                    <button class="btn btn--danger" type="button" aria-haspopup="dialog" data-open>{text.open.to_string()}</button>
                </div>
                <dialog class="dialog" aria-labelledby="archive-dialog-title" open>
                    <form class="dialog__panel" method="post" action="/fn/archive-profile" novalidate>
                        <input type="hidden" name="record_version" value=page.stored("record_version")/>
                        <header class="dialog__head"><h2 id="archive-dialog-title">{text.dialog.to_string()}</h2></header>
                        <div class="dialog__body stack">
                            <p>{text.restore.to_string()}" "{deletion}</p>
                            <Field name="confirmation" label=phrase inputmode="text" value=flash.value("confirmation") error=flash.error("confirmation")/>
                        </div>
                        <footer class="dialog__foot">
                            <p
                                class="status" role="status" data-busy=text.submitting.to_string()
                                data-failed=context.text().profile.failed.to_string()
                            ></p>
                            <button class="btn when-ready" type="button" data-close>{text.cancel.to_string()}</button>
                            <Submit class="btn--danger" label=text.submit.to_string()/>
                        </footer>
                    </form>
                </dialog>
            </ArchiveDialog>
        </section>
    }
}
