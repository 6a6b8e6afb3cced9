//! Searching accounts, in a statement that is made for the terms of each search.

use serde_json::{Map, Value};
use sqlx::{FromRow, QueryBuilder, types::Json};
use uuid::Uuid;

use super::{
    SqlTransaction,
    accounts::AccountRow,
    findable, on_both_engines,
    patterns::{glob, like},
};
use crate::{
    domain::{
        account::Account,
        email::EmailAddress,
        names::search_key,
        search::{Joint, Matching, Pattern, SearchField, Term},
    },
    store::{Result, accounts::AccountSearch},
};

/// The full name as it is written. A part that is missing is `NULL`, and so is what it is joined to.
const FULL_NAME: &str =
    "LTRIM(COALESCE(given_name, '') || COALESCE(' ' || middle_name, '') || COALESCE(' ' || family_name, ''))";

/// An account as services see it.
#[derive(FromRow)]
struct FoundRow {
    #[sqlx(flatten)]
    account: AccountRow,
    custom_data: Json<Map<String, Value>>,
}

impl FoundRow {
    fn into_account(self) -> Result<Account> {
        Ok(Account { custom_data: Some(self.custom_data.0), ..self.account.into_account()? })
    }
}

/// How an engine compares a column with a pattern when upper and lower case differ: `LIKE` of SQLite does not tell them apart.
trait CaseSensitive {
    /// Stands between the column and the pattern.
    const OPERATOR: &str;
    /// Stands after the pattern.
    const ESCAPE: &str;
    /// Writes the pattern.
    fn pattern(pattern: &Pattern) -> String;
}

impl CaseSensitive for sqlx::Sqlite {
    const OPERATOR: &str = " GLOB ";
    const ESCAPE: &str = "";

    fn pattern(pattern: &Pattern) -> String {
        pattern.pieces().iter().map(glob).collect()
    }
}

impl CaseSensitive for sqlx::Postgres {
    const OPERATOR: &str = " LIKE ";
    const ESCAPE: &str = LIKE_ESCAPE;

    fn pattern(pattern: &Pattern) -> String {
        like(pattern, str::to_owned)
    }
}

const LIKE_ESCAPE: &str = " ESCAPE '\\'";

/// The columns of a field, with regard to case and without.
fn columns(field: SearchField) -> (&'static [&'static str], &'static [&'static str]) {
    match field {
        SearchField::Id => (&["id"], &["id"]),
        SearchField::Username => (&["username"], &["username_key"]),
        SearchField::Email => (&["email"], &["email_key"]),
        SearchField::Phone => (&["phone", "SUBSTR(phone, 2)"], &["phone", "SUBSTR(phone, 2)"]),
        SearchField::Name => (&[FULL_NAME], &["name_key"]),
    }
}

/// A text as a field is kept for comparing without regard to case.
fn folded(field: SearchField, text: &str) -> String {
    match field {
        SearchField::Name => search_key(text),
        _ => text.to_lowercase(),
    }
}

/// A whole text, in the form in which the field has it.
fn exact(field: SearchField, text: &str, case_sensitive: bool) -> String {
    match (field, EmailAddress::parse(text)) {
        (SearchField::Email, Ok(address)) if case_sensitive => address.as_str().to_owned(),
        (SearchField::Email, Ok(address)) => address.key(),
        _ if case_sensitive => text.to_owned(),
        _ => folded(field, text),
    }
}

on_both_engines! {
    impl SqlTransaction<Db> {
        pub(in crate::store::sql) async fn find_accounts(&mut self, search: &AccountSearch) -> Result<(Vec<Account>, i64)> {
            // Each is one for its terms: not worth keeping.
            let mut found = QueryBuilder::<Db>::new("SELECT ");
            found.push(AccountRow::COLUMNS).push(", accounts.custom_data FROM accounts");
            narrow(&mut found, search);
            found.push(" ORDER BY created_at DESC, id DESC LIMIT ").push_bind(search.limit);
            found.push(" OFFSET ").push_bind(search.offset);
            let rows = found.build_query_as::<FoundRow>().persistent(false).fetch_all(self.connection()).await?;
            let mut count = QueryBuilder::<Db>::new("SELECT COUNT(*) FROM accounts");
            narrow(&mut count, search);
            let total = count.build_query_scalar::<i64>().persistent(false).fetch_one(self.connection()).await?;
            Ok((rows.into_iter().map(FoundRow::into_account).collect::<Result<_>>()?, total))
        }
    }

    fn narrow(query: &mut QueryBuilder<Db>, AccountSearch { search, now, .. }: &AccountSearch) {
        query.push(" WHERE (purge_at IS NULL OR purge_at > ").push_bind(*now).push(")");
        let Some((first, others)) = search.terms.split_first() else { return };
        query.push(" AND (");
        push_term(query, first, search.case_sensitive);
        for term in others {
            query.push(match search.joint { Joint::Any => " OR ", Joint::All => " AND " });
            push_term(query, term, search.case_sensitive);
        }
        query.push(")");
    }

    fn push_term(query: &mut QueryBuilder<Db>, term: &Term, case_sensitive: bool) {
        let fields = term.field.map_or(SearchField::ALL.to_vec(), |field| vec![field]);
        // Whatever the fields, this alone finds nobody.
        query.push("(1 = 0");
        for field in fields {
            match &term.matching {
                Matching::Like(pattern) => push_like(query, field, pattern, case_sensitive),
                Matching::Exact(texts) => push_exact(query, field, texts, case_sensitive),
            }
        }
        query.push(")");
    }

    fn push_like(query: &mut QueryBuilder<Db>, field: SearchField, pattern: &Pattern, case_sensitive: bool) {
        if field == SearchField::Id {
            push_ids(query, pattern.id());
            return;
        }
        let (written, keys) = columns(field);
        if case_sensitive {
            for column in written {
                query.push(" OR ").push(column).push(Db::OPERATOR).push_bind(Db::pattern(pattern)).push(Db::ESCAPE);
            }
            return;
        }
        let pattern = like(pattern, |text| folded(field, text));
        for column in keys {
            query.push(" OR ").push(column).push(" LIKE ").push_bind(pattern.clone()).push(LIKE_ESCAPE);
        }
    }

    fn push_exact(query: &mut QueryBuilder<Db>, field: SearchField, texts: &[String], case_sensitive: bool) {
        if field == SearchField::Id {
            push_ids(query, texts.iter().filter_map(|text| Uuid::try_parse(text).ok()));
            return;
        }
        let (written, keys) = columns(field);
        for column in if case_sensitive { written } else { keys } {
            for text in texts {
                let text = exact(field, text, case_sensitive);
                query.push(" OR ").push(column).push(" = ").push_bind(findable(&text).map(str::to_owned));
            }
        }
    }

    fn push_ids(query: &mut QueryBuilder<Db>, ids: impl IntoIterator<Item = Uuid>) {
        for id in ids {
            query.push(" OR id = ").push_bind(id);
        }
    }
}
