//! The password block, and what a new password must be.

use super::{Text, texts};
use crate::domain::password_rules::Policy;

texts! {
    /// The password block.
    Password {
        title: "Password", "Parola";
        lede: "Changing it signs you out everywhere, here too; then you sign in with the new one.",
            "Parolayı değiştirmek burası dahil her yerde oturumunuzu kapatır; sonra yenisiyle giriş yaparsınız.";
        current: "Current password", "Şimdiki parola";
        new: "New password", "Yeni parola";
        confirm: "New password again", "Yeni parola, tekrar";
        mismatch: "The two new passwords differ.", "İki yeni parola birbirinden farklı.";
        matches: "Both are the same.", "İkisi aynı.";
        submit: "Change password", "Parolayı değiştir";
        submitting: "Changing…", "Değiştiriliyor…";
        changed: "Password changed. Sign in with the new one.", "Parola değiştirildi. Yeni parolanızla giriş yapın.";
        reveal: "Show password", "Parolayı göster";
        hybrid: "At least 15 characters, or 8 with upper case, lower case, a digit and a special character.",
            "En az 15 karakter ya da büyük harf, küçük harf, rakam ve özel karakter içeren en az 8 karakter.";
        composed: "At least 8 characters, with upper case, lower case, a digit and a special character.",
            "Büyük harf, küçük harf, rakam ve özel karakter içeren en az 8 karakter.";
        passphrase: "At least 15 characters: a few words are easiest.",
            "En az 15 karakter: Birkaç sözcük en kolayıdır.";
        rule_length: "8 characters or more", "8 karakter veya daha fazla";
        rule_long: "15 characters or more", "15 karakter veya daha fazla";
        rule_upper: "An upper case letter", "Bir büyük harf";
        rule_lower: "A lower case letter", "Bir küçük harf";
        rule_digit: "A digit", "Bir rakam";
        rule_special: "A special character", "Bir özel karakter";
        strength: "Strength", "Güç";
        very_weak: "Very weak", "Çok zayıf";
        weak: "Weak", "Zayıf";
        good: "Good", "İyi";
        strong: "Strong", "Güçlü";
    }
}

impl Text {
    /// What a new password must be under `policy`.
    pub fn password_hint(&self, policy: Policy) -> &str {
        match policy {
            Policy::Hybrid => self.password.hybrid,
            Policy::Composed => self.password.composed,
            Policy::Passphrase => self.password.passphrase,
        }
    }
}
