//! Mail to a real SMTP server, through everything that can go wrong on the way.

use std::{process::Command, sync::Arc, time::Duration};

use chrono::TimeDelta;
use nameplate::{
    domain::message::OutboxMessage,
    ports::mailer::{Mailer, SendError, smtp::Smtp},
    service::outbox::Transports,
};
use tokio::task::spawn_blocking;

use super::{
    post::{Post, mail_to},
    relay::{Delivery, Mood, Relay},
};

const FROM: &str = "Nameplate <no-reply@id.example.com>";
/// Where the child process of a test finds its relay.
const CHILD_RELAY: &str = "NAMEPLATE_TEST_RELAY";

fn smtp(url: &str) -> Smtp {
    Smtp::new(url, FROM).unwrap()
}

fn plain(relay: &Relay) -> Smtp {
    smtp(&format!("smtp://{}", relay.address))
}

fn mail(carrier: Smtp) -> Transports {
    Transports { mail: Some(Arc::new(carrier)), sms: None }
}

fn with_id(deliveries: &[Delivery], id: uuid::Uuid) -> usize {
    let message_id = Some(format!("<{id}@id.example.com>"));
    deliveries.iter().filter(|delivery| delivery.header("Message-ID") == message_id).count()
}

#[tokio::test]
async fn a_mail_arrives_whole() {
    let relay = Relay::offering(&[]).await;
    let post = Post::open().await;
    let id = post.write(mail_to("ada@example.com")).await;
    assert_eq!(post.worker(mail(plain(&relay))).tick().await.unwrap(), 1);
    let [delivery] = relay.deliveries().try_into().unwrap();
    assert_eq!((delivery.from.as_str(), delivery.to.as_str()), ("no-reply@id.example.com", "ada@example.com"));
    let header = |name| delivery.header(name).unwrap();
    assert_eq!(header("From"), "Nameplate <no-reply@id.example.com>");
    assert_eq!(header("To"), "ada@example.com");
    assert_eq!(header("Message-ID"), format!("<{id}@id.example.com>"));
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert_eq!(header("Date"), "Sun, 01 Mar 2026 12:00:00 +0000");
    assert!(header("Content-Type").starts_with("multipart/alternative;"), "{delivery:?}");
    assert_eq!(header("Subject"), "Your code – kodunuz: ığşçöü");
    let (plain, html) = delivery.message.split_once("Content-Type: text/html; charset=utf-8").unwrap();
    assert!(plain.contains("Content-Type: text/plain; charset=utf-8") && plain.contains("004219"), "{plain}");
    assert!(html.contains("004219"), "{html}");
    assert!(delivery.message.is_ascii() && relay.commands().contains(&"QUIT".to_owned()));
}

#[tokio::test]
async fn lines_with_dots_and_header_lines_in_texts_stay_text() {
    let relay = Relay::offering(&[]).await;
    let hostile = OutboxMessage {
        subject: "Hello\r\nBcc: eve@example.com\r\n\r\nbody".to_owned(),
        body_text: "a\n.\n..b\nBcc: eve@example.com\n".to_owned(),
        body_html: String::new(),
        ..mail_to("ada@example.com")
    };
    plain(&relay).send(&hostile).await.unwrap();
    let [delivery] = relay.deliveries().try_into().unwrap();
    let (head, body) = delivery.message.split_once("\r\n\r\n").unwrap();
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
    assert!(body.contains("a\r\n.\r\n..b\r\nBcc: eve@example.com\r\n"), "{body}");
    assert_eq!(relay.commands().iter().filter(|command| command.starts_with("RCPT")).count(), 1);
}

#[tokio::test]
async fn it_introduces_itself_by_the_name_it_was_given() {
    for (name, greeting) in [("accounts.example.com", "EHLO accounts.example.com"), ("192.0.2.7", "EHLO [192.0.2.7]")] {
        let relay = Relay::offering(&[]).await;
        plain(&relay).with_hello(name).send(&mail_to("ada@example.com")).await.unwrap();
        assert_eq!(relay.commands()[0], greeting);
    }
}

#[tokio::test]
async fn a_name_that_the_relay_does_not_take_is_told_with_the_way_out() {
    let relay = Relay::offering(&[]).await;
    relay.next(Mood::Answers("EHLO", "504 5.5.2 <container>: Helo command rejected: need fully-qualified hostname"));
    let Err(SendError::Temporary(reason)) = plain(&relay).check().await else { panic!("it was taken") };
    assert!(reason.contains("need fully-qualified hostname") && reason.contains("set mail.ehlo_name"), "{reason}");
}

#[tokio::test]
async fn whatever_goes_wrong_nothing_is_lost_or_doubled() {
    let relay = Relay::offering(&[]).await;
    let post = Post::open().await;
    let worker = post.worker(mail(plain(&relay).with_deadline(Duration::from_secs(1))));
    for mood in [
        Mood::Answers("EHLO", "554 5.3.2 not today"),
        Mood::Answers("MAIL", "451 4.3.0 busy"),
        Mood::Answers("MAIL", "550 5.7.1 you may not send as that"),
        Mood::Answers("RCPT", "451 4.2.0 greylisted"),
        Mood::Answers("RCPT", "554 5.7.1 <ada@example.com>: relay access denied"),
        Mood::Answers("RCPT", "530 5.5.1 sign in first"),
        Mood::Answers("DATA", "421 4.3.2 shutting down"),
        Mood::Answers(".", "452 4.3.1 disk full"),
        Mood::Answers("RCPT", "gibberish"),
        Mood::Hangs("EHLO"),
        Mood::Hangs("RCPT"),
        Mood::Hangs("DATA"),
        Mood::Leaves("EHLO"),
        Mood::Leaves("DATA"),
        Mood::LeavesInMessage,
        Mood::LeavesAfterMessage,
    ] {
        relay.next(mood);
        let id = post.write(mail_to("ada@example.com")).await;
        assert_eq!(worker.tick().await.unwrap(), 0, "{mood:?}");
        let kept = post.read(id).await;
        assert!(kept.last_error.is_some() && kept.parked_at.is_none(), "{mood:?}: {kept:?}");
        assert!(!kept.last_error.unwrap().contains("ada@"), "{mood:?}");
        post.clock.advance(TimeDelta::seconds(13));
        assert_eq!(worker.tick().await.unwrap(), 1, "{mood:?}");
        // A relay that takes a message and dies before it says so cannot be told from one that did not take it.
        let copies = if matches!(mood, Mood::LeavesAfterMessage) { 2 } else { 1 };
        assert_eq!(with_id(&relay.deliveries(), id), copies, "{mood:?}");
    }
}

#[tokio::test]
async fn a_relay_that_cannot_be_reached_costs_nothing() {
    let relay = Relay::offering(&[]).await;
    let carrier = plain(&relay);
    drop(relay);
    let error = carrier.send(&mail_to("ada@example.com")).await.unwrap_err();
    assert!(matches!(error, SendError::Temporary(_)), "{error}");
}

#[tokio::test]
async fn refused_recipients_and_messages_are_parked() {
    let relay = Relay::offering(&[]).await;
    let post = Post::open().await;
    let worker = post.worker(mail(plain(&relay)));
    for (verb, answer) in [
        ("RCPT", "550 no such user"),
        ("RCPT", "550 5.1.1 <ada@example.com> no such user"),
        ("RCPT", "553 5.1.3 what address is that?"),
        (".", "554 5.6.0 not this"),
    ] {
        relay.next(Mood::Answers(verb, answer));
        let id = post.write(mail_to("ada@example.com")).await;
        worker.tick().await.unwrap();
        let kept = post.read(id).await;
        let reason = answer.replace("<ada@example.com>", "<address>");
        assert!(kept.parked_at.is_some() && kept.last_error.unwrap().contains(&reason[4..]), "{answer}");
    }
    assert!(relay.deliveries().is_empty());
}

#[tokio::test]
async fn the_relay_is_told_who_we_are() {
    let relay = Relay::offering(&["AUTH LOGIN PLAIN"]).await;
    let signed_in = |user: &str, password: &str| smtp(&format!("smtp://{user}:{password}@{}", relay.address));
    signed_in("mailer%40example.com", "p%2F%3A%20%C3%BC").send(&mail_to("ada@example.com")).await.unwrap();
    assert_eq!(relay.deliveries()[0].user.as_deref(), Some("mailer@example.com"));
    let error = signed_in("mailer", "wrong").send(&mail_to("ada@example.com")).await.unwrap_err();
    assert!(matches!(&error, SendError::Temporary(reason) if reason.contains("535")), "{error}");
    assert_eq!(relay.deliveries().len(), 1);
}

#[tokio::test]
async fn addresses_beyond_ascii_need_a_relay_that_knows_them() {
    let international = mail_to("用户@xn--fsqu00a.xn--rhqv96g");
    let relay = Relay::offering(&["SMTPUTF8"]).await;
    plain(&relay).send(&international).await.unwrap();
    assert_eq!(relay.deliveries()[0].to, international.recipient);
    assert!(relay.commands().contains(&"MAIL FROM:<no-reply@id.example.com> SMTPUTF8".to_owned()));
    let relay = Relay::offering(&[]).await;
    let error = plain(&relay).send(&international).await.unwrap_err();
    assert!(matches!(error, SendError::Refused(_)), "{error}");
    let error = plain(&relay).send(&mail_to("ada@example.com>\r\nDATA")).await.unwrap_err();
    assert!(matches!(error, SendError::Refused(_)), "{error}");
    assert!(relay.deliveries().is_empty());
}

#[tokio::test]
async fn without_trustworthy_encryption_nothing_is_said() {
    let plain_only = Relay::offering(&["AUTH PLAIN"]).await;
    let starttls = Relay::offering(&["STARTTLS", "AUTH PLAIN"]).await;
    let implicit = Relay::offering(&["IMPLICIT-TLS", "AUTH PLAIN"]).await;
    let url =
        |scheme, relay: &Relay| format!("{scheme}://mailer:secret@localhost:{}?tls=required", relay.address.port());
    starttls.next(Mood::Answers("STARTTLS", "454 4.7.0 not now"));
    starttls.next(Mood::GarblesTls);
    implicit.next(Mood::GarblesTls);
    for (case, url) in [
        ("no STARTTLS", url("smtp", &plain_only)),
        ("STARTTLS refused", url("smtp", &starttls)),
        ("broken handshake", url("smtp", &starttls)),
        ("unknown certificate", url("smtp", &starttls)),
        ("unknown certificate although optional", url("smtp", &starttls).replace("required", "opportunistic")),
        ("broken handshake at once", url("smtps", &implicit)),
        ("unknown certificate at once", url("smtps", &implicit)),
        ("plain text where TLS is spoken", url("smtps", &plain_only)),
    ] {
        let error = smtp(&url).send(&mail_to("ada@example.com")).await.unwrap_err();
        assert!(matches!(error, SendError::Temporary(_)), "{case}: {error}");
    }
    for relay in [&plain_only, &starttls, &implicit] {
        let said = relay.commands();
        assert!(
            said.iter().all(|command| command.starts_with("EHLO") || command == "STARTTLS" || command == "QUIT"),
            "{said:?}"
        );
    }
}

#[tokio::test]
async fn optional_encryption_does_without() {
    let relay = Relay::offering(&[]).await;
    let url = format!("smtp://localhost:{}?tls=opportunistic", relay.address.port());
    smtp(&url).send(&mail_to("ada@example.com")).await.unwrap();
    assert!(!relay.deliveries()[0].encrypted);
}

/// Which certificates the system trusts is a matter of the process: a child that trusts the relay's sends the mails.
#[tokio::test]
async fn a_trusted_relay_gets_everything_encrypted() {
    let directory = tempfile::tempdir().unwrap();
    for (scheme, extensions) in [("smtp", &["STARTTLS", "AUTH PLAIN"]), ("smtps", &["IMPLICIT-TLS", "AUTH PLAIN"])] {
        let relay = Relay::offering(extensions).await;
        let certificate = directory.path().join(scheme);
        std::fs::write(&certificate, &relay.certificate).unwrap();
        let url = format!("{scheme}://mailer:p%2F%3A%20%C3%BC@localhost:{}?tls=required", relay.address.port());
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "--ignored", "service::outbox::smtp::child_of_the_test_above"]);
        child.env("SSL_CERT_FILE", certificate).env_remove("SSL_CERT_DIR").env(CHILD_RELAY, url);
        let output = spawn_blocking(move || child.output().unwrap()).await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        let [delivery] = relay.deliveries().try_into().unwrap();
        assert!(delivery.encrypted && delivery.user.as_deref() == Some("mailer"), "{scheme}: {delivery:?}");
    }
}

#[tokio::test]
#[ignore = "run by a_trusted_relay_gets_everything_encrypted"]
async fn child_of_the_test_above() {
    if let Ok(url) = std::env::var(CHILD_RELAY) {
        Smtp::new(&url, FROM).unwrap().send(&mail_to("ada@example.com")).await.unwrap();
    }
}
