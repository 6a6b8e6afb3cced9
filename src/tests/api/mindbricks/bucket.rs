//! The bucket of avatars.

use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use serde_json::{Value, json};

use crate::harness::{Person, Reply, TestServer};

const BOUNDARY: &str = "~~boundary~~";
const UPLOAD: &str = "POST /auth-api/bucket/userAvatars/upload";

/// A picture, red on the left and blue on the right.
fn png() -> Vec<u8> {
    let picture = RgbImage::from_fn(40, 20, |x, _| image::Rgb(if x < 20 { [255, 0, 0] } else { [0, 0, 255] }));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).expect("a picture");
    bytes.into_inner()
}

/// A form of files and texts.
fn form(parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

async fn upload(server: &TestServer, person: &Person, body: Vec<u8>) -> Reply {
    let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
    server.call(UPLOAD).bearer(&person.access).body(&media_type, body).send().await
}

fn left_pixel(bytes: &[u8]) -> [u8; 3] {
    image::load_from_memory(bytes).expect("a picture").to_rgb8().get_pixel(2, 30).0
}

fn path(url: &Value) -> &str {
    url.as_str().and_then(|url| url.strip_prefix("https://id.example")).expect("an address of ours")
}

#[tokio::test]
async fn an_upload_becomes_the_avatar_and_anybody_may_see_it() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let told = upload(&server, &jo, form(&[("file", Some("jo.png"), &png())])).await.expect(200);
    insta::assert_json_snapshot!("upload", told, {
        ".file.id" => "[uuid]", ".file.accessKey" => "[key]", ".file.ownerId" => "[uuid]", ".file.url" => "[url]",
        ".file.fileSize" => "[bytes]",
    });
    let url = &told["file"]["url"];
    let change = json!({"avatar": url});
    let user = server.call("PATCH /auth-api/v1/profile").bearer(&jo.access).json(&change).send().await.expect(200);
    assert_eq!(&user["user"]["avatar"], url);

    let picture = server.call(&format!("GET {}", path(url))).send().await;
    assert_eq!((picture.status.as_u16(), picture.header("content-type")), (200, "image/webp"));
    for (name, value) in [
        ("cache-control", "public, max-age=86400"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("vary", "accept"),
    ] {
        assert_eq!(picture.header(name), value);
    }
    let unchanged =
        server.call(&format!("GET {}", path(url))).header("if-none-match", picture.header("etag")).send().await;
    assert_eq!((unchanged.status.as_u16(), unchanged.body.len()), (304, 0));
    assert_eq!(unchanged.header("etag"), picture.header("etag"));
    let head = server.call(&format!("HEAD {}", path(url))).send().await;
    assert_eq!((head.status.as_u16(), head.header("etag"), head.body.len()), (200, picture.header("etag"), 0));
    assert_eq!(head.header("content-length"), picture.body.len().to_string());
}

#[tokio::test]
async fn a_picture_comes_in_four_sizes_and_two_types() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let told = upload(&server, &jo, form(&[("files", Some("jo.png"), &png())])).await.expect(200);
    let route = format!("GET {}", path(&told["file"]["url"]));
    let mut tags = Vec::new();
    for size in [512, 256, 128, 64] {
        let picture = server.call(&format!("{route}?size={size}")).send().await;
        assert_eq!(image::load_from_memory(&picture.body).expect("a picture").width(), size);
        tags.push(picture.header("etag").to_owned());
    }
    tags.dedup();
    assert_eq!(tags.len(), 4, "every size has its own tag");
    let jpeg = server.call(&route).header("accept", "image/png,image/jpeg").send().await;
    assert_eq!(jpeg.header("content-type"), "image/jpeg");
    let webp = server.call(&route).header("accept", "image/avif,image/webp,*/*;q=0.8").send().await;
    assert_eq!(webp.header("content-type"), "image/webp");
    for size in ["0", "1024", "", "0512"] {
        let told = server.call(&format!("{route}?size={size}")).send().await.expect(400);
        assert_eq!(told["message"], "errMsg_sizeisNotValid", "{size}");
    }
    for key in ["nothing", "AZaz09-_AZaz09-_AZaz09.webp", "%ff", "..%2f..%2fetc%2fpasswd"] {
        let gone = server.call(&format!("GET /auth-api/bucket/userAvatars/download/key/{key}")).send().await;
        assert_eq!(gone.expect(404)["message"], "errMsg_RecordNotFound", "{key}");
        assert_eq!(gone.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn a_crop_is_followed_wherever_it_stands_in_the_form() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let file: (&str, Option<&str>, &[u8]) = ("file", Some("jo.png"), &png());
    for (parts, blue) in [
        (vec![file, ("crop", None, b"20,0,20,20")], true),
        (vec![("crop", None, &b"20,0,20,20"[..]), file], true),
        (vec![("crop", None, &b"0,0,20,20"[..]), ("other", None, b"x"), file], false),
        (vec![("crop", None, &b""[..]), file], false),
    ] {
        let told = upload(&server, &jo, form(&parts)).await.expect(200);
        let picture = server.call(&format!("GET {}", path(&told["file"]["url"]))).send().await;
        let [red, _, sea] = left_pixel(&picture.body);
        assert_eq!(sea > red, blue, "{parts:?}");
    }
    for crop in [&b"20,0,20"[..], b"a,b,c,d", b"100,100,5,5", b"\xff", &[b'1'; 300]] {
        let told = upload(&server, &jo, form(&[file, ("crop", None, crop)])).await.expect(400);
        assert_eq!(told["message"], "errMsg_cropisNotValid", "{crop:?}");
    }
}

#[tokio::test]
async fn what_is_no_picture_is_refused() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let damaged = &png()[..60];
    for (status, bytes, message) in [
        (415, &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], "errMsg_UnsupportedMediaType"),
        (400, damaged, "errMsg_fileIsNotValid"),
        (400, b"", "errMsg_fileIsNotValid"),
    ] {
        let told = upload(&server, &jo, form(&[("file", Some("jo.png"), bytes)])).await.expect(status);
        assert_eq!((&told["message"], &told["errCode"]), (&json!(message), &json!(status)));
    }
    let none = upload(&server, &jo, form(&[("crop", None, b"0,0,1,1")])).await.expect(400);
    assert_eq!(none["message"], "errMsg_fileisRequired");
    let two = form(&[("file", Some("a.png"), &png()), ("files", Some("b.png"), &png())]);
    assert_eq!(upload(&server, &jo, two).await.expect(400)["message"], "errMsg_fileIsNotValid");
}

#[tokio::test]
async fn a_form_is_read_no_further_than_it_may_be() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let most = 10 * 1024 * 1024;
    let told = upload(&server, &jo, form(&[("file", Some("a.png"), &vec![0; most])])).await.expect(415);
    assert_eq!(told["message"], "errMsg_UnsupportedMediaType", "as large as it may be, but no picture");
    for parts in [
        vec![("file", Some("a.png"), vec![0; most + 1])],
        vec![("other", None, vec![0; most]), ("file", Some("a.png"), vec![0; 128 * 1024])],
    ] {
        let parts: Vec<_> = parts.iter().map(|(name, file, bytes)| (*name, *file, &bytes[..])).collect();
        let told = upload(&server, &jo, form(&parts)).await.expect(413);
        assert_eq!((&told["message"], &told["errCode"]), (&json!("errMsg_PayloadTooLarge"), &json!(413)));
    }
    let whole = form(&[("file", Some("a.png"), &png())]);
    let told = upload(&server, &jo, whole[..whole.len() - 30].to_vec()).await.expect(400);
    assert_eq!(told["message"], "errMsg_bodyisNotValid", "cut short");

    for (status, media_type) in [(415, "image/png"), (415, "application/json"), (415, ""), (400, "multipart/form-data")]
    {
        server.call(UPLOAD).bearer(&jo.access).body(media_type, whole.clone()).send().await.expect(status);
    }
    let media_type = format!("multipart/form-data; boundary={BOUNDARY}");
    server.call(UPLOAD).body(&media_type, whole).send().await.expect(401);
}

#[tokio::test]
async fn uploads_are_their_owners() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let eve = server.sign_up("eve@example.com", "Eve").await;
    let told = upload(&server, &jo, form(&[("file", Some("jo.png"), &png())])).await.expect(200);
    let id = told["file"]["id"].as_str().expect("an id");
    let (meta, delete) =
        (format!("GET /auth-api/bucket/userAvatars/meta/{id}"), format!("DELETE /auth-api/bucket/userAvatars/{id}"));
    assert_eq!(server.call(&meta).bearer(&jo.access).send().await.expect(200)["file"], told["file"]);
    for route in [&meta, &delete] {
        let refused = server.call(route).bearer(&eve.access).send().await;
        assert!([403, 404].contains(&refused.status.as_u16()), "{refused:?}");
        server.call(route).send().await.expect(401);
    }
    let gone = server.call(&delete).bearer(&jo.access).send().await.expect(200);
    assert_eq!((&gone["action"], &gone["file"]["id"]), (&json!("delete"), &json!(id)));
    server.call(&meta).bearer(&jo.access).send().await.expect(404);
    server.call(&format!("GET {}", path(&told["file"]["url"]))).send().await.expect(404);
}
