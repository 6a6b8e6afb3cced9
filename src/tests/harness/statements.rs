//! Which statements the database was sent, as the driver logs them.

use std::{
    collections::HashMap,
    sync::{
        LazyLock, Mutex, Once,
        atomic::{AtomicU64, Ordering},
    },
};

use tracing::{
    Event, Instrument as _, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id},
};
use tracing_subscriber::{Layer, Registry, layer::Context, prelude::*, registry::LookupSpan};

/// Names the span in which statements are recorded.
const RECORDING: &str = "recorded statements";
/// What the driver logs them as.
const DRIVER: &str = "sqlx::query";
/// What begins and ends a transaction, or a connection that happened to be new.
const FRAME: [&str; 5] = ["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "PRAGMA"];

static RECORDS: LazyLock<Mutex<HashMap<u64, Vec<Statement>>>> = LazyLock::new(Mutex::default);
static NEXT: AtomicU64 = AtomicU64::new(0);

/// A statement that was carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// Its text, with single spaces.
    pub text: String,
    /// Rows that it wrote.
    pub rows_affected: u64,
}

/// Does some work, and answers the statements that it took, those that frame a transaction left out.
pub async fn recorded<T>(work: impl Future<Output = T>) -> (T, Vec<Statement>) {
    static RECORDER: Once = Once::new();
    // One for the whole process: the driver of SQLite logs on threads of its own.
    RECORDER.call_once(|| {
        tracing::subscriber::set_global_default(Registry::default().with(Recorder)).expect("the only one");
    });
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    RECORDS.lock().unwrap().insert(number, Vec::new());
    let done = work.instrument(tracing::error_span!(RECORDING, number)).await;
    let mut statements = RECORDS.lock().unwrap().remove(&number).unwrap_or_default();
    statements.retain(|statement| FRAME.iter().all(|word| !statement.text.starts_with(word)));
    (done, statements)
}

/// Keeps what is logged in the course of a recording.
struct Recorder;

/// The number of a recording, kept with its span.
struct Recording(u64);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.name() == RECORDING || metadata.target() == DRIVER
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut number = Number::default();
        attributes.record(&mut number);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(Recording(number.0));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(scope) = context.event_scope(event) else { return };
        let recordings = scope.filter_map(|span| span.extensions().get::<Recording>().map(|recording| recording.0));
        for number in recordings {
            if let Some(statements) = RECORDS.lock().unwrap().get_mut(&number) {
                let mut logged = Logged::default();
                event.record(&mut logged);
                statements.push(logged.statement());
            }
        }
    }
}

#[derive(Default)]
struct Number(u64);

impl Visit for Number {
    fn record_u64(&mut self, _: &Field, value: u64) {
        self.0 = value;
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

/// A line of the driver's log: short statements are in its summary alone.
#[derive(Default)]
struct Logged {
    summary: String,
    text: String,
    rows_affected: u64,
}

impl Logged {
    fn statement(self) -> Statement {
        let text = if self.text.is_empty() { self.summary } else { self.text };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Statement { text, rows_affected: self.rows_affected }
    }
}

impl Visit for Logged {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "rows_affected" {
            self.rows_affected = value;
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.text),
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}
