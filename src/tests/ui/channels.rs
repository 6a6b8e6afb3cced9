//! Where no text messages are sent, no page says that one is.

use nameplate::{domain::account::LoginIdentifier, service::channels::Channels};

use super::browser::{EMAIL, Site};

#[tokio::test]
async fn nothing_by_text_message_is_offered_where_none_are_sent() {
    for sms in [true, false] {
        let site = Site::start_with(|settings| {
            settings.login_identifier = LoginIdentifier::EmailOrMobile;
            settings.channels = Channels { email: true, sms };
        })
        .await;
        let mut ada = site.ada().await;
        assert!(ada.get("/security").await.says(EMAIL));
        assert_eq!(ada.get("/security").await.body.contains("href=\"/security/phone\""), sms);
        assert_eq!(ada.get("/security/two-factor").await.says("Code by text message"), sms);
        let page = ada.get("/security/phone").await;
        assert_eq!(page.body.contains("action=\"/fn/change-phone\""), sms);
        assert_eq!(page.says("No text messages are sent here"), !sms);
        let page = site.browser().get("/register").await;
        assert_eq!(page.body.contains("name=\"phone\""), sms);
        assert!(page.body.contains("name=\"email\""));
        let page = site.browser().get("/forgot").await;
        assert_eq!(page.says("mobile number"), sms);
    }
}
