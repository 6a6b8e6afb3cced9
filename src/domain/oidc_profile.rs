//! The standard claims of OpenID Connect (Core 1.0, section 5.1) that an account has, as services read and write them.
//!
//! Names, language and time zone are columns of the account, which its owner changes on the pages; the other claims are
//! kept as written, and so is a language beyond ours.

use serde_json::{Map, Value};

use super::{
    account::Account,
    error::{Field, Issues, Reason},
    limits::CLAIM,
    locale::Locale,
    names::Names,
    text,
    time_zone::TimeZone,
};

/// Claims without a column, with the input that each is.
const KEPT: [(&str, Field); 7] = [
    ("nickname", Field::Other("profile.nickname")),
    ("preferredUsername", Field::Other("profile.preferredUsername")),
    ("profile", Field::Other("profile.profile")),
    ("website", Field::Other("profile.website")),
    ("gender", Field::Other("profile.gender")),
    ("birthdate", Field::Other("profile.birthdate")),
    (LOCALE, LOCALE_FIELD),
];
const LOCALE: &str = "locale";
const LOCALE_FIELD: Field = Field::Other("profile.locale");
const ADDRESS: &str = "address";
const ADDRESS_FIELD: Field = Field::Other("profile.address");
/// Parts of the address claim.
const ADDRESS_PARTS: [(&str, Field); 6] = [
    ("formatted", Field::Other("profile.address.formatted")),
    ("streetAddress", Field::Other("profile.address.streetAddress")),
    ("locality", Field::Other("profile.address.locality")),
    ("region", Field::Other("profile.address.region")),
    ("postalCode", Field::Other("profile.address.postalCode")),
    ("country", Field::Other("profile.address.country")),
];

/// The claims that the account has; what is empty is left out.
pub fn claims(account: &Account) -> Map<String, Value> {
    let mut claims = Map::new();
    let columns = [
        ("familyName", account.names.family()),
        ("givenName", account.names.given()),
        ("middleName", account.names.middle()),
        ("zoneinfo", account.time_zone.as_deref()),
    ];
    for (name, value) in columns {
        claims.extend(value.map(|value| (name.to_owned(), value.into())));
    }
    claims.extend(account.oidc_profile.iter().filter(|(name, _)| *name != LOCALE).map(|(n, v)| (n.clone(), v.clone())));
    claims.extend(locale(account).map(|locale| (LOCALE.to_owned(), locale.into())));
    claims
}

/// The language as a service wrote it, unless the owner has chosen another one since.
fn locale(account: &Account) -> Option<String> {
    let written = account.oidc_profile.get(LOCALE).and_then(Value::as_str);
    let still = written.filter(|written| Locale::negotiate(written) == account.locale);
    still.map(str::to_owned).or_else(|| account.locale.map(|locale| locale.to_string()))
}

/// Gives the account these claims in place of all it has. `null` and the empty text are no claim; unknown ones are
/// dropped.
pub fn replace(account: &mut Account, claims: &Map<String, Value>, issues: &mut Issues) {
    let mut read = |name, field| match claims.get(name) {
        None | Some(Value::Null) => "",
        Some(Value::String(text)) => text.as_str(),
        Some(_) => {
            issues.push(field, Reason::Malformed);
            ""
        }
    };
    let (given, middle) = (read("givenName", Field::GivenName), read("middleName", Field::MiddleName));
    let (family, zone) = (read("familyName", Field::FamilyName), read("zoneinfo", Field::TimeZone));
    let kept = KEPT.map(|(name, field)| (name, field, read(name, field)));
    let names = issues.take_all(Names::managed(Some(given), Some(middle), Some(family)));
    let zone = if zone.is_empty() { None } else { issues.check(Field::TimeZone, zone.parse::<TimeZone>()) };
    let mut others = Map::new();
    for (name, field, raw) in kept {
        let value = issues.check(field, text::line(raw, CLAIM)).flatten();
        others.extend(value.map(|value| (name.to_owned(), value.into())));
    }
    let address = address(claims.get(ADDRESS), issues);
    if !address.is_empty() {
        others.insert(ADDRESS.to_owned(), address.into());
    }
    account.names = names.unwrap_or_default();
    account.time_zone = zone.map(|zone| zone.as_str().to_owned());
    account.locale = others.get(LOCALE).and_then(Value::as_str).and_then(Locale::negotiate);
    account.oidc_profile = others;
}

fn address(claim: Option<&Value>, issues: &mut Issues) -> Map<String, Value> {
    let parts = match claim {
        None | Some(Value::Null) => return Map::new(),
        Some(Value::Object(parts)) => parts,
        Some(_) => {
            issues.push(ADDRESS_FIELD, Reason::Malformed);
            return Map::new();
        }
    };
    let mut address = Map::new();
    for (name, field) in ADDRESS_PARTS {
        let value = match parts.get(name) {
            None | Some(Value::Null) => continue,
            // The formatted one may have several lines, and so may a street.
            Some(Value::String(raw)) => text::lines(raw, CLAIM),
            Some(_) => Err(Reason::Malformed),
        };
        let value = issues.check(field, value).flatten();
        address.extend(value.map(|value| (name.to_owned(), value.into())));
    }
    address
}
