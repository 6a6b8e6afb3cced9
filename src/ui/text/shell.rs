//! What stands around every page and in every form.

use super::texts;

texts! {
    /// The frame of a page.
    Shell {
        description(&str): |brand| format!("Your account at {brand}: profile, picture, security and privacy in one place."),
            |brand| format!("{brand} hesabınız: profil, resim, güvenlik ve gizlilik tek bir yerde.");
        skip: "Skip to content", "İçeriğe geç";
        sign_in: "Sign in", "Giriş yap";
        account_menu: "Account menu", "Hesap menüsü";
        sections: "Your account", "Hesabınız";
        profile: "Profile", "Profil";
        security: "Security", "Güvenlik";
        activity: "Activity", "Etkinlik";
        people: "People", "Kişiler";
        sign_out: "Sign out", "Çıkış yap";
        language: "Language", "Dil";
        theme: "Appearance", "Görünüm";
        theme_system: "System", "Sistem";
        theme_light: "Light", "Açık";
        theme_dark: "Dark", "Koyu";
    }
}

texts! {
    /// Words that every form uses.
    Forms {
        optional: "Optional", "İsteğe bağlı";
        reveal: "Show password", "Parolayı göster";
        cancel: "Cancel", "Vazgeç";
        check(usize): |fields| match fields {
            1 => "Please check one field".to_owned(),
            _ => format!("Please check {fields} fields"),
        }, |fields| match fields {
            1 => "Lütfen bir alanı gözden geçirin".to_owned(),
            _ => format!("Lütfen {fields} alanı gözden geçirin"),
        };
    }
}
