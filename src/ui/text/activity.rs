//! The activity list: each event in words.

use super::{Text, texts};
use crate::domain::{
    account::Role,
    activity::{Group, Kind},
};

texts! {
    /// The page around the list.
    Activity {
        title: "Activity", "Etkinlik";
        lede: "Everything that happened to your account, when, and from where.",
            "Hesabınızda olan her şey; ne zaman ve nereden yapıldığıyla birlikte.";
        filter: "Show", "Göster";
        everything: "Everything", "Tümü";
        sign_ins: "Sign-ins", "Girişler";
        protection: "Protection", "Koruma";
        profile: "Profile", "Profil";
        account: "Account", "Hesap";
        today: "Today", "Bugün";
        yesterday: "Yesterday", "Dün";
        device(&str): |device| match device {
            "" => "Unknown device".to_owned(),
            _ => device.to_owned(),
        }, |device| match device.split_once(" on ") {
            Some((agent, system)) => [system, " üzerinde ", agent].concat(),
            None if device.is_empty() => "Bilinmeyen cihaz".to_owned(),
            None => device.to_owned(),
        };
        worth_a_look: "Worth a look", "Göz atmaya değer";
        older: "Older events", "Daha eski olaylar";
        newest: "Back to the newest", "En yenilere dön";
        pages: "Pages", "Sayfalar";
        empty: "Nothing of this kind yet", "Bu türden bir şey henüz yok";
        empty_text: "When it happens, you will find it here.", "Gerçekleştiğinde burada görürsünüz.";
        not_you: "Something here was not you?", "Buradakilerden biri siz değil miydiniz?";
        not_you_text: "Change your password: that signs out everybody everywhere.",
            "Parolanızı değiştirin: Bu, her yerdeki tüm oturumları kapatır.";
        name: "Name", "Ad ve soyad";
        member: "Member", "Üye";
        administrator: "Administrator", "Yönetici";
        change_password: "Change password", "Parolayı değiştir";
        changed(&str): |fields| format!("Changed: {fields}"), |fields| format!("Değişen: {fields}");
        sessions(u64): |count| match count {
            0 => "No session was open".to_owned(),
            1 => "One session was ended".to_owned(),
            _ => format!("{count} sessions were ended"),
        }, |count| match count {
            0 => "Açık oturum yoktu".to_owned(),
            _ => format!("{count} oturum sonlandırıldı"),
        };
        codes_left(u64): |left| match left {
            0 => "No recovery code is left".to_owned(),
            1 => "One recovery code is left".to_owned(),
            _ => format!("{left} recovery codes are left"),
        }, |left| match left {
            0 => "Kurtarma kodu kalmadı".to_owned(),
            _ => format!("{left} kurtarma kodu kaldı"),
        };
    }
}

texts! {
    /// What happened, as [`Text::event`] uses it.
    Events {
        registered: "Account created", "Hesap oluşturuldu";
        signed_in: "Signed in", "Giriş yapıldı";
        sign_in_failed: "Sign-in failed", "Giriş başarısız oldu";
        signed_out: "Signed out", "Çıkış yapıldı";
        session_ended: "A session was ended", "Bir oturum sonlandırıldı";
        sessions_ended: "Sessions were ended", "Oturumlar sonlandırıldı";
        profile_changed: "Profile changed", "Profil değiştirildi";
        avatar_uploaded: "Picture uploaded", "Resim yüklendi";
        avatar_deleted: "Picture deleted", "Resim silindi";
        password_changed: "Password changed", "Parola değiştirildi";
        password_reset: "Password set anew by code", "Parola kodla yenilendi";
        email_verified: "E-mail address verified", "E-posta adresi doğrulandı";
        email_change_requested: "Change of e-mail address requested", "E-posta adresi değişikliği istendi";
        email_change_cancelled: "Change of e-mail address cancelled", "E-posta adresi değişikliğinden vazgeçildi";
        email_changed: "E-mail address changed", "E-posta adresi değiştirildi";
        email_removed: "E-mail address removed", "E-posta adresi kaldırıldı";
        email_change_undone: "Change of e-mail address taken back", "E-posta adresi değişikliği geri alındı";
        phone_verified: "Mobile number verified", "Cep telefonu numarası doğrulandı";
        phone_change_requested: "Change of mobile number requested", "Numara değişikliği istendi";
        phone_change_cancelled: "Change of mobile number cancelled", "Numara değişikliğinden vazgeçildi";
        phone_changed: "Mobile number changed", "Cep telefonu numarası değiştirildi";
        phone_removed: "Mobile number removed", "Cep telefonu numarası kaldırıldı";
        phone_change_undone: "Change of mobile number taken back", "Numara değişikliği geri alındı";
        username_changed: "Username changed", "Kullanıcı adı değiştirildi";
        role_changed: "Role changed", "Rol değiştirildi";
        archived: "Account archived", "Hesap arşivlendi";
        restored: "Account restored", "Hesap geri yüklendi";
        deactivated: "Account locked", "Hesap kilitlendi";
        unlocked: "Account unlocked", "Hesabın kilidi açıldı";
        refresh_token_reused: "A used-up token came back; its session was ended",
            "Kullanılmış bir anahtar yeniden geldi; oturumu sonlandırıldı";
        app_signed_in: "Signed in to an app", "Bir uygulamada oturum açıldı";
        app_allowed: "App allowed", "Uygulamaya izin verildi";
        app_removed: "App's access taken away", "Uygulamanın erişimi kaldırıldı";
        two_factor_enabled: "Two-step verification turned on", "İki adımlı doğrulama açıldı";
        two_factor_disabled: "Two-step verification turned off", "İki adımlı doğrulama kapatıldı";
        authenticator_added: "Authenticator app added", "Doğrulama uygulaması eklendi";
        authenticator_removed: "Authenticator app removed", "Doğrulama uygulaması kaldırıldı";
        recovery_codes_renewed: "New recovery codes made", "Yeni kurtarma kodları oluşturuldu";
        recovery_code_used: "Recovery code used", "Kurtarma kodu kullanıldı";
        management_access: "Changed or read by a service of the operator", "İşletmecinin bir hizmeti tarafından okundu ya da değiştirildi";
        unknown: "Something newer than this page", "Bu sayfadan daha yeni bir olay";
    }
}

impl Text {
    /// What a group of kinds is called.
    pub fn event_group(&self, group: Group) -> &'static str {
        match group {
            Group::SignIns => self.activity.sign_ins,
            Group::Protection => self.activity.protection,
            Group::Profile => self.activity.profile,
            Group::Account => self.activity.account,
        }
    }

    /// What a role is called.
    pub fn role(&self, role: Role) -> &'static str {
        match role {
            Role::User => self.activity.member,
            Role::Admin => self.activity.administrator,
        }
    }

    /// What happened; none is a kind that a newer version wrote.
    pub fn event(&self, kind: Option<Kind>) -> &'static str {
        let say = &self.events;
        let Some(kind) = kind else { return say.unknown };
        match kind {
            Kind::Registered => say.registered,
            Kind::SignedIn => say.signed_in,
            Kind::SignInFailed => say.sign_in_failed,
            Kind::SignedOut => say.signed_out,
            Kind::SessionEnded => say.session_ended,
            Kind::SessionsEnded => say.sessions_ended,
            Kind::ProfileChanged => say.profile_changed,
            Kind::AvatarUploaded => say.avatar_uploaded,
            Kind::AvatarDeleted => say.avatar_deleted,
            Kind::PasswordChanged => say.password_changed,
            Kind::PasswordReset => say.password_reset,
            Kind::EmailVerified => say.email_verified,
            Kind::EmailChangeRequested => say.email_change_requested,
            Kind::EmailChangeCancelled => say.email_change_cancelled,
            Kind::EmailChanged => say.email_changed,
            Kind::EmailRemoved => say.email_removed,
            Kind::EmailChangeUndone => say.email_change_undone,
            Kind::PhoneVerified => say.phone_verified,
            Kind::PhoneChangeRequested => say.phone_change_requested,
            Kind::PhoneChangeCancelled => say.phone_change_cancelled,
            Kind::PhoneChanged => say.phone_changed,
            Kind::PhoneRemoved => say.phone_removed,
            Kind::PhoneChangeUndone => say.phone_change_undone,
            Kind::UsernameChanged => say.username_changed,
            Kind::RoleChanged => say.role_changed,
            Kind::Archived => say.archived,
            Kind::Restored => say.restored,
            Kind::Deactivated => say.deactivated,
            Kind::Unlocked => say.unlocked,
            Kind::RefreshTokenReused => say.refresh_token_reused,
            Kind::AppSignedIn => say.app_signed_in,
            Kind::AppAllowed => say.app_allowed,
            Kind::AppRemoved => say.app_removed,
            Kind::TwoFactorEnabled => say.two_factor_enabled,
            Kind::TwoFactorDisabled => say.two_factor_disabled,
            Kind::AuthenticatorAdded => say.authenticator_added,
            Kind::AuthenticatorRemoved => say.authenticator_removed,
            Kind::RecoveryCodesRenewed => say.recovery_codes_renewed,
            Kind::RecoveryCodeUsed => say.recovery_code_used,
            Kind::ManagementAccess => say.management_access,
        }
    }
}
