//! Icons, drawn on a grid of 24 with one line in the colour of the text. They never stand without words.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named after what it shows")]
pub enum Glyph {
    Activity,
    Alert,
    At,
    Back,
    Calendar,
    Camera,
    Check,
    Chevron,
    Circle,
    Close,
    Copy,
    Dark,
    Device,
    Download,
    Eye,
    EyeOff,
    Info,
    Key,
    Light,
    Lock,
    Mail,
    Menu,
    Next,
    People,
    Phone,
    Picture,
    Pin,
    Print,
    RotateLeft,
    RotateRight,
    Shield,
    SignOut,
    Trash,
    Upload,
    User,
    ZoomIn,
    ZoomOut,
}

impl Glyph {
    fn path(self) -> &'static str {
        match self {
            Self::Activity => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3.5 2",
            Self::Alert => "M12 4 2.8 20h18.4L12 4Zm0 6v4.5m0 2.8v.1",
            Self::At => {
                "M12 15.8a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6Zm3.8-7.3v5c0 1.5 1 2.5 2.3 2.5s2.4-1 2.4-4\
                 a8.5 8.5 0 1 0-3.5 6.9"
            }
            Self::Back => "M19 12H5.5m6-6-6 6 6 6",
            Self::Calendar => "M4 6.5h16v13H4v-13Zm0 4h16M8 4v4m8-4v4",
            Self::Camera => {
                "M4 8.5A1.5 1.5 0 0 1 5.5 7H8l1.5-2.5h5L16 7h2.5A1.5 1.5 0 0 1 20 8.5v9a1.5 1.5 0 0 1-1.5 1.5\
                 h-13A1.5 1.5 0 0 1 4 17.5v-9Zm8 7.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4Z"
            }
            Self::Check => "m5 12.5 4.5 4.5L19 7.5",
            Self::Chevron => "m7 10 5 5 5-5",
            Self::Circle => "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16Z",
            Self::Close => "m6 6 12 12M18 6 6 18",
            Self::Copy => "M9 8.5h11v12H9v-12Zm6 0v-5H4v12h5",
            Self::Dark => "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z",
            Self::Device => "M4 5.5h16V16H4V5.5ZM8.5 20h7M12 16v4",
            Self::Download => {
                "M12 4.5V16m4.5-4.5L12 16l-4.5-4.5M4 15.5v3A1.5 1.5 0 0 0 5.5 20h13a1.5 1.5 0 0 0 1.5-1.5v-3"
            }
            Self::Eye => {
                "M2.5 12C4.6 7.9 8 5.8 12 5.8s7.4 2.1 9.5 6.2c-2.1 4.1-5.5 6.2-9.5 6.2S4.6 16.1 2.5 12Zm9.5 2.8\
                 a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6Z"
            }
            Self::EyeOff => {
                "M9.5 6.1A10 10 0 0 1 12 5.8c4 0 7.4 2.1 9.5 6.2a13 13 0 0 1-2.6 3.5M6.3 7.8A12.6 12.6 0 0 0 2.5 12\
                 c2.1 4.1 5.5 6.2 9.5 6.2 1.6 0 3.1-.3 4.5-1M4 4l16 16"
            }
            Self::Info => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-10v5.5m0-9v.1",
            Self::Key => "M8 19a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm2.9-6.9L19.5 3.5m-3 3 3 3m-6 0 2 2",
            Self::Light => {
                "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm0-13.5v2m0 15v2M2.5 12h2m15 0h2M5.3 5.3l1.4 1.4\
                 m10.6 10.6 1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"
            }
            Self::Lock => "M6 11h12v9H6v-9Zm2.5 0V7.5a3.5 3.5 0 0 1 7 0V11M12 14.5v2",
            Self::Mail => "M3.5 5.5h17v13h-17v-13Zm0 1.5 8.5 6.5L20.5 7",
            Self::Menu => "M4 7h16M4 12h16M4 17h16",
            Self::Next => "m9.5 6 6 6-6 6",
            Self::People => {
                "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 8.5c.6-3 3-4.5 6.5-4.5s5.9 1.5 6.5 4.5M16 4.3\
                 a3.5 3.5 0 0 1 0 6.4m1.8 4.6c2 .6 3.3 2 3.7 4.2"
            }
            Self::Phone => "M6.5 2.5h11v19h-11v-19Zm4.5 16h2",
            Self::Picture => "M4 5.5h16v13H4v-13Zm0 10.5 4.5-4.5 4 4 3-3 4.5 4M15 9.5h.1",
            Self::Pin => {
                "M12 21c4-4.6 6-8 6-10.5a6 6 0 0 0-12 0c0 2.5 2 5.9 6 10.5Zm0-8.2a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6Z"
            }
            Self::Print => "M7 8V3.5h10V8M7 17H3.5V8h17v9H17M7 14h10v6.5H7V14Z",
            Self::RotateLeft => "M4 5v5h5M4.6 10A8 8 0 1 1 4 13.5",
            Self::RotateRight => "M20 5v5h-5m4.4 0A8 8 0 1 0 20 13.5",
            Self::Shield => "m12 3 7 2.5v5.6c0 4.6-2.9 8-7 9.9-4.1-1.9-7-5.3-7-9.9V5.5L12 3Zm-3 9 2.2 2.2 4.3-4.2",
            Self::SignOut => "M10 4H5.5A1.5 1.5 0 0 0 4 5.5v13A1.5 1.5 0 0 0 5.5 20H10m5-12 4 4-4 4m4-4H9",
            Self::Trash => "M5 7h14m-9 0V4.5h4V7M6.5 7l.8 12a1.5 1.5 0 0 0 1.5 1.5h6.4a1.5 1.5 0 0 0 1.5-1.5l.8-12",
            Self::Upload => "M12 16V4.5M7.5 9 12 4.5 16.5 9M4 15.5v3A1.5 1.5 0 0 0 5.5 20h13a1.5 1.5 0 0 0 1.5-1.5v-3",
            Self::User => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-8 8.5c.9-3.6 4-5.5 8-5.5s7.1 1.9 8 5.5",
            Self::ZoomIn => "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 4.5 4.5M11 8v6m-3-3h6",
            Self::ZoomOut => "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 4.5 4.5M8 11h6",
        }
    }
}

/// An icon. Screen readers pass over it.
#[component]
pub fn Icon(
    /// What it shows.
    glyph: Glyph,
) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=glyph.path()/></svg> }
}
