//! Signing in to apps: what they may have, and where the way leads.

use super::texts;

texts! {
    /// The course of signing in to an app.
    Oidc {
        to_continue(&str): |app| format!("to continue to {app}"), |app| format!("{app} uygulamasına devam etmek için");
        consent_title(&str, &str): |app, brand| format!("{app} wants access to your {brand} account"),
            |app, brand| format!("{app}, {brand} hesabınıza erişmek istiyor");
        choose_title(&str): |name| format!("Continue as {name}?"), |name| format!("{name} olarak devam edilsin mi?");
        app: "App", "Uygulama";
        destination: "Leads to", "Gideceği yer";
        account: "Account", "Hesap";
        may: "It will be able to", "Şunları yapabilecek";
        allow: "Allow", "İzin ver";
        cancel: "Cancel", "Vazgeç";
        continue_as(&str): |name| format!("Continue as {name}"), |name| format!("{name} olarak devam et");
        another: "Use another account", "Başka bir hesap kullan";
        policy: "Privacy policy", "Gizlilik politikası";
        terms: "Terms of service", "Hizmet şartları";
        take_back: "You can take this back at any time on your security page.",
            "Bunu güvenlik sayfanızdan istediğiniz zaman geri alabilirsiniz.";
        see_profile: "See your name, username, picture and profile",
            "Adınızı, kullanıcı adınızı, resminizi ve profilinizi görmek";
        see_contact(&str): |what| format!("See your {what}"), |what| format!("{what} görmek");
        contact_email: "e-mail address", "e-posta adresinizi";
        contact_phone: "phone number", "telefonunuzu";
        contact_address: "address", "adresinizi";
        see_custom_data: "See what services keep about you here", "Hizmetlerin burada sizinle ilgili sakladıklarını görmek";
        see_roles(&str): |brand| format!("See whether you administer {brand}"),
            |brand| format!("{brand} yöneticisi olup olmadığınızı görmek");
        keep_access(&str): |date| format!("Keep access until {date}, even while you are away"),
            |date| format!("Siz yokken de {date} tarihine kadar erişmek");
        act(&str, &str): |host, scopes| match scopes {
            "" => format!("Act for you at {host}"),
            _ => format!("Act for you at {host}: {scopes}"),
        }, |host, scopes| match scopes {
            "" => format!("{host} üzerinde sizin adınıza işlem yapmak"),
            _ => format!("{host} üzerinde sizin adınıza işlem yapmak: {scopes}"),
        };
        know_you: "Know that it is you", "Siz olduğunuzu bilmek";
        continue_title: "One moment", "Bir dakika";
        continue_lede(&str): |app| format!("You are on your way to {app}."), |app| format!("{app} uygulamasına gidiyorsunuz.");
        continue_to(&str): |app| format!("Continue to {app}"), |app| format!("{app} uygulamasına devam et");
        refused_title: "This app's request cannot be answered", "Bu uygulamanın isteği yanıtlanamıyor";
        refused_advice: "Go back to the app and try again. If it stays, tell the people who run the app.",
            "Uygulamaya dönüp yeniden deneyin. Sürerse uygulamayı işletenlere haber verin.";
        client_missing: "The parameter client_id is missing, or stands there twice.",
            "client_id parametresi eksik ya da iki kez gönderilmiş.";
        client_unknown: "The client_id is that of no app here. It may have been revoked.",
            "client_id buradaki hiçbir uygulamanın değil. Uygulama kaldırılmış olabilir.";
        redirect_missing: "The parameter redirect_uri is missing, or stands there twice.",
            "redirect_uri parametresi eksik ya da iki kez gönderilmiş.";
        redirect_unknown: "The redirect_uri is not registered for this app. It must be the same, letter for letter.",
            "redirect_uri bu uygulama için kayıtlı değil. Harfi harfine aynı olmalı.";
        expired_title: "That took too long", "Bu çok uzun sürdü";
        expired_text: "A sign-in to an app can be finished within an hour. Go back to the app and begin again.",
            "Bir uygulamada oturum açmak bir saat içinde tamamlanmalı. Uygulamaya dönüp yeniden başlayın.";
        unreadable_text: "The link to this page is not whole. Go back to the app and begin again.",
            "Bu sayfanın bağlantısı eksik. Uygulamaya dönüp yeniden başlayın.";
        sign_out_title: "Sign out?", "Çıkış yapılsın mı?";
        sign_out_lede(&str): |brand| format!("This ends your {brand} session in this browser, and the apps' that belong to it."),
            |brand| format!("Bu, tarayıcıdaki {brand} oturumunuzu ve ona bağlı uygulama oturumlarını kapatır.");
        stay: "Stay signed in", "Oturum açık kalsın";
        signed_out_title: "You are signed out", "Çıkış yaptınız";
        signed_out_lede(&str): |brand| format!("Your {brand} session in this browser has ended."),
            |brand| format!("Bu tarayıcıdaki {brand} oturumunuz kapandı.");
        repeated: "A parameter stands there twice.", "Bir parametre iki kez gönderilmiş.";
        other_client: "The client_id is another one than that of the id_token_hint.",
            "client_id, id_token_hint içindekinden farklı.";
        uri_unknown: "The post_logout_redirect_uri is not registered for this app. It must be the same, letter for letter.",
            "post_logout_redirect_uri bu uygulama için kayıtlı değil. Harfi harfine aynı olmalı.";
        return_to(&str): |app| format!("Return to {app}"), |app| format!("{app} uygulamasına dön");
        apps_title: "Apps with access", "Erişimi olan uygulamalar";
        apps_lede: "Apps that you signed in to, and what each may see.",
            "Oturum açtığınız uygulamalar ve her birinin görebildikleri.";
        apps_none: "No app has access.", "Erişimi olan uygulama yok.";
        since(&str): |date| format!("Since {date}"), |date| format!("Başlangıç: {date}");
        last_used(&str): |time| format!("Last used {time}"), |time| format!("Son kullanım: {time}");
        remove: "Remove", "Kaldır";
        removed: "The app's access is taken away", "Uygulamanın erişimi kaldırıldı";
        already_removed: "That app had no access any more", "O uygulamanın erişimi zaten kalmamıştı";
    }
}
