//! What commands print: words for people, or one JSON value for programs.

use clap::Args;
use serde_json::Value;

/// How a command prints.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct Output {
    /// Print one JSON value.
    #[arg(long)]
    json: bool,
}

impl Output {
    /// Whether it is the JSON value.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// Prints either. The words may take several lines.
    pub fn print(self, value: impl FnOnce() -> Value, words: impl FnOnce() -> String) {
        if self.json {
            say!("{}", value());
            return;
        }
        let words = words();
        if !words.is_empty() {
            say!("{words}");
        }
    }
}
