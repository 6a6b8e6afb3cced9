//! A forgotten password.

use super::texts;

texts! {
    /// Asking for a code.
    Forgot {
        title: "Forgot your password?", "Parolanızı mı unuttunuz?";
        lede: "Tell us who you are. If there is an account, we send a code that lets you choose a new password.",
            "Bize kim olduğunuzu yazın. Bir hesap varsa yeni parola belirlemeniz için bir kod göndeririz.";
        submit: "Send the code", "Kodu gönder";
        back: "Back to sign-in", "Girişe dön";
    }
}

texts! {
    /// The code and the new password.
    Reset {
        title: "Choose a new password", "Yeni parola belirleyin";
        lede: "If that belongs to an account, a code is on its way to", "Bir hesaba aitse kodun gönderildiği yer:";
        password: "New password", "Yeni parola";
        consequence: "This signs you out on every device.", "Tüm cihazlardaki oturumlarınız kapanır.";
        submit: "Set new password", "Yeni parolayı kaydet";
    }
}
