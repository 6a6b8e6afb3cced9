//! Accounts with which a job fails: they stop nobody behind them, and are told of.

use chrono::TimeDelta;
use nameplate::service::{
    Expectation,
    archive::{Overdue, overdue},
};
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use uuid::Uuid;

use crate::harness::{self, TestServer};

/// A server, and how to tell its database what no service would.
struct Scene {
    server: TestServer,
    url: String,
    _data: tempfile::TempDir,
}

impl Scene {
    async fn sqlite() -> Self {
        let data = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", data.path().join("nameplate.db").display());
        Self { server: TestServer::start_over(&url).await, url, _data: data }
    }

    async fn postgres() -> Self {
        let url = harness::postgres::database().await;
        Self { server: TestServer::start_over(&url).await, url, _data: tempfile::tempdir().unwrap() }
    }

    /// Tells the database something, where the types of the engines differ in their words for an id.
    async fn tell(&self, statement: &'static str) {
        if self.url.starts_with("postgres") {
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            sqlx::query(statement).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        } else {
            let mut connection = SqliteConnection::connect(&self.url).await.unwrap();
            sqlx::query(statement).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
    }

    /// Ada, Bob and Cleo, who archived their accounts in this order.
    async fn archived(&self) -> [Uuid; 3] {
        let mut ids = Vec::new();
        for name in ["ada", "bob", "cleo"] {
            let person = self.server.sign_up(&format!("{name}@example.com"), name).await;
            let actor = self.server.actor(&person).await;
            self.server.accounts.archive(&actor, actor.account_id, None, Expectation::Any).await.unwrap();
            self.server.advance(TimeDelta::minutes(3));
            ids.push(actor.account_id);
        }
        ids.try_into().unwrap()
    }

    async fn overdue(&self) -> Overdue {
        overdue(&**self.server.store(), self.server.now()).await.unwrap()
    }
}

async fn one_that_cannot_be_deleted_stops_nobody(scene: Scene) {
    let [ada, bob, cleo] = scene.archived().await;
    // Something refers to Bob that we know nothing of.
    let is_postgres = scene.url.starts_with("postgres");
    scene
        .tell(match is_postgres {
            true => "CREATE TABLE held (account_id uuid REFERENCES accounts (id))",
            false => "CREATE TABLE held (account_id BLOB REFERENCES accounts (id))",
        })
        .await;
    scene.tell("INSERT INTO held SELECT id FROM accounts WHERE email_key = 'bob@example.com'").await;
    scene.server.advance(TimeDelta::days(32));
    for done in [vec![ada, cleo], vec![]] {
        let turn = scene.server.accounts.purge().await.unwrap();
        assert_eq!((turn.done, turn.failed), (done, vec![bob]));
    }
    assert_eq!(scene.overdue().await.purges, 1);
    scene.tell("DELETE FROM held").await;
    let turn = scene.server.accounts.purge().await.unwrap();
    assert_eq!((turn.done, turn.failed), (vec![bob], vec![]));
    assert_eq!(scene.overdue().await, Overdue::default());
}

async fn one_that_cannot_be_reminded_stops_nobody(scene: Scene) {
    let [ada, bob, cleo] = scene.archived().await;
    scene.server.advance(TimeDelta::days(27));
    assert_eq!(scene.overdue().await.reminders, 3, "nobody looked for days");
    // Bob's row does not read back.
    scene.tell("UPDATE accounts SET role = 'nobody' WHERE email_key = 'bob@example.com'").await;
    for done in [vec![ada, cleo], vec![]] {
        let turn = scene.server.accounts.remind().await.unwrap();
        assert_eq!((turn.done, turn.failed), (done, vec![bob]));
    }
    assert_eq!(scene.overdue().await, Overdue { purges: 0, reminders: 1 });
    scene.tell("UPDATE accounts SET role = 'user' WHERE email_key = 'bob@example.com'").await;
    let turn = scene.server.accounts.remind().await.unwrap();
    assert_eq!((turn.done, turn.failed), (vec![bob], vec![]));
    assert_eq!(scene.overdue().await, Overdue::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_that_take_too_long_stop_nobody() {
    let scene = Scene::postgres().await;
    let [ada, bob, cleo] = scene.archived().await;
    let person = scene.server.sign_up("zoe@example.com", "Zoe").await;
    let zoe = scene.server.actor(&person).await;
    scene.server.accounts.archive(&zoe, zoe.account_id, None, Expectation::Any).await.unwrap();
    // As when the operator's `statement_timeout` ends it.
    scene
        .tell(
            "CREATE FUNCTION take_too_long() RETURNS TRIGGER LANGUAGE plpgsql AS
                $$ BEGIN RAISE 'canceling statement due to statement timeout' USING ERRCODE = '57014'; END $$",
        )
        .await;
    scene
        .tell(
            "CREATE TRIGGER take_too_long BEFORE DELETE ON accounts FOR EACH ROW
                WHEN (OLD.email_key <> 'zoe@example.com') EXECUTE FUNCTION take_too_long()",
        )
        .await;
    scene.server.advance(TimeDelta::days(32));
    let turn = scene.server.accounts.purge().await.unwrap();
    assert_eq!((turn.done, turn.failed), (vec![zoe.account_id], vec![ada, bob, cleo]));
    scene.tell("DROP TRIGGER take_too_long ON accounts").await;
    assert_eq!(scene.server.accounts.purge().await.unwrap().done, [ada, bob, cleo]);
}

#[tokio::test]
async fn while_the_database_does_not_answer_nobody_is_to_blame() {
    let scene = Scene::sqlite().await;
    scene.archived().await;
    scene.server.advance(TimeDelta::days(32));
    scene.server.store().close().await;
    assert!(scene.server.accounts.purge().await.is_err());
    assert!(scene.server.accounts.remind().await.is_err());
}

/// Each case on both engines.
macro_rules! on_both {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(super::Scene::sqlite().await).await;
                }
            )*
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(super::Scene::postgres().await).await;
                }
            )*
        }
    };
}

on_both!(one_that_cannot_be_deleted_stops_nobody, one_that_cannot_be_reminded_stops_nobody);
