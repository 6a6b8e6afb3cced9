//! Scripts, styles and pictures of the pages. The binary hands them in: see [`Files`].
//!
//! Every file has an address with the hash of its content in it, so that browsers may keep it for ever. What stands at a
//! fixed address by convention (`/favicon.ico` and the like) is served there, to be asked for again after a while.

use std::{borrow::Cow, collections::BTreeMap, path::Path, sync::Arc};

use axum::{
    Router,
    extract::{Path as Tail, State, rejection::PathRejection},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use data_encoding::HEXLOWER;
use hyper::body::Bytes;
use sha2::{Digest, Sha256};

use crate::http::{conditional::if_none_match, response::CROSS_ORIGIN};

/// For addresses that change with their content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// For addresses that do not.
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");
/// Files that are also served at the root, under their own names.
const ROOT: [&str; 3] = ["favicon.ico", "favicon.svg", "robots.txt"];
/// Bytes of the hash in an address.
const HASH_BYTES: usize = 8;

/// Where the files of the site are read from. A release binary has them inside; the library does not, so that another
/// style or script links the binary anew and compiles nothing else.
#[derive(Clone, Copy)]
pub struct Files {
    /// Their names, as in `pkg/nameplate.js` and `pkg/nameplate.js.br`.
    pub names: fn() -> Vec<Cow<'static, str>>,
    /// The content of the file of that name.
    pub read: fn(&str) -> Option<Cow<'static, [u8]>>,
}

/// The files by name, as in `pkg/nameplate.js`, and by address.
#[derive(Debug, Default)]
pub struct Assets {
    by_name: BTreeMap<String, Arc<Asset>>,
    by_file: BTreeMap<String, Arc<Asset>>,
}

/// A file in each encoding it comes in.
#[derive(Debug)]
struct Asset {
    /// The last segment of its address.
    file: String,
    hash: String,
    content_type: &'static str,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl Assets {
    /// Reads all files; those that end in `.br` and `.gz` are encodings of others.
    pub fn new(files: Files) -> Self {
        let mut assets = Self::default();
        let is_encoded = |name: &str| name.ends_with(".br") || name.ends_with(".gz");
        let read = |name: &str| match (files.read)(name)? {
            Cow::Borrowed(embedded) => Some(Bytes::from_static(embedded)),
            Cow::Owned(read) => Some(Bytes::from(read)),
        };
        for name in (files.names)().iter().filter(|name| !is_encoded(name)) {
            if let Some(plain) = read(name) {
                assets.insert(name, plain, read(&format!("{name}.br")), read(&format!("{name}.gz")));
            }
        }
        assets
    }

    /// Adds a file that is not part of the build.
    pub fn add(&mut self, name: &str, content: impl Into<Bytes>) {
        self.insert(name, content.into(), None, None);
    }

    fn insert(&mut self, name: &str, plain: Bytes, brotli: Option<Bytes>, gzip: Option<Bytes>) {
        let hash = HEXLOWER.encode(&Sha256::digest(&plain)[..HASH_BYTES]);
        let path = Path::new(name);
        let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
        let (stem, extension) = (part(path.file_stem()), part(path.extension()));
        let file = format!("{stem}.{hash}.{extension}");
        let asset = Asset { file: file.clone(), hash, content_type: content_type(&extension), plain, brotli, gzip };
        let asset = Arc::new(asset);
        self.by_name.insert(name.to_owned(), Arc::clone(&asset));
        self.by_file.insert(file, asset);
    }

    /// The address of a file; of one that is not there, an address where nothing is.
    pub fn url(&self, name: &str) -> String {
        let file = self.by_name.get(name).map_or(name, |asset| &asset.file);
        format!("/assets/{file}")
    }

    /// Whether there is a file of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The routes of all files.
    pub fn router(self: Arc<Self>) -> Router {
        let at_root = ROOT.into_iter().filter(|name| self.contains(name));
        let at_root = at_root.fold(Router::new(), |router, name| {
            let serve = move |State(assets): State<Arc<Self>>, headers: HeaderMap| async move {
                answer(assets.by_name.get(name), A_DAY, &headers)
            };
            router.route(&format!("/{name}"), get(serve))
        });
        at_root.route("/assets/{*file}", get(at_address)).with_state(self)
    }
}

async fn at_address(
    State(assets): State<Arc<Assets>>,
    file: Result<Tail<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    // What does not decode names no file.
    let asset = file.ok().and_then(|Tail(file)| assets.by_file.get(&file));
    answer(asset, FOR_EVER, &headers)
}

fn answer(asset: Option<&Arc<Asset>>, cache: HeaderValue, request: &HeaderMap) -> Response {
    let Some(asset) = asset else { return StatusCode::NOT_FOUND.into_response() };
    let (encoding, body) = asset.in_encoding(request);
    // Two encodings are two representations, and a strong tag names one (RFC 9110, section 8.8.3).
    let tag = format!("\"{}{}\"", asset.hash, encoding.map(|encoding| format!("-{encoding}")).unwrap_or_default());
    let mut response = match if_none_match(request, &tag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => body.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, cache);
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.extend(HeaderValue::try_from(tag).ok().map(|tag| (ETAG, tag)));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    // Mails that are read in a browser show the logo.
    headers.extend(Some(CROSS_ORIGIN).filter(|_| asset.content_type.starts_with("image/")));
    if let Some(encoding) = encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

impl Asset {
    /// The smallest form that the client takes.
    fn in_encoding(&self, request: &HeaderMap) -> (Option<&'static str>, Bytes) {
        let accepted = request.get_all(ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
        let accepted: Vec<_> = accepted.flat_map(|line| line.split(',')).filter_map(accepted_coding).collect();
        let takes = |coding: &str| {
            let named = |name: &str| accepted.iter().find(|(accepted, _)| accepted.eq_ignore_ascii_case(name));
            named(coding).or_else(|| named("*")).is_some_and(|(_, wanted)| *wanted)
        };
        match (&self.brotli, &self.gzip) {
            (Some(brotli), _) if takes("br") => (Some("br"), brotli.clone()),
            (_, Some(gzip)) if takes("gzip") => (Some("gzip"), gzip.clone()),
            _ => (None, self.plain.clone()),
        }
    }
}

/// An entry of `Accept-Encoding`, and whether it is wanted at all (`q=0` is not).
fn accepted_coding(entry: &str) -> Option<(&str, bool)> {
    let (coding, weight) = entry.split_once(';').unwrap_or((entry, "q=1"));
    let quality: f32 = weight.trim().strip_prefix("q=")?.trim().parse().ok()?;
    Some((coding.trim(), quality > 0.0))
}

fn content_type(extension: &str) -> &'static str {
    match extension {
        "css" => "text/css; charset=utf-8",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        "jpg" | "jpeg" => "image/jpeg",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::to_bytes, extract::Request};
    use tower::ServiceExt as _;

    use super::*;

    fn router() -> (Arc<Assets>, Router) {
        let mut assets = Assets::default();
        let encoded = |text: &'static str| Some(Bytes::from_static(text.as_bytes()));
        assets.insert("pkg/nameplate.js", Bytes::from_static(b"plain"), encoded("brotli"), encoded("gzip"));
        assets.add("favicon.svg", Bytes::from_static(b"<svg/>"));
        assets.add("pkg/nameplate.wasm", Bytes::from_static(b"\0asm"));
        let assets = Arc::new(assets);
        (Arc::clone(&assets), assets.router())
    }

    async fn ask(router: &Router, path: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Bytes) {
        let request = headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
        let response = router.clone().oneshot(request.body(axum::body::Body::empty()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, to_bytes(body, usize::MAX).await.unwrap())
    }

    #[tokio::test]
    async fn an_address_has_the_hash_of_its_content_and_is_kept_for_ever() {
        let (assets, router) = router();
        let url = assets.url("pkg/nameplate.js");
        assert_eq!(url, "/assets/nameplate.a116c9ed46d62077.js");
        let (status, headers, body) = ask(&router, &url, &[]).await;
        assert_eq!((status, body.as_ref()), (StatusCode::OK, &b"plain"[..]));
        assert_eq!(headers[CACHE_CONTROL], FOR_EVER);
        assert_eq!(headers[CONTENT_TYPE], "text/javascript; charset=utf-8");
        let (_, headers, _) = ask(&router, &assets.url("pkg/nameplate.wasm"), &[]).await;
        assert_eq!(headers[CONTENT_TYPE], "application/wasm");
    }

    #[tokio::test]
    async fn what_is_not_there_is_not_found() {
        let (assets, router) = router();
        for path in [
            "/assets/nameplate.js",
            "/assets/pkg/nameplate.js",
            "/assets/../Cargo.toml",
            "/assets/%FF.js",
            "/favicon.ico",
        ] {
            assert_eq!(ask(&router, path, &[]).await.0, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(assets.url("pkg/other.js"), "/assets/pkg/other.js");
    }

    #[tokio::test]
    async fn the_client_chooses_the_encoding() {
        let (assets, router) = router();
        let url = assets.url("pkg/nameplate.js");
        for (accepted, encoding, body) in [
            ("gzip, deflate, br, zstd", Some("br"), "brotli"),
            ("br;q=0, gzip", Some("gzip"), "gzip"),
            ("GZIP;q=0.5", Some("gzip"), "gzip"),
            ("*", Some("br"), "brotli"),
            ("*;q=0", None, "plain"),
            ("br;q=0, *;q=0.1", Some("gzip"), "gzip"),
            ("identity", None, "plain"),
            ("", None, "plain"),
        ] {
            let (_, headers, found) = ask(&router, &url, &[("accept-encoding", accepted)]).await;
            let found_encoding = headers.get(CONTENT_ENCODING).map(|value| value.to_str().unwrap());
            assert_eq!((found_encoding, found.as_ref()), (encoding, body.as_bytes()), "{accepted}");
            assert_eq!(headers[VARY], "accept-encoding");
        }
    }

    #[tokio::test]
    async fn a_known_tag_answers_304() {
        let (assets, router) = router();
        let url = assets.url("pkg/nameplate.js");
        let (_, plain, _) = ask(&router, &url, &[]).await;
        let (_, brotli, _) = ask(&router, &url, &[("accept-encoding", "br")]).await;
        assert_ne!(plain[ETAG], brotli[ETAG]);
        let tag = plain[ETAG].to_str().unwrap();
        for known in [tag, &format!("W/{tag}"), &format!("\"x\", {tag}"), "*"] {
            let (status, headers, body) = ask(&router, &url, &[("if-none-match", known)]).await;
            assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0), "{known}");
            assert_eq!((&headers[ETAG], &headers[CACHE_CONTROL]), (&plain[ETAG], &FOR_EVER));
        }
        let other = [("if-none-match", tag), ("accept-encoding", "br")];
        assert_eq!(ask(&router, &url, &other).await.0, StatusCode::OK);
    }

    #[tokio::test]
    async fn conventional_addresses_are_served_for_a_day() {
        let (_, router) = router();
        let (status, headers, body) = ask(&router, "/favicon.svg", &[]).await;
        assert_eq!((status, body.as_ref()), (StatusCode::OK, &b"<svg/>"[..]));
        assert_eq!(
            (&headers[CACHE_CONTROL], &headers[CONTENT_TYPE]),
            (&A_DAY, &HeaderValue::from_static("image/svg+xml"))
        );
    }
}
