//! What apps are told of an account (Core, section 5): values in force, never pending ones.

use serde_json::{Map, Value, json};

use crate::{
    domain::{account::Account, oidc_profile},
    service::Accounts,
};

/// Where claims are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToldIn {
    /// In an ID token.
    IdToken,
    /// At the userinfo endpoint, which tells more.
    UserInfo,
}

/// Claims of Core, section 5.4, that are told as they are kept, with the names that services write.
const KEPT: [(&str, &str); 9] = [
    ("given_name", "givenName"),
    ("middle_name", "middleName"),
    ("family_name", "familyName"),
    ("nickname", "nickname"),
    ("website", "website"),
    ("gender", "gender"),
    ("birthdate", "birthdate"),
    ("zoneinfo", "zoneinfo"),
    ("locale", "locale"),
];
/// Members of the address (Core, section 5.1.1).
const ADDRESS: [(&str, &str); 6] = [
    ("formatted", "formatted"),
    ("street_address", "streetAddress"),
    ("locality", "locality"),
    ("region", "region"),
    ("postal_code", "postalCode"),
    ("country", "country"),
];

/// Every claim that can be told.
pub const SUPPORTED: [&str; 35] = [
    "sub",
    "iss",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "sid",
    "at_hash",
    "name",
    "given_name",
    "middle_name",
    "family_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
    "username",
    "created_at",
    "email",
    "email_verified",
    "phone_number",
    "phone_number_verified",
    "address",
    "roles",
    "custom_data",
    "identities",
];

impl Accounts {
    /// The claims that scopes give; what is empty is left out.
    pub(super) fn claims_of(&self, account: &Account, scopes: &[String], told_in: ToldIn) -> Map<String, Value> {
        let has = |name: &str| scopes.iter().any(|scope| scope == name);
        let kept = oidc_profile::claims(account);
        let mut claims = Map::new();
        if has("profile") {
            self.tell_profile(&mut claims, account, &kept);
        }
        if let Some(email) = account.email.as_ref().filter(|_| has("email")) {
            claims.insert("email".to_owned(), email.to_string().into());
            claims.insert("email_verified".to_owned(), account.email_verified.into());
        }
        if let Some(phone) = account.phone.as_ref().filter(|_| has("phone")) {
            claims.insert("phone_number".to_owned(), phone.as_str().into());
            claims.insert("phone_number_verified".to_owned(), account.phone_verified.into());
        }
        if let Some(Value::Object(parts)) = kept.get("address").filter(|_| has("address")) {
            let parts = ADDRESS.iter().filter_map(|(name, key)| Some(((*name).to_owned(), parts.get(*key)?.clone())));
            claims.insert("address".to_owned(), parts.collect::<Map<_, _>>().into());
        }
        if has("roles") {
            claims.insert("roles".to_owned(), json!([account.role.as_str()]));
        }
        if told_in == ToldIn::UserInfo && has("custom_data") {
            let data = account.custom_data.clone().unwrap_or_default();
            claims.insert("custom_data".to_owned(), data.into());
        }
        if told_in == ToldIn::UserInfo && has("identities") {
            claims.insert("identities".to_owned(), json!({}));
        }
        claims
    }

    fn tell_profile(&self, claims: &mut Map<String, Value>, account: &Account, kept: &Map<String, Value>) {
        let username = account.username.as_str();
        for (name, key) in KEPT {
            claims.extend(kept.get(key).map(|value| (name.to_owned(), value.clone())));
        }
        let profile = kept.get("profile").cloned();
        let profile = profile.unwrap_or_else(|| self.absolute(&format!("/u/{username}")).into());
        let told = [
            ("name", account.display_name().into()),
            // Not what services write there: two accounts could have the same.
            ("preferred_username", username.into()),
            ("username", username.into()),
            ("profile", profile),
            ("updated_at", account.updated_at.timestamp().into()),
            ("created_at", account.created_at.timestamp_millis().into()),
        ];
        claims.extend(told.map(|(name, value)| (name.to_owned(), value)));
        let picture = account.pictures.first().map(|picture| self.picture_url(picture));
        claims.extend(picture.map(|url| ("picture".to_owned(), url.into())));
    }
}
