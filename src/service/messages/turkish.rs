//! Turkish. The brand stands where it needs no suffix: those follow the sounds of a name that is not known here.

use chrono::{DateTime, Utc};

use super::{
    language::{Labels, Language, MessageContext},
    notice::{Notice, Target, Undo},
};
use crate::domain::{
    account::Role,
    code::{Channel, Purpose},
};

/// The Turkish language.
pub(super) struct Turkish;

impl Language for Turkish {
    fn subject(&self, notice: &Notice, context: &MessageContext<'_>) -> String {
        let brand = context.brand;
        match notice {
            Notice::Code { purpose: Purpose::Registration, .. } => format!("{brand} kayıt kodunuz"),
            Notice::Code { purpose: Purpose::Verification | Purpose::Management, .. } => {
                format!("{brand} doğrulama kodunuz")
            }
            Notice::Code { purpose: Purpose::PasswordReset, .. } => format!("{brand} parola sıfırlama kodunuz"),
            Notice::Code { purpose: Purpose::SecondFactor, .. } => format!("{brand} oturum açma kodunuz"),
            Notice::Code { purpose: Purpose::FactorChange, .. } => format!("{brand} güvenlik kodunuz"),
            Notice::AlreadyRegistered => format!("Zaten bir {brand} hesabınız var"),
            Notice::NewDeviceSignIn => format!("{brand} hesabınızda yeni bir oturum açıldı"),
            Notice::AppTokenReused { app } => format!("{app} uygulamasının {brand} hesabınızdaki oturumu kapatıldı"),
            Notice::PasswordChanged => format!("{brand} parolanız değiştirildi"),
            Notice::PasswordReset => format!("{brand} parolanız sıfırlandı"),
            Notice::EmailChangeRequested { .. } => format!("{brand} e-posta adresiniz değiştirilmek üzere"),
            Notice::PhoneChangeRequested { .. } => format!("{brand} telefon numaranız değiştirilmek üzere"),
            Notice::EmailChanged { to: Some(_), .. } => format!("{brand} e-posta adresiniz değiştirildi"),
            Notice::EmailChanged { to: None, .. } => format!("{brand} e-posta adresiniz kaldırıldı"),
            Notice::PhoneChanged { to: Some(_), .. } => format!("{brand} telefon numaranız değiştirildi"),
            Notice::PhoneChanged { to: None, .. } => format!("{brand} telefon numaranız kaldırıldı"),
            Notice::EmailChangeUndone { .. } => format!("{brand} e-posta adresinizin değiştirilmesi geri alındı"),
            Notice::PhoneChangeUndone { .. } => format!("{brand} telefon numaranızın değiştirilmesi geri alındı"),
            Notice::Displaced { channel: Channel::Email, username, .. } => {
                format!("{brand}: {username} adlı hesaptan bir e-posta adresi kaldırıldı")
            }
            Notice::Displaced { channel: Channel::Sms, username, .. } => {
                format!("{brand}: {username} adlı hesaptan bir telefon numarası kaldırıldı")
            }
            Notice::UsernameChanged { .. } => format!("{brand} kullanıcı adınız değiştirildi"),
            Notice::TwoFactorEnabled => format!("{brand} hesabınızda iki adımlı doğrulama açıldı"),
            Notice::TwoFactorDisabled => format!("{brand} hesabınızda iki adımlı doğrulama kapatıldı"),
            Notice::AuthenticatorAdded => format!("{brand} hesabınıza bir doğrulama uygulaması eklendi"),
            Notice::AuthenticatorRemoved => format!("{brand} hesabınızdan doğrulama uygulaması kaldırıldı"),
            Notice::RecoveryCodesRenewed => format!("{brand} hesabınız için yeni kurtarma kodları oluşturuldu"),
            Notice::RecoveryCodeUsed { .. } => format!("{brand} hesabınızın bir kurtarma kodu kullanıldı"),
            Notice::RoleChanged { .. } => format!("{brand} hesabınızın rolü değiştirildi"),
            Notice::Archived { .. } => format!("{brand} hesabınız arşivlendi"),
            Notice::PurgeReminder { purge_at } => {
                format!("{brand} hesabınız {} tarihinde silinecek", self.date(context.day(*purge_at)))
            }
            Notice::Restored => format!("{brand} hesabınız geri yüklendi"),
            Notice::Deactivated => format!("{brand} hesabınız devre dışı bırakıldı"),
            Notice::Unlocked => format!("{brand} hesabınızın kilidi açıldı"),
        }
    }

    fn happened(&self, notice: &Notice, context: &MessageContext<'_>) -> String {
        let brand = context.brand;
        match notice {
            Notice::Code { purpose, expires_at, .. } => code_asked_for(*purpose, *expires_at, context),
            Notice::AlreadyRegistered => format!(
                "Birisi sizin adresinizle kaydolmak istedi, ancak bu adresin zaten bir {brand} hesabı var. Bunu siz \
                 yaptıysanız oturum açın; parolanızı unuttuysanız orada yenisini belirleyebilirsiniz."
            ),
            Notice::AppTokenReused { app } => format!(
                "{app} uygulamasının daha önce kullandığı bir anahtar yeniden kullanıldı; anahtar başkasının eline geçmiş \
                 olabilir. Uygulamanın {brand} hesabınızdaki oturumu kapatıldı."
            ),
            Notice::NewDeviceSignIn => format!("{brand} hesabınızda daha önce görülmemiş bir cihazdan oturum açıldı."),
            Notice::PasswordChanged => {
                format!("{brand} hesabınızın parolası değiştirildi ve bütün oturumları kapatıldı.")
            }
            Notice::PasswordReset => {
                format!("{brand} hesabınızın parolası bir kodla sıfırlandı ve bütün oturumları kapatıldı.")
            }
            Notice::EmailChangeRequested { to, undo } => self.change_asked_for("e-posta adresinin", to, undo, context),
            Notice::PhoneChangeRequested { to, undo } => {
                self.change_asked_for("telefon numarasının", to, undo, context)
            }
            Notice::EmailChanged { to, undo } => self.changed("e-posta adresi", to.as_deref(), undo.as_ref(), context),
            Notice::PhoneChanged { to, undo } => {
                self.changed("telefon numarası", to.as_deref(), undo.as_ref(), context)
            }
            Notice::EmailChangeUndone { to } => change_undone("e-posta adresi", to, context),
            Notice::PhoneChangeUndone { to } => change_undone("telefon numarası", to, context),
            Notice::Displaced { channel, identifier, username } => {
                let what = match channel {
                    Channel::Email => "adresi",
                    Channel::Sms => "numarası",
                };
                format!(
                    "{username} adlı {brand} hesabında {identifier} {what} hiç onaylanmadan duruyordu. Başka bir hesap için \
                     onaylandı ve {username} adlı hesaptan kaldırıldı."
                )
            }
            Notice::UsernameChanged { from, to } => format!(
                "{brand} hesabınızın kullanıcı adı değiştirildi ve bütün oturumları kapatıldı. Eski ad: {from}. Yeni \
                 ad: {to}."
            ),
            Notice::TwoFactorEnabled => {
                format!("Bundan sonra {brand} hesabınızda oturum açmak için ikinci bir adım gerekiyor.")
            }
            Notice::TwoFactorDisabled => {
                format!("Bundan sonra {brand} hesabınızda oturum açmak için yalnızca parola gerekiyor.")
            }
            Notice::AuthenticatorAdded => format!(
                "Bundan sonra {brand} hesabınızda oturum açmak için yeni bir doğrulama uygulamasının kodları \
                 kullanılabilir."
            ),
            Notice::AuthenticatorRemoved => {
                format!("Bundan sonra {brand} hesabınızda oturum açmak için doğrulama uygulaması kodları kullanılamaz.")
            }
            Notice::RecoveryCodesRenewed => {
                format!("{brand} hesabınız için on yeni kurtarma kodu oluşturuldu; eskileri artık geçerli değil.")
            }
            Notice::RecoveryCodeUsed { left } => format!(
                "{brand} hesabınızın bir kurtarma kodu kullanıldı. Her kod bir kez kullanılabilir; {}.",
                if *left == 0 { "hiç kodunuz kalmadı".to_owned() } else { format!("{left} kodunuz kaldı") }
            ),
            Notice::RoleChanged { role: Role::Admin } => format!("{brand} hesabınızın rolü artık yönetici."),
            Notice::RoleChanged { role: Role::User } => format!("{brand} hesabınızın rolü artık kullanıcı."),
            Notice::Archived { purge_at } | Notice::PurgeReminder { purge_at } => format!(
                "{brand} hesabınız arşivde ve {} tarihinde, yani {}, kalıcı olarak silinecek. O zamana kadar oturum \
                 açarsanız geri yüklenir.",
                self.date(context.day(*purge_at)),
                in_days(context.days_until(*purge_at))
            ),
            Notice::Restored => format!("{brand} hesabınız geri yüklendi ve yeniden kullanımda."),
            Notice::Deactivated => format!("{brand} hesabınız bir yönetici kilidini açana kadar kilitli."),
            Notice::Unlocked => format!("{brand} hesabınızın kilidi açıldı. Yeniden oturum açabilirsiniz."),
        }
    }

    fn advice(&self, notice: &Notice, context: &MessageContext<'_>) -> String {
        let advice = match notice {
            Notice::Code { purpose: Purpose::Registration, .. } => {
                "Siz kaydolmadıysanız bu iletiyi dikkate almayın: kod girilmeden hesap açılmaz."
            }
            Notice::Code { purpose: Purpose::Verification | Purpose::Management, .. } => {
                "Bu kodu siz istemediyseniz iletiyi dikkate almayın ve kodu kimseye vermeyin."
            }
            Notice::Code { purpose: Purpose::PasswordReset, .. } => {
                "Bu kodu siz istemediyseniz iletiyi dikkate almayın ve kodu kimseye vermeyin. Parolanız değişmez."
            }
            Notice::Code { purpose: Purpose::SecondFactor, .. } => {
                "Oturum açan siz değilseniz birisi parolanızı biliyor: kodu kimseye vermeyin ve hemen yeni bir \
                 parola belirleyin."
            }
            Notice::Code { purpose: Purpose::FactorChange, .. } => {
                "Bunu siz istemediyseniz hesabınızda başka birisi oturum açmış: kodu kimseye vermeyin ve hemen yeni bir \
                 parola belirleyin."
            }
            Notice::AlreadyRegistered => {
                "Bunu siz yapmadıysanız bir şey yapmanız gerekmez: hiçbir şey değişmedi ve kimse oturum açmadı."
            }
            Notice::AppTokenReused { .. } => {
                "Uygulamada yeniden oturum açın. Bu yinelenirse uygulamanın erişimini kaldırın ve onu işletenlere haber verin."
            }
            Notice::NewDeviceSignIn => "Oturum açan siz değilseniz hemen o oturumu kapatın ve parolanızı değiştirin.",
            Notice::PasswordChanged | Notice::PasswordReset | Notice::UsernameChanged { .. } | Notice::Restored => {
                "Bunu siz yapmadıysanız hesabınıza başkası da girebiliyor: hemen yeni bir parola belirleyin."
            }
            Notice::EmailChangeRequested { .. }
            | Notice::PhoneChangeRequested { .. }
            | Notice::EmailChanged { undo: Some(_), .. }
            | Notice::PhoneChanged { undo: Some(_), .. } => {
                "Bunu siz istemediyseniz değişikliği geri alın, ardından parolanızı değiştirin."
            }
            Notice::EmailChanged { undo: None, .. } | Notice::PhoneChanged { undo: None, .. } => {
                "Bunu siz yapmadıysanız hemen parolanızı değiştirin ve kendi bilginizi geri yazın. Önceden başka bir \
                 bilgi kayıtlıysa oraya gönderilen iletide değişikliği geri alan bir bağlantı var."
            }
            Notice::EmailChangeUndone { .. } | Notice::PhoneChangeUndone { .. } => {
                "Değişikliği isteyen parolanızı biliyor olabilir: hemen yeni bir parola belirleyin."
            }
            Notice::Displaced { channel, username, .. } => {
                let what = match channel {
                    Channel::Email => "adresinizi",
                    Channel::Sms => "numaranızı",
                };
                return format!(
                    "{username} adlı hesap sizinse bu kullanıcı adıyla oturum açın ve kendi {what} ekleyin."
                );
            }
            Notice::TwoFactorEnabled => {
                "Bunu siz yapmadıysanız hemen parolanızı değiştirin ve iki adımlı doğrulamayı kapatın."
            }
            Notice::TwoFactorDisabled => {
                "Bunu siz yapmadıysanız hemen parolanızı değiştirin ve iki adımlı doğrulamayı yeniden açın."
            }
            Notice::AuthenticatorAdded | Notice::AuthenticatorRemoved | Notice::RecoveryCodesRenewed => {
                "Bunu siz yapmadıysanız hemen parolanızı değiştirin, ardından uygulamayı ve kurtarma kodlarını yeniden \
                 oluşturun."
            }
            Notice::RecoveryCodeUsed { .. } => {
                "Bunu siz yapmadıysanız hemen parolanızı değiştirin ve yeni kurtarma kodları oluşturun."
            }
            Notice::Archived { .. } | Notice::PurgeReminder { .. } => {
                "Hesabı siz arşivlemediyseniz oturum açarak geri yükleyin ve parolanızı değiştirin."
            }
            Notice::RoleChanged { .. } | Notice::Deactivated => {
                return format!("Bunu beklemiyorduysanız {} yöneticilerine haber verin.", context.brand);
            }
            Notice::Unlocked => "Bunu beklemiyorduysanız oturum açtıktan sonra parolanızı değiştirin.",
        };
        advice.to_owned()
    }

    fn code_text(&self, purpose: Purpose, minutes: i64, context: &MessageContext<'_>) -> String {
        // Other words than in mails: ç, ğ, ı and ş are not in the GSM alphabet.
        let name = match purpose {
            Purpose::Registration => "üyelik",
            Purpose::Verification | Purpose::Management => "onay",
            Purpose::PasswordReset => "parola yenileme",
            Purpose::SecondFactor => "oturum",
            Purpose::FactorChange => "güvenlik",
        };
        format!("{} {name} kodunuz. Süresi {minutes} dakika. Kimseye vermeyin.", context.brand)
    }

    fn action(&self, target: Target<'_>) -> &'static str {
        match target {
            Target::SignIn => "Oturum açın",
            Target::NewPassword => "Yeni parola belirleyin",
            Target::Security => "Hesabınızı denetleyin",
            Target::Undo(_) => "Değişikliği geri alın",
        }
    }

    fn doubt(&self) -> &'static str {
        "Siz değil miydiniz?"
    }

    fn device(&self, device: &str) -> String {
        match device.split_once(" on ") {
            Some((agent, system)) => format!("{system} üzerinde {agent}"),
            None => device.to_owned(),
        }
    }

    fn labels(&self) -> Labels {
        Labels { index: "Kod numarası", when: "Ne zaman", device: "Cihaz", network: "Ağ" }
    }

    fn footer(&self, context: &MessageContext<'_>) -> String {
        format!("{} bu iletiyi hesabınızın güvenliği için otomatik olarak gönderdi. Yanıtlar okunmaz.", context.brand)
    }

    fn months(&self) -> [&'static str; 12] {
        ["Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık"]
    }
}

impl Turkish {
    fn change_asked_for(&self, whose: &str, to: &str, undo: &Undo, context: &MessageContext<'_>) -> String {
        let brand = context.brand;
        let until = self.moment(context.local(undo.until));
        format!(
            "Birisi {brand} hesabınızın {whose} değiştirilmesini istedi. Yeni değer: {to}. Değişiklik, oraya \
             gönderilen kod girilince yapılır. Şu zamana kadar geri alabilirsiniz: {until}."
        )
    }

    fn changed(&self, what: &str, to: Option<&str>, undo: Option<&Undo>, context: &MessageContext<'_>) -> String {
        let brand = context.brand;
        let news = match to {
            Some(to) => format!("{brand} hesabınızın {what} artık {to}."),
            None => format!("{brand} hesabınızın {what} kaldırıldı."),
        };
        match undo {
            Some(undo) => {
                format!("{news} Şu zamana kadar geri alabilirsiniz: {}.", self.moment(context.local(undo.until)))
            }
            None => news,
        }
    }
}

fn change_undone(what: &str, to: &str, context: &MessageContext<'_>) -> String {
    let brand = context.brand;
    format!("{brand} hesabınızın {what} yeniden {to} ve hesabın bütün oturumları kapatıldı.")
}

fn code_asked_for(purpose: Purpose, expires_at: DateTime<Utc>, context: &MessageContext<'_>) -> String {
    let brand = context.brand;
    let aim = match purpose {
        Purpose::Registration => format!("{brand} kaydınızı tamamlamak için"),
        Purpose::Verification | Purpose::Management => format!("Bu adresi {brand} için doğrulamak üzere"),
        Purpose::PasswordReset => format!("{brand} hesabınıza yeni bir parola belirlemek için"),
        Purpose::SecondFactor => format!("{brand} hesabınızda oturum açmayı tamamlamak için"),
        Purpose::FactorChange => format!("{brand} hesabınızın iki adımlı doğrulamasını değiştirmek için"),
    };
    format!(
        "{aim} bu kodu girin. Kod bir kez kullanılabilir ve {} dakika geçerlidir.",
        context.minutes_until(expires_at)
    )
}

fn in_days(days: i64) -> String {
    match days {
        0 => "bugün".to_owned(),
        1 => "yarın".to_owned(),
        _ => format!("{days} gün sonra"),
    }
}
