//! Uploads and the database bucket.

use std::sync::Arc;

use nameplate::store::{Store, pictures::Upload};
use uuid::Uuid;

use super::{accounts, at, named, on_both_engines};

on_both_engines!(uploads_and_renditions_read_back, unused_uploads_are_swept, stray_objects_are_found);

pub fn upload(owner_id: Uuid, access_key: &str) -> Upload {
    Upload {
        id: named(access_key),
        owner_id,
        access_key: access_key.into(),
        file_name: "me.png".into(),
        mime_type: "image/png".into(),
        file_size: 12_345,
        in_use: false,
        created_at: at(1),
        updated_at: at(1),
    }
}

pub async fn insert(store: &Arc<dyn Store>, owner_id: Uuid, access_key: &str) -> Upload {
    let upload = upload(owner_id, access_key);
    let mut tx = store.write().await.unwrap();
    tx.insert_upload(&upload).await.unwrap();
    tx.insert_blob(access_key, "512", &[0, 1, 255]).await.unwrap();
    tx.commit().await.unwrap();
    upload
}

async fn uploads_and_renditions_read_back(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let first = insert(&store, ada, "first.webp").await;
    let second = insert(&store, ada, "second.webp").await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.upload(first.id).await.unwrap().as_ref(), Some(&first));
    assert_eq!(tx.upload_by_key("second.webp").await.unwrap().as_ref(), Some(&second));
    assert_eq!(tx.upload_by_key("third.webp").await.unwrap(), None);
    assert_eq!(tx.uploads_of(ada).await.unwrap().len(), 2);
    assert_eq!(tx.blob("first.webp", "512").await.unwrap(), Some(vec![0, 1, 255]));
    assert_eq!(tx.blob("first.webp", "64").await.unwrap(), None);
    assert_eq!(tx.upload_by_key("\0").await.unwrap(), None);
    assert_eq!(tx.blob("first.webp\0", "512").await.unwrap(), None);
    assert!(tx.delete_upload(first.id).await.unwrap());
    assert!(!tx.delete_upload(first.id).await.unwrap());
    assert_eq!(tx.blob("first.webp", "512").await.unwrap(), None);
    assert_eq!(tx.uploads_of(ada).await.unwrap(), [second]);
}

async fn unused_uploads_are_swept(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let used = insert(&store, ada, "used.webp").await;
    let unused = insert(&store, ada, "unused.webp").await;
    let mut tx = store.write().await.unwrap();
    assert!(tx.mark_upload(used.id, true, at(2)).await.unwrap());
    assert_eq!(tx.sweep_uploads(at(1), 10).await.unwrap(), 0);
    assert_eq!(tx.sweep_uploads(at(2), 10).await.unwrap(), 1);
    assert_eq!(tx.upload(unused.id).await.unwrap(), None);
    assert!(!tx.mark_upload(unused.id, true, at(3)).await.unwrap(), "it is gone");
    assert!(tx.mark_upload(used.id, false, at(3)).await.unwrap());
    tx.commit().await.unwrap();
    insert(&store, ada, "another.webp").await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.sweep_uploads(at(4), 1).await.unwrap(), 1);
    assert_eq!(tx.sweep_uploads(at(4), 2).await.unwrap(), 1);
}

async fn stray_objects_are_found(store: Arc<dyn Store>) {
    let ada = accounts::insert(&store, &["ada"]).await[0].id;
    let gone = insert(&store, ada, "gone.webp").await;
    insert(&store, ada, "goes-with-its-account.webp").await;
    let mut tx = store.write().await.unwrap();
    tx.expect_object("kept.webp", at(3)).await.unwrap();
    tx.expect_object("never-kept.webp", at(4)).await.unwrap();
    tx.forget_object("kept.webp").await.unwrap();
    assert_eq!(tx.stray_objects(at(4), 10).await.unwrap(), [""; 0]);
    tx.delete_upload(gone.id).await.unwrap();
    assert_eq!(tx.stray_objects(at(4), 10).await.unwrap(), ["gone.webp"]);
    tx.delete_account(ada).await.unwrap();
    assert_eq!(tx.stray_objects(at(5), 10).await.unwrap().len(), 3);
    assert_eq!(tx.stray_objects(at(5), 1).await.unwrap().len(), 1);
    tx.forget_object("gone.webp").await.unwrap();
    assert_eq!(tx.stray_objects(at(5), 10).await.unwrap().len(), 2);
}
