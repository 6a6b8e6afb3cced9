//! Why a value is refused: one sentence for beside its field.

use super::{Text, texts};
use crate::domain::error::{Field, Issue, PasswordReason, PictureUrlReason, Reason};

texts! {
    /// The sentences, as [`Text::issue`] uses them.
    Issues {
        identifier: "Enter what you sign in with.", "Girişte kullandığınız bilgiyi yazın.";
        email: "Enter an e-mail address.", "Bir e-posta adresi yazın.";
        phone: "Enter a mobile number.", "Bir cep telefonu numarası yazın.";
        username: "Enter a username.", "Bir kullanıcı adı yazın.";
        name: "Enter your name.", "Adınızı yazın.";
        password: "Enter your password.", "Parolanızı yazın.";
        new_password: "Enter a new password.", "Yeni bir parola yazın.";
        confirm_password: "Enter the new password once more.", "Yeni parolayı bir kez daha yazın.";
        code: "Enter the code.", "Kodu yazın.";
        file: "Choose a picture.", "Bir resim seçin.";
        required: "This is needed.", "Bu alan gerekli.";
        too_short(usize): |min| format!("Use at least {min} characters."),
            |min| format!("En az {min} karakter kullanın.");
        too_long(usize): |max| format!("Use at most {max} characters."),
            |max| format!("En çok {max} karakter kullanın.");
        part_too_long(usize): |max| format!("Each part of a name can have at most {max} characters."),
            |max| format!("Adın her bölümü en çok {max} karakter olabilir.");
        forbidden_characters: "This contains characters that cannot be used here, such as invisible ones.",
            "Burada kullanılamayan, örneğin görünmeyen karakterler var.";
        malformed_email: "Write the whole address, like name@example.com.",
            "Adresin tamamını yazın, örneğin ad@example.com.";
        malformed_code: "The code has six digits.", "Kod altı haneden oluşur.";
        malformed: "That is not valid here.", "Bu burada geçerli değil.";
        not_a_recovery_code: "A recovery code has 16 letters and digits.", "Kurtarma kodu 16 harf ve rakamdan oluşur.";
        not_a_phone_number: "That is not a phone number in use. Check the digits.",
            "Bu, kullanılan bir telefon numarası değil. Rakamları kontrol edin.";
        unknown_country_code: "Add the country code, like +90.", "Ülke kodunu ekleyin, örneğin +90.";
        username_form: "Begin with a letter from A to Z; then letters, digits, _ and - can follow.",
            "A-Z arası bir harfle başlayın; ardından harf, rakam, _ ve - gelebilir.";
        reserved: "That name is reserved. Please choose another.", "Bu ad ayrılmış. Lütfen başka bir ad seçin.";
        not_settable: "This cannot be changed here.", "Bu burada değiştirilemez.";
        mismatch: "The two entries differ.", "İki giriş birbirinden farklı.";
        wrong_phrase: "That is not the phrase. Type it exactly, in capital letters.",
            "Bu istenen ifade değil. Büyük harflerle, olduğu gibi yazın.";
        too_many(usize): |max| format!("At most {max} fit here."), |max| format!("Buraya en çok {max} tane sığar.");
        picture_malformed: "That is not a web address we can use.", "Bu, kullanabileceğimiz bir web adresi değil.";
        picture_not_https: "The address must begin with https://.", "Adres https:// ile başlamalı.";
        picture_extension: "The address must end in .jpg, .jpeg, .png, .gif or .webp.",
            "Adres .jpg, .jpeg, .png, .gif veya .webp ile bitmeli.";
        picture_local: "The address must be on a public host name.", "Adres herkese açık bir sunucuda olmalı.";
        picture_not_yours: "That picture does not belong to this account.", "Bu resim bu hesaba ait değil.";
        picture_unreachable: "There is no public picture at that address.", "Bu adreste herkese açık bir resim yok.";
        password_too_short: "Use at least 8 characters.", "En az 8 karakter kullanın.";
        password_too_long: "Use at most 256 characters.", "En çok 256 karakter kullanın.";
        password_neither: "Use 15 characters or more, or mix upper case, lower case, a digit and a special character.",
            "15 veya daha fazla karakter kullanın ya da büyük harf, küçük harf, rakam ve özel karakteri karıştırın.";
        password_not_mixed: "Mix upper case, lower case, a digit and a special character.",
            "Büyük harf, küçük harf, rakam ve özel karakteri karıştırın.";
        password_not_long: "Use at least 15 characters.", "En az 15 karakter kullanın.";
        password_personal: "Leave out your name, username, e-mail address and the name of this site.",
            "Adınızı, kullanıcı adınızı, e-posta adresinizi ve bu sitenin adını kullanmayın.";
        password_common: "Too many people use this one. Choose another.",
            "Bunu çok fazla kişi kullanıyor. Başka bir parola seçin.";
        password_guessable: "This is easy to guess. Add another word or two.",
            "Bu kolay tahmin edilir. Bir iki sözcük daha ekleyin.";
        password_unchanged: "That is your present password. Choose another.",
            "Bu şimdiki parolanız. Başka bir parola seçin.";
    }
}

impl Text {
    /// The sentence for beside the field.
    pub fn issue(&self, issue: &Issue) -> String {
        self.issues.sentence(issue.field, &issue.reason)
    }
}

impl Issues {
    fn sentence(&self, field: Field, reason: &Reason) -> String {
        match *reason {
            Reason::Required => self.required_of(field),
            Reason::TooShort { min } => return (self.too_short)(min),
            Reason::TooLong { max } => return (self.too_long)(max),
            Reason::PartTooLong { max } => return (self.part_too_long)(max),
            Reason::TooMany { max } => return (self.too_many)(max),
            Reason::Malformed => self.malformed_of(field),
            Reason::ForbiddenCharacters => self.forbidden_characters,
            Reason::NotAPhoneNumber => self.not_a_phone_number,
            Reason::NotARecoveryCode => self.not_a_recovery_code,
            Reason::UnknownCountryCode => self.unknown_country_code,
            Reason::UsernameForm => self.username_form,
            Reason::Reserved => self.reserved,
            Reason::NotSettable => self.not_settable,
            Reason::Mismatch => self.mismatch,
            Reason::WrongPhrase => self.wrong_phrase,
            Reason::PictureUrl(PictureUrlReason::TooLong) => {
                return (self.too_long)(crate::domain::limits::PICTURE_URL);
            }
            Reason::PictureUrl(reason) => self.picture(reason),
            Reason::Password(reason) => self.password_of(reason),
        }
        .to_owned()
    }

    fn required_of(&self, field: Field) -> &'static str {
        match field {
            Field::Identifier => self.identifier,
            Field::Email => self.email,
            Field::Phone => self.phone,
            Field::Username => self.username,
            Field::FullName | Field::GivenName => self.name,
            Field::Password | Field::CurrentPassword => self.password,
            Field::NewPassword => self.new_password,
            Field::ConfirmPassword => self.confirm_password,
            Field::Code => self.code,
            Field::File => self.file,
            _ => self.required,
        }
    }

    fn malformed_of(&self, field: Field) -> &'static str {
        match field {
            Field::Email => self.malformed_email,
            Field::Code => self.malformed_code,
            _ => self.malformed,
        }
    }

    fn picture(&self, reason: PictureUrlReason) -> &'static str {
        match reason {
            PictureUrlReason::Malformed | PictureUrlReason::TooLong => self.picture_malformed,
            PictureUrlReason::NotHttps => self.picture_not_https,
            PictureUrlReason::Extension => self.picture_extension,
            PictureUrlReason::LocalHost => self.picture_local,
            PictureUrlReason::NotYours => self.picture_not_yours,
            PictureUrlReason::Unreachable => self.picture_unreachable,
        }
    }

    fn password_of(&self, reason: PasswordReason) -> &'static str {
        match reason {
            PasswordReason::TooShort => self.password_too_short,
            PasswordReason::TooLong => self.password_too_long,
            PasswordReason::NeitherLongNorMixed => self.password_neither,
            PasswordReason::NotMixed => self.password_not_mixed,
            PasswordReason::NotLong => self.password_not_long,
            PasswordReason::Personal => self.password_personal,
            PasswordReason::Common => self.password_common,
            PasswordReason::Guessable => self.password_guessable,
            PasswordReason::Unchanged => self.password_unchanged,
        }
    }
}
