//! The security page: strength, where things are changed, sessions, deactivation.

use super::{Text, texts};
use crate::domain::strength::{Level, Recommendation};

texts! {
    /// The overview.
    Security {
        title: "Security", "Güvenlik";
        lede: "How you sign in, and what keeps everybody else out.",
            "Nasıl giriş yaptığınız ve başkalarını dışarıda tutan ayarlar.";
        back: "Security", "Güvenlik";
        strength: "Account strength", "Hesap gücü";
        score(u8): |score| format!("{score} of 100"), |score| format!("100 üzerinden {score}");
        points(u8): |points| format!("{points} points"), |points| format!("{points} puan");
        gains(u8): |points| format!("+{points} points"), |points| format!("+{points} puan");
        very_weak: "Very weak", "Çok zayıf";
        weak: "Weak", "Zayıf";
        medium: "Medium", "Orta";
        strong: "Strong", "Güçlü";
        very_weak_text: "Your account security is poor and needs immediate attention",
            "Hesap güvenliğiniz yetersiz ve hemen ilgilenmeniz gerekiyor";
        weak_text: "Your account security needs improvement", "Hesap güvenliğinizin iyileştirilmesi gerekiyor";
        medium_text: "Your account security is good but can be improved",
            "Hesap güvenliğiniz iyi ama daha da iyileştirilebilir";
        strong_text: "Your account security is excellent", "Hesap güvenliğiniz mükemmel";
        email_done: "E-mail address verified", "E-posta adresi doğrulandı";
        phone_done: "Mobile number verified", "Cep telefonu numarası doğrulandı";
        two_factor_done: "Two-step verification is on", "İki adımlı doğrulama açık";
        password_done: "Password changed within six months", "Parola son altı ay içinde değiştirildi";
        verify_email: "Verify your e-mail address", "E-posta adresinizi doğrulayın";
        verify_phone: "Verify your mobile number", "Cep telefonu numaranızı doğrulayın";
        enable_two_factor: "Turn on two-step verification", "İki adımlı doğrulamayı açın";
        change_password: "Change your password", "Parolanızı değiştirin";
        sign_in: "How you sign in", "Giriş bilgileriniz";
        email: "E-mail address", "E-posta adresi";
        phone: "Mobile number", "Cep telefonu numarası";
        username: "Username", "Kullanıcı adı";
        password: "Password", "Parola";
        none: "None yet", "Henüz yok";
        verified: "Verified", "Doğrulandı";
        unverified: "Not verified", "Doğrulanmadı";
        change: "Change", "Değiştir";
        add: "Add", "Ekle";
        verify: "Verify", "Doğrula";
        manage: "Manage", "Yönet";
        password_set(&str): |date| format!("Changed on {date}"), |date| format!("Değiştirilme tarihi: {date}");
        password_none: "This account has no password.", "Bu hesabın parolası yok.";
    }
}

texts! {
    /// The list of sessions.
    Sessions {
        title: "Where you are signed in", "Açık oturumlarınız";
        lede: "If you do not recognise one, end it and change your password.",
            "Tanımadığınız bir oturum varsa kapatın ve parolanızı değiştirin.";
        this_one: "This session", "Bu oturum";
        app: "App", "Uygulama";
        from(&str): |place| format!("From {place}"), |place| format!("Adres: {place}");
        began(&str): |time| format!("Signed in {time}"), |time| format!("Giriş: {time}");
        last_used(&str): |time| format!("Last used {time}"), |time| format!("Son kullanım: {time}");
        end: "End session", "Oturumu kapat";
        end_others: "End all other sessions", "Diğer tüm oturumları kapat";
        ended: "Session ended", "Oturum kapatıldı";
        others_ended: "All other sessions ended", "Diğer tüm oturumlar kapatıldı";
        already_ended: "That session had ended already", "O oturum zaten kapanmıştı";
    }
}

texts! {
    /// Deactivating the account.
    Deactivate {
        title: "Deactivate account", "Hesabı devre dışı bırak";
        lede: "Locks your account without deleting anything. Only the people who run this site can unlock it.",
            "Hiçbir şeyi silmeden hesabınızı kilitler. Kilidi yalnızca site yöneticileri açabilir.";
        open: "Deactivate my account…", "Hesabımı devre dışı bırak…";
        at_once: "At once, your profile disappears and you are signed out everywhere.",
            "Profiliniz hemen görünmez olur ve her yerde oturumunuz kapanır.";
        no_way_back: "You cannot sign in again until somebody unlocks the account for you.",
            "Birisi sizin için kilidi açana kadar yeniden giriş yapamazsınız.";
        instead: "To take a break that you can end yourself, archive the account instead.",
            "Kendiniz sonlandırabileceğiniz bir ara için bunun yerine hesabı arşivleyin.";
        archive: "Archive account", "Hesabı arşivle";
        reason: "Why?", "Neden?";
        reason_hint: "At most 500 characters. The people who run this site can read it.",
            "En çok 500 karakter. Site yöneticileri okuyabilir.";
        password: "Password", "Parola";
        submit: "Deactivate account", "Hesabı devre dışı bırak";
        done: "Your account is deactivated.", "Hesabınız devre dışı bırakıldı.";
    }
}

impl Text {
    /// A band of scores in a word or two, and what it means.
    pub fn level(&self, level: Level) -> (&'static str, &'static str) {
        let text = &self.security;
        match level {
            Level::VeryWeak => (text.very_weak, text.very_weak_text),
            Level::Weak => (text.weak, text.weak_text),
            Level::Medium => (text.medium, text.medium_text),
            Level::Strong => (text.strong, text.strong_text),
        }
    }

    /// What to do, and what to say once it is done.
    pub fn recommendation(&self, item: Recommendation) -> (&'static str, &'static str) {
        let text = &self.security;
        match item {
            Recommendation::VerifyEmail => (text.verify_email, text.email_done),
            Recommendation::VerifyPhone => (text.verify_phone, text.phone_done),
            Recommendation::EnableTwoFactor => (text.enable_two_factor, text.two_factor_done),
            Recommendation::ChangePassword => (text.change_password, text.password_done),
        }
    }
}
