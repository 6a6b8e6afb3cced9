//! Uploading from the page.

use std::io::Cursor;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use image::{ImageFormat, RgbImage};

use super::browser::{Answer, Browser, Site};

fn png() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_fn(90, 60, |x, y| image::Rgb([x as u8, y as u8, 99]))
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

async fn upload(browser: &mut Browser<'_>, accept: &str, fields: &[(&str, &str)], file: Option<&[u8]>) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    if let Some(file) = file {
        body.extend(b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n");
        body.extend(file);
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    let request = Request::post("/fn/upload-avatar")
        .header(header::ACCEPT, accept)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
    browser.ask(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn uploading_and_saving_are_two_steps() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let answer = upload(&mut ada, "application/json", &[("crop", "10,0,60,60")], Some(&png())).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let address = answer.json()["saved"]["avatar"].as_str().unwrap().to_owned();
    assert!(address.starts_with("/auth-api/bucket/userAvatars/download/key/"), "{address}");
    assert!(!ada.get("/profile").await.body.contains(&address));

    let done = ada.fetch("update-profile", &[("avatar", &address), ("record_version", "1")]).await.json();
    assert_eq!((&done["saved"]["avatar"], &done["saved"]["has_picture"]), (&address.clone().into(), &"true".into()));
    assert!(ada.get("/profile").await.body.contains(&address));

    let done = ada.fetch("update-profile", &[("avatar", ""), ("record_version", "2")]).await.json();
    assert!(done["saved"]["avatar"].as_str().unwrap().ends_with(".svg"));
    assert_eq!(done["notice"]["text"], "Picture removed");
}

#[tokio::test]
async fn without_script_one_form_does_both() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let fields = [("record_version", "1"), ("save", "true"), ("focus", "top-left")];
    assert_eq!(upload(&mut ada, "text/html", &fields, Some(&png())).await.location(), "/profile");
    assert!(ada.get("/profile").await.body.contains("/userAvatars/download/key/"));

    assert_eq!(upload(&mut ada, "text/html", &fields, Some(b"not a picture")).await.location(), "/profile");
    let page = ada.get("/profile").await.body;
    assert!(page.contains("file-error") && page.contains("/userAvatars/download/key/"), "the old one stays");
}

#[tokio::test]
async fn bad_uploads_are_told_what_is_wrong() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    let json = "application/json";
    for (fields, file) in [
        (&[][..], None),
        (&[], Some(&b""[..])),
        (&[], Some(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>")),
        (&[("crop", "1,2,3")], Some(&png())),
        (&[("crop", "500,500,10,10")], Some(&png())),
        (&[("focus", "elsewhere")], Some(&png())),
    ] {
        let answer = upload(&mut ada, json, fields, file).await;
        assert_eq!(
            (answer.status, &answer.json()["errors"][0]["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &"file".into())
        );
    }
    let large = vec![0; 10 * 1024 * 1024 + 100 * 1024];
    let answer = upload(&mut ada, json, &[], Some(&large)).await;
    assert_eq!((answer.status, &answer.json()["errors"][0]["field"]), (StatusCode::PAYLOAD_TOO_LARGE, &"file".into()));
    assert_eq!(upload(&mut ada, "text/html", &[], Some(&large)).await.location(), "/profile");
    assert!(ada.get("/profile").await.body.contains("file-error"));
    assert_eq!(upload(&mut site.browser(), json, &[], Some(&png())).await.status, StatusCode::UNAUTHORIZED);
}
