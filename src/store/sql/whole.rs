//! Answers of SQLite that are known to be whole.
//!
//! Each connection has a thread of its own. When one ends in the middle of a statement, because the driver panics or runs
//! out of memory, what was asked of it ends like an answer without (more) rows: no session, no account. An answer that came
//! to its end says so at its end; without that, it is an error here.

use std::future::ready;

use futures::{
    future::BoxFuture,
    stream::{self, BoxStream, StreamExt as _, TryStreamExt as _},
};
use sqlx::{
    Describe, Either, Error, Execute, Executor, SqlStr, Sqlite, SqliteConnection,
    sqlite::{SqliteQueryResult, SqliteRow, SqliteStatement, SqliteTypeInfo},
};

/// A connection whose answers are whole.
#[derive(Debug)]
pub(super) struct Whole<'c>(pub(super) &'c mut SqliteConnection);

impl<'c> Executor<'c> for Whole<'c> {
    type Database = Sqlite;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<SqliteQueryResult, SqliteRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        let answer = self.0.fetch_many(query).map(Some).chain(stream::once(ready(None)));
        let checked = answer.scan(false, |ended, step| {
            ready(match step {
                Some(step) => {
                    *ended = matches!(step, Ok(Either::Left(_)) | Err(_));
                    Some(step)
                }
                None if *ended => None,
                None => Some(Err(Error::WorkerCrashed)),
            })
        });
        checked.boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<SqliteRow>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Sqlite>,
    {
        let mut answer = self.fetch_many(query);
        Box::pin(async move {
            let mut first = None;
            while let Some(step) = answer.try_next().await? {
                if let Either::Right(row) = step {
                    first.get_or_insert(row);
                }
            }
            Ok(first)
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [SqliteTypeInfo],
    ) -> BoxFuture<'e, Result<SqliteStatement, Error>>
    where
        'c: 'e,
    {
        self.0.prepare_with(sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Sqlite>, Error>>
    where
        'c: 'e,
    {
        self.0.describe(sql)
    }
}
