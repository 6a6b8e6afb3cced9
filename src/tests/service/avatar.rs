//! Uploads.

use chrono::TimeDelta;
use nameplate::{
    domain::{
        avatar::{AvatarError, FocusPoint, Region, Size},
        error::Error,
        session::Actor,
    },
    service::{Expectation, pictures::avatar::Format, profile::ProfileChange},
    store::pictures::Upload,
};

use crate::harness::{TestServer, origin};

pub async fn ada(server: &TestServer) -> Actor {
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    server.accounts.authenticate_bearer(&ada.access, &origin()).await.unwrap().0
}

fn picture() -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(40, 30, image::Rgb([10, 200, 30])).write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

pub async fn upload(server: &TestServer, actor: &Actor) -> Result<Upload, Error> {
    server.accounts.upload_avatar(actor, "me.png", picture(), Region::Focus(FocusPoint::default())).await
}

pub async fn show(server: &TestServer, actor: &Actor, upload: &Upload) {
    let avatar = Some(server.accounts.upload_url(&upload.access_key));
    let change = ProfileChange { avatar, ..Default::default() };
    server.accounts.update_profile(actor, actor.account_id, change, Expectation::Any).await.unwrap();
}

#[tokio::test]
async fn an_upload_is_stored_in_every_size_and_shown_once_saved() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let stored = upload(&server, &ada).await.unwrap();
    assert_eq!((stored.mime_type.as_str(), stored.in_use), ("image/png", false));
    for size in Size::ALL {
        let webp = server.accounts.rendition(&stored.access_key, size, Format::WebP).await.unwrap();
        let decoded = image::load_from_memory(&webp).unwrap();
        assert_eq!((decoded.width(), decoded.height()), (size.px(), size.px()));
    }
    let jpeg = server.accounts.rendition(&stored.access_key, Size::default(), Format::Jpeg).await.unwrap();
    assert_eq!(image::guess_format(&jpeg).unwrap(), image::ImageFormat::Jpeg);
    show(&server, &ada, &stored).await;
    let account = server.accounts.account(&ada, ada.account_id).await.unwrap();
    assert_eq!(server.accounts.avatar_url(&account), server.accounts.upload_url(&stored.access_key));
    assert!(server.accounts.upload(&ada, stored.id).await.unwrap().in_use);
}

#[tokio::test]
async fn a_refused_picture_changes_nothing() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let stored = upload(&server, &ada).await.unwrap();
    show(&server, &ada, &stored).await;
    let refused =
        server.accounts.upload_avatar(&ada, "x", b"<svg/>".to_vec(), Region::Focus(FocusPoint::default())).await;
    assert_eq!(refused.err(), Some(Error::Avatar(AvatarError::UnsupportedType)));
    assert!(server.accounts.rendition(&stored.access_key, Size::Px64, Format::WebP).await.is_ok());
}

#[tokio::test]
async fn ten_are_kept_and_the_oldest_unused_goes() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let first = upload(&server, &ada).await.unwrap();
    show(&server, &ada, &first).await;
    let second = upload(&server, &ada).await.unwrap();
    for _ in 0..9 {
        server.advance(TimeDelta::seconds(1));
        upload(&server, &ada).await.unwrap();
    }
    assert!(server.accounts.upload(&ada, first.id).await.is_ok(), "in use");
    assert_eq!(server.accounts.upload(&ada, second.id).await.err(), Some(Error::NotFound));
}

#[tokio::test]
async fn twenty_an_hour() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    for _ in 0..20 {
        upload(&server, &ada).await.unwrap();
    }
    assert!(matches!(upload(&server, &ada).await, Err(Error::Throttled { .. })));
    server.advance(TimeDelta::hours(1));
    upload(&server, &ada).await.unwrap();
}

#[tokio::test]
async fn unused_ones_are_swept_after_a_day_and_shown_ones_are_not() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let shown = upload(&server, &ada).await.unwrap();
    show(&server, &ada, &shown).await;
    let unused = upload(&server, &ada).await.unwrap();
    server.advance(TimeDelta::days(1) + TimeDelta::seconds(1));
    server.accounts.sweep().await.unwrap();
    assert_eq!(server.accounts.upload(&ada, unused.id).await.err(), Some(Error::NotFound));
    assert!(server.accounts.upload(&ada, shown.id).await.is_ok());
}

#[tokio::test]
async fn deleting_takes_it_off_the_profile_and_is_for_its_owner() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let bob = server.sign_up("bob@example.com", "Bob").await;
    let (bob, _) = server.accounts.authenticate_bearer(&bob.access, &origin()).await.unwrap();
    let stored = upload(&server, &ada).await.unwrap();
    show(&server, &ada, &stored).await;
    assert_eq!(server.accounts.delete_upload(&bob, stored.id).await.err(), Some(Error::Forbidden));
    server.accounts.delete_upload(&ada, stored.id).await.unwrap();
    let account = server.accounts.account(&ada, ada.account_id).await.unwrap();
    assert_eq!(server.accounts.avatar_url(&account), server.accounts.generated_avatar_url(ada.account_id));
    let gone = server.accounts.rendition(&stored.access_key, Size::Px64, Format::WebP).await;
    assert_eq!(gone.err(), Some(Error::NotFound));
}
