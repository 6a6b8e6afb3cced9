//! The archive section and its dialog.

use super::texts;

texts! {
    /// Archiving the account. Gaps: `{date}` of deletion, `{phrase}` to type.
    Archive {
        title: "Archive account", "Hesabı arşivle";
        lede: "Take a break, or leave for good.", "Ara verin ya da tamamen ayrılın.";
        at_once: "At once, your profile disappears and you are signed out everywhere.",
            "Profiliniz hemen görünmez olur ve her yerde oturumunuz kapanır.";
        restore: "For one month you can restore everything by signing in.",
            "Bir ay boyunca giriş yaparak her şeyi geri yükleyebilirsiniz.";
        deletion: "If you do not, the account is deleted for good on {date}.",
            "Yüklemezseniz hesap {date} tarihinde kalıcı olarak silinir.";
        reminders: "We write to you now, and again 7 days and 1 day before that.",
            "Size hemen, sonra da bu tarihten 7 gün ve 1 gün önce yazarız.";
        open: "Archive my account…", "Hesabımı arşivle…";
        dialog: "Archive your account?", "Hesabınız arşivlensin mi?";
        phrase: "To go on, type {phrase}", "Devam etmek için {phrase} yazın";
        submit: "Archive account", "Hesabı arşivle";
        submitting: "Archiving…", "Arşivleniyor…";
        cancel: "Keep my account", "Hesabımı koru";
        done: "Your account is archived. Sign in before {date} to restore it.",
            "Hesabınız arşivlendi. Geri yüklemek için {date} tarihinden önce giriş yapın.";
    }
}
