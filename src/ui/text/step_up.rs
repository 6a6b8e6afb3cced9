//! The password in between, and the link that takes a change back.

use super::texts;

texts! {
    /// The page that asks for the password before something sensitive.
    StepUp {
        title: "Is it you?", "Siz misiniz?";
        lede: "You signed in a while ago. Enter your password to continue; what you typed is kept.",
            "Bir süre önce giriş yaptınız. Devam etmek için parolanızı yazın; yazdıklarınız duruyor.";
        password: "Password", "Parola";
        submit: "Continue", "Devam et";
        cancel: "Go back without changing anything", "Hiçbir şeyi değiştirmeden dön";
    }
}

texts! {
    /// The page behind an undo link.
    UndoChange {
        title: "Take the change back?", "Değişiklik geri alınsın mı?";
        email(&str): |to| format!("The e-mail address {to} becomes the one in force again."),
            |to| format!("{to} e-posta adresi yeniden geçerli olur.");
        phone(&str): |to| format!("The mobile number {to} becomes the one in force again."),
            |to| format!("{to} cep telefonu numarası yeniden geçerli olur.");
        replaced: "The one that took its place, or was about to, is taken off the account.",
            "Onun yerini alan ya da almak üzere olan, hesaptan kaldırılır.";
        signed_out: "Everybody is signed out of the account, on every device.",
            "Hesaptaki tüm oturumlar her cihazda kapanır.";
        codes: "Codes that were sent no longer work.", "Gönderilmiş kodlar artık geçerli olmaz.";
        until(&str): |date| format!("This link works until {date}."),
            |date| format!("Bu bağlantı şu tarihe kadar geçerlidir: {date}.");
        submit: "Take it back", "Geri al";
        leave: "If the change was yours, close this page: nothing happens.",
            "Değişikliği siz yaptıysanız bu sayfayı kapatın: Hiçbir şey olmaz.";
        done: "Taken back", "Geri alındı";
        done_lede(&str): |to| format!("{to} is in force again, and everybody is signed out."),
            |to| format!("{to} yeniden geçerli; tüm oturumlar kapatıldı.");
        done_text: "If the change was not yours, somebody knows your password: set a new one now.",
            "Değişikliği siz yapmadıysanız birisi parolanızı biliyor: Hemen yeni bir parola belirleyin.";
        new_password: "Set a new password", "Yeni parola belirle";
        sign_in: "Sign in", "Giriş yap";
        dead: "This link no longer works", "Bu bağlantı artık geçerli değil";
        dead_lede: "It may have been used, it may be older than 7 days, or there is nothing left to take back.",
            "Kullanılmış, 7 günden eski olabilir ya da geri alınacak bir şey kalmamış olabilir.";
        dead_text: "If you cannot get into your account, set a new password with a code to your address.",
            "Hesabınıza giremiyorsanız adresinize gelen bir kodla yeni parola belirleyin.";
    }
}
