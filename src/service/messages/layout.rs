//! The layout of a mail around its words, as plain text and as HTML.
//!
//! The HTML is one column of plain elements with inline styles: mail programs drop style sheets. It sets no background,
//! so that light and dark mail programs keep their own.

use std::fmt::{self, Write as _};

use url::Url;

use super::{Brand, Message};
use crate::domain::locale::Locale;

const DEFAULT_COLOUR: &str = "#1f4e8c";

/// A mail, part by part.
pub(super) struct EmailLayout<'a> {
    pub locale: Locale,
    pub brand: &'a Brand,
    pub public_url: &'a Url,
    pub subject: String,
    pub happened: String,
    pub code: Option<&'a str>,
    /// A link: its words and its address.
    pub action: Option<(&'static str, String)>,
    /// When and from where: what it is, and the value.
    pub facts: Vec<(&'static str, String)>,
    pub advice: String,
    pub footer: String,
}

impl EmailLayout<'_> {
    pub fn message(&self) -> Message {
        Message { subject: one_line(&self.subject), text: self.text(), html: self.html() }
    }

    fn text(&self) -> String {
        let facts: Vec<_> = self.facts.iter().map(|(label, value)| format!("{label}: {}", one_line(value))).collect();
        // The code first: mail programs show the beginning in their lists, telephones on their locked screens.
        let mut parts: Vec<_> = self.code.map(|code| format!("    {}", one_line(code))).into_iter().collect();
        parts.push(one_line(&self.happened));
        parts.push(facts.join("\n"));
        parts.push(one_line(&self.advice));
        parts.extend(self.action.as_ref().map(|(label, address)| format!("{label}:\n{}", one_line(address))));
        // "-- " alone on its line: mail programs fold away what follows (RFC 3676, section 4.3).
        parts.push(format!("-- \n{}\n{}", one_line(&self.footer), self.public_url));
        parts.join("\n\n") + "\n"
    }

    fn html(&self) -> String {
        let lang = self.locale.as_str();
        let [subject, happened, advice, footer] =
            [&self.subject, &self.happened, &self.advice, &self.footer].map(|text| Escaped(text));
        let url = Escaped(self.public_url.as_str());
        let facts: Vec<_> = self.facts.iter().map(|(label, value)| format!("{label}: {}", Escaped(value))).collect();
        let (sender, code, facts, action) = (self.sender(), self.code_block(), facts.join("<br>\n"), self.button());
        let preview = self.preview();
        format!(
            r#"<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{subject}</title>
</head>
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif">
{preview}<div style="max-width:36em;margin:0 auto">
<p>{sender}</p>
<h1 style="font-size:1.25em;line-height:1.3">{subject}</h1>
<p>{happened}</p>
{code}<p>{facts}</p>
<p>{advice}</p>
{action}<p style="margin-top:2em;font-size:.85em;opacity:.75">{footer}<br>
<a href="{url}" style="color:inherit">{url}</a></p>
</div>
</body>
</html>
"#
        )
    }

    /// What mail programs show in their lists: the code, which stands further down in the mail that is opened.
    fn preview(&self) -> String {
        let Some(code) = self.code else { return String::new() };
        let style = "display:none;max-height:0;overflow:hidden";
        format!("<div style=\"{style}\">{} – {}</div>\n", Escaped(code), Escaped(&self.happened))
    }

    fn sender(&self) -> String {
        let name = Escaped(&self.brand.name);
        // A logo under our own URL may be written as a path.
        let logo = self.brand.logo.as_deref().and_then(|logo| self.public_url.join(logo).ok());
        // Mail programs show no SVG.
        let is_shown = |logo: &Url| matches!(logo.scheme(), "https" | "http") && !logo.path().ends_with(".svg");
        match logo.filter(is_shown) {
            Some(logo) => format!(r#"<img src="{}" alt="{name}" height="40">"#, Escaped(logo.as_str())),
            None => format!("<strong>{name}</strong>"),
        }
    }

    fn code_block(&self) -> String {
        let style = "font:bold 2em/1.2 ui-monospace,monospace;letter-spacing:.2em";
        self.code.map(|code| format!("<p style=\"{style}\">{}</p>\n", Escaped(code))).unwrap_or_default()
    }

    fn button(&self) -> String {
        let Some((label, address)) = &self.action else { return String::new() };
        let colour = self.brand.colour.as_deref().filter(|colour| rgb(colour).is_some()).unwrap_or(DEFAULT_COLOUR);
        let ink = ink_on(colour);
        let shape = "display:inline-block;padding:.6em 1.2em;border-radius:.4em;text-decoration:none";
        let address = Escaped(address);
        format!("<p><a href=\"{address}\" style=\"{shape};background:{colour};color:{ink}\">{label}</a></p>\n")
    }
}

/// One line of text, as it stands in an element or a quoted attribute.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        one_line(self.0).chars().try_for_each(|c| match c {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            _ => f.write_char(c),
        })
    }
}

/// The text as one line of visible characters: no line break that could begin another header or paragraph, no control
/// that could reorder what follows it.
pub(super) fn one_line(text: &str) -> String {
    let steers =
        |c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FEFF}');
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let visible: String = text.chars().filter(|c| !steers(*c)).map(|c| if breaks(c) { ' ' } else { c }).collect();
    visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Black or white, whichever is easier to read on the colour: where their contrast is the same, the relative luminance
/// of the colour is 0.179 (WCAG 2.2, "contrast ratio").
fn ink_on(colour: &str) -> &'static str {
    let linear = |byte: u8| {
        let value = f64::from(byte) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let [r, g, b] = rgb(colour).unwrap_or_default();
    if 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b) > 0.179 { "#000000" } else { "#ffffff" }
}

fn rgb(colour: &str) -> Option<[u8; 3]> {
    let digits =
        colour.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let [_, r, g, b] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some([r, g, b])
}
