//! One core behind every surface: the same change leaves the same account whichever it comes through, and a rule of the core
//! holds in all of them.

use axum::http::StatusCode;
use chrono::TimeDelta;
use nameplate::domain::{account::Account, client::Scope};
use proptest::{
    option,
    strategy::{Strategy, ValueTree as _},
    test_runner::TestRunner,
};
use serde_json::{Map, Value, json};

use crate::{
    harness::{PASSWORD, Person, TestServer, origin},
    ui::browser::{Browser, Site},
};

/// Changes that go through every surface.
const CHANGES: usize = 40;
/// Letters of several scripts, and what stands between the letters of a name.
const NAME: &str = "[A-Za-zÀ-ÖØ-öø-ÿğıİşŞα-ωА-яא-תا-غ一-龥][A-Za-zÀ-ÖØ-öø-ÿğıİşŞα-ωА-яא-תا-غ一-龥'’.-]{0,20}";
const TEXT: &str = "[ -~À-ÿğıİşŞ一-龥]{0,90}";
const PICTURE: &str = r"(https://images\.example\.com/[a-z0-9/_-]{1,40}\.(jpg|jpeg|png|gif|webp)(\?v=[0-9]{1,3})?)?";

/// A way to change an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Surface {
    Page,
    Mindbricks,
    NextgateV1,
    NextgateV2,
    Logto,
}

const SURFACES: [Surface; 5] =
    [Surface::Page, Surface::Mindbricks, Surface::NextgateV1, Surface::NextgateV2, Surface::Logto];

/// What is changed.
#[derive(Clone, Copy, Debug)]
enum Field {
    Given,
    Middle,
    Family,
    /// All three names in one.
    Full,
    Bio,
    Location,
    Picture,
    Phone,
    Username,
    Password,
}

impl Surface {
    /// Whose account is changed through it.
    fn email(self) -> String {
        format!("{self:?}@example.com").to_lowercase()
    }

    /// The route that changes a field, and the field's name there; `None` where the surface does not have it.
    fn place(self, field: Field) -> Option<(&'static str, &'static str)> {
        use Field as F;
        let update = match self {
            Self::Page => "update-profile",
            Self::Mindbricks => "PATCH /auth-api/v1/profile",
            Self::NextgateV1 => "PUT /api/v1/profile/update-basic-info",
            Self::NextgateV2 => "PUT /api/v1/profile/update",
            Self::Logto => "PATCH /api/users/{id}",
        };
        let name = match (self, field) {
            (Self::Page, F::Given) => "given_name",
            (Self::Page, F::Middle) => "middle_name",
            (Self::Page, F::Family) => "family_name",
            (Self::NextgateV1 | Self::NextgateV2, F::Given) => "firstName",
            (Self::NextgateV1 | Self::NextgateV2, F::Middle) => "middleName",
            (Self::NextgateV1 | Self::NextgateV2, F::Family) => "lastName",
            (Self::Mindbricks, F::Full) => "fullname",
            (Self::Logto, F::Full) => "name",
            (Self::Page | Self::NextgateV2, F::Bio) => "bio",
            (Self::Page | Self::NextgateV2, F::Location) => "location",
            (Self::NextgateV1 | Self::NextgateV2, F::Picture) => "profilePictureUrls",
            (_, F::Picture) => "avatar",
            (Self::Page, F::Phone) => "phone",
            (Self::Mindbricks, F::Phone) => "mobile",
            (Self::NextgateV1, F::Phone) => "phoneNumber",
            (Self::NextgateV2, F::Phone) => return Some(("POST /api/v1/account/link/phone/initiate", "phoneNumber")),
            (Self::Logto, F::Phone) => "primaryPhone",
            (Self::Page, F::Username) => return Some(("change-username", "username")),
            (Self::NextgateV1, F::Username) => "userName",
            (Self::NextgateV2, F::Username) => return Some(("POST /api/v1/account/username/change", "userName")),
            (Self::Logto, F::Username) => "username",
            (Self::Page, F::Password) => return Some(("change-password", "new_password")),
            (Self::Mindbricks, F::Password) => return Some(("PATCH /auth-api/v1/userpassword", "newPassword")),
            (Self::NextgateV1, F::Password) => return Some(("PUT /api/v1/profile/change-password", "newPassword")),
            (Self::NextgateV2, F::Password) => return Some(("POST /api/v1/account/password/change", "newPassword")),
            (Self::Logto, F::Password) => return Some(("PATCH /api/users/{id}/password", "password")),
            _ => return None,
        };
        Some((update, name))
    }

    /// What else the route of a field asks for.
    fn besides(self, field: Field, value: &str) -> Vec<(&'static str, String)> {
        match (self, field) {
            (Self::Page, Field::Password) => {
                vec![("old_password", PASSWORD.to_owned()), ("confirm_password", value.to_owned())]
            }
            (Self::Mindbricks, Field::Password) => vec![("oldPassword", PASSWORD.to_owned())],
            (Self::NextgateV1 | Self::NextgateV2, Field::Password) => {
                vec![("currentPassword", PASSWORD.to_owned()), ("confirmPassword", value.to_owned())]
            }
            _ => Vec::new(),
        }
    }
}

/// Somebody, and the surface that they come through.
struct Visitor<'a> {
    surface: Surface,
    site: &'a Site,
    person: Person,
    browser: Browser<'a>,
    management: String,
}

impl<'a> Visitor<'a> {
    /// One for each surface, all alike.
    async fn all(site: &'a Site) -> Vec<Self> {
        let server = site.server();
        for surface in SURFACES {
            server.sign_up(&surface.email(), "Ada Lovelace").await;
            // Codes of strangers are counted by where they come from.
            server.advance(TimeDelta::minutes(3));
        }
        let mut visitors = Vec::new();
        for surface in SURFACES {
            let (person, management) = (server.sign_in(&surface.email()).await, management(server).await);
            let mut browser = site.browser();
            let entered = browser.send("sign-in", &[("identifier", &surface.email()), ("password", PASSWORD)]).await;
            assert_eq!(entered.location(), "/profile");
            visitors.push(Self { surface, site, person, browser, management });
        }
        visitors
    }

    /// Sends fields to their route; the status, or `None` where the surface has none of them.
    async fn send(&mut self, fields: &[(Field, &str)]) -> Option<StatusCode> {
        let mut route = "";
        let mut texts = Vec::new();
        let mut body = Map::new();
        for (field, value) in fields {
            let Some((at, name)) = self.surface.place(*field) else { continue };
            route = at;
            let told = match name {
                "profilePictureUrls" => Value::from_iter(Some(*value).filter(|value| !value.is_empty())),
                _ => json!(value),
            };
            body.insert(name.to_owned(), told);
            texts.push((name, (*value).to_owned()));
            for (name, value) in self.surface.besides(*field, value) {
                body.insert(name.to_owned(), json!(value));
                texts.push((name, value));
            }
        }
        if route.is_empty() {
            return None;
        }
        if self.surface == Surface::Page {
            let texts: Vec<_> = texts.iter().map(|(name, value)| (*name, value.as_str())).collect();
            return Some(self.browser.fetch(route, &texts).await.status);
        }
        let token = if self.surface == Surface::Logto { &self.management } else { &self.person.access };
        let route = route.replace("{id}", &self.person.account.id.to_string());
        Some(self.site.server().call(&route).bearer(token).json(&body.into()).send().await.status)
    }

    async fn account(&self) -> Account {
        let id = self.person.account.id.to_string();
        self.site.server().accounts.find_for_operator(&id).await.expect("an account")
    }
}

async fn management(server: &TestServer) -> String {
    let made = server.accounts.create_client("Shop", Scope::All).await.expect("a client");
    let known = server.accounts.authenticate_client(&made.client.id.to_string(), &made.secret, &origin()).await;
    let resource = server.accounts.resource("https://default.logto.app/api").expect("the resource of Logto");
    server.accounts.issue_management_token(&known.expect("a client"), &resource, "all").expect("a token").access
}

/// Given, middle and family name, bio, location and picture.
fn changes() -> impl Strategy<Value = [String; 6]> {
    // Two names in one field are a given and a family name.
    let others = option::of((option::of(NAME), NAME));
    (NAME, others, TEXT, TEXT, PICTURE).prop_map(|(given, others, bio, location, picture)| {
        let (middle, family) = others.unwrap_or_default();
        [given, middle.unwrap_or_default(), family, bio, location, picture]
    })
}

#[tokio::test]
async fn the_same_change_through_each_door_leaves_the_same_account() {
    let site = Site::start().await;
    let mut visitors = Visitor::all(&site).await;
    let mut chance = TestRunner::deterministic();
    for _ in 0..CHANGES {
        let drawn = changes().new_tree(&mut chance).expect("a change").current();
        let [given, middle, family, bio, location, picture] = drawn.each_ref().map(String::as_str);
        let parts = [given, middle, family].into_iter().filter(|part| !part.is_empty());
        let full = parts.collect::<Vec<_>>().join(" ");
        let fields = [
            (Field::Given, given),
            (Field::Middle, middle),
            (Field::Family, family),
            (Field::Full, &full),
            (Field::Bio, bio),
            (Field::Location, location),
            (Field::Picture, picture),
        ];
        let mut first: Option<Account> = None;
        for visitor in &mut visitors {
            let (surface, before) = (visitor.surface, visitor.account().await);
            assert_eq!(visitor.send(&fields).await, Some(StatusCode::OK), "{surface:?}: {drawn:?}");
            let after = visitor.account().await;
            assert_eq!(after.names.full(), full, "{surface:?}: {drawn:?}");
            assert_eq!(after.record_version, before.record_version + 1, "{surface:?}: {drawn:?}");
            let first = first.get_or_insert_with(|| after.clone());
            assert_eq!((&after.names, &after.pictures), (&first.names, &first.pictures), "{surface:?}: {drawn:?}");
            if surface.place(Field::Bio).is_some() {
                let told = (&after.bio, &after.location);
                assert_eq!(told, (&first.bio, &first.location), "{surface:?}: {drawn:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_number_reads_the_same_through_each_surface() {
    let site = Site::start().await;
    // Services have no region: they send the country code.
    let written = ["(201) 555-0101", "+1 201 555 0102", "201.555.0103", "+1 (201) 555-0104", "1 201 555 0105"];
    for ((mut visitor, number), last) in Visitor::all(&site).await.into_iter().zip(written).zip(1..) {
        assert_eq!(visitor.send(&[(Field::Phone, number)]).await, Some(StatusCode::OK), "{number}");
        let phone = visitor.account().await.shown_phone().map(ToString::to_string);
        assert_eq!(phone, Some(format!("+1201555010{last}")), "{:?}", visitor.surface);
    }
}

/// Values that no surface takes, by field.
fn refused() -> Vec<(Field, Vec<String>)> {
    let all = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    let piled = format!("A{}", "\u{301}".repeat(12));
    let part = "a".repeat(31);
    let names = all(&["A\u{7}da", "A\u{0}da", "Ada\u{202e}", "Ada\u{2066}", &piled, &part]);
    let texts = |most: usize| all(&["\u{1b}[1m", "\u{202e}", "a\u{0}", &piled, &"a".repeat(most + 1)]);
    let pictures = [
        "http://images.example.com/a.png",
        "https://images.example.com/a.svg",
        "https://images.example.com:8443/a.png",
        "https://ada@images.example.com/a.png",
        "https://192.0.2.1/a.png",
        "https://localhost/a.png",
        "javascript:alert(1)//a.png",
    ];
    let usernames = ["taken-One", "TAKEN-one", "admin", "ab", "1ada", "ada lovelace", "ada.l", "ädä", &part];
    vec![
        (Field::Given, names.clone()),
        (Field::Given, all(&["", " "])),
        (Field::Middle, names.clone()),
        (Field::Family, names.clone()),
        (Field::Full, names.iter().map(|name| format!("Ada {name}")).collect()),
        (Field::Full, names),
        (Field::Bio, texts(500)),
        (Field::Location, texts(100)),
        (Field::Picture, all(&pictures)),
        (Field::Phone, all(&["12", "+1 201 555", "+999 5550101", "call me"])),
        (Field::Username, all(&usernames)),
        (Field::Password, all(&["Short1!", "password123456789", "Aa1!Aa1!", PASSWORD])),
    ]
}

#[tokio::test]
async fn a_rule_of_the_core_is_seen_by_all() {
    let site = Site::start().await;
    site.server().sign_up("taken@example.com", "Taken").await;
    site.rename("taken@example.com", "taken-One").await;
    for mut visitor in Visitor::all(&site).await {
        let surface = visitor.surface;
        let before = visitor.account().await;
        let mut seen = 0;
        for (field, values) in refused() {
            for value in values {
                let Some(status) = visitor.send(&[(field, &value)]).await else { continue };
                assert!(status.is_client_error(), "{surface:?} took {field:?} {value:?}: {status}");
                assert_eq!(visitor.account().await, before, "{surface:?}: {field:?} {value:?}");
                seen += 1;
            }
        }
        assert!(seen > 20, "{surface:?} was asked {seen} times");
    }
}
