//! What to say when something is refused as a whole.

use std::collections::HashSet;

use super::{Text, texts};
use crate::domain::{
    code::Channel,
    error::{Error, Field},
};

texts! {
    /// The sentences, as [`Text::error`] uses them.
    Errors {
        unauthenticated: "Please sign in to continue.", "Devam etmek için lütfen giriş yapın.";
        bad_credentials: "That does not match. Check what you typed, the password too, and try again.",
            "Bilgiler eşleşmiyor. Yazdıklarınızı ve parolanızı kontrol edip yeniden deneyin.";
        wrong_password: "That is not your current password.", "Bu şimdiki parolanız değil.";
        locked: "This account is locked. The people who run this site can unlock it.",
            "Bu hesap kilitli. Kilidi site yöneticileri açabilir.";
        registration_pending: "This account is not complete yet: enter the code that we sent.",
            "Bu hesap henüz tamamlanmadı: Gönderdiğimiz kodu girin.";
        second_factor: "One more step is needed to sign in.", "Giriş için bir adım daha gerekli.";
        two_factor_on: "Two-step verification is on already.", "İki adımlı doğrulama zaten açık.";
        two_factor_off: "Two-step verification is not on.", "İki adımlı doğrulama açık değil.";
        no_second_factor: "Verify your e-mail address or your number first, or set up an authenticator app.",
            "Önce e-posta adresinizi veya numaranızı doğrulayın ya da bir doğrulama uygulaması kurun.";
        code_required: "Enter a code of your second step, too.", "İkinci adımınızın kodunu da girin.";
        step_up: "Enter your password to continue.", "Devam etmek için parolanızı yazın.";
        forbidden: "You may not do this.", "Bunu yapmaya yetkiniz yok.";
        not_found: "It is no longer there.", "Artık orada değil.";
        taken_username: "That username is taken.", "Bu kullanıcı adı alınmış.";
        taken_email: "That e-mail address belongs to another account.", "Bu e-posta adresi başka bir hesaba ait.";
        taken_phone: "That number belongs to another account.", "Bu numara başka bir hesaba ait.";
        taken: "That is in use already.", "Bu zaten kullanımda.";
        nothing: "There was nothing to change.", "Değiştirilecek bir şey yoktu.";
        code_not_found: "There is no code to confirm any more. Ask for a new one.",
            "Onaylanacak bir kod kalmadı. Yeni bir kod isteyin.";
        code_expired: "This code has expired. Ask for a new one.", "Bu kodun süresi doldu. Yeni bir kod isteyin.";
        code_wrong(u32): |tries| match tries {
            1 => "That is not the code. One try left.".to_owned(),
            _ => format!("That is not the code. {tries} tries left."),
        }, |tries| match tries {
            1 => "Kod doğru değil. Son deneme hakkınız.".to_owned(),
            _ => format!("Kod doğru değil. {tries} deneme hakkınız kaldı."),
        };
        code_exhausted: "That was tried too often. Ask for a new code.", "Çok fazla denendi. Yeni bir kod isteyin.";
        email_verified: "Your e-mail address is verified already.", "E-posta adresiniz zaten doğrulanmış.";
        phone_verified: "Your number is verified already.", "Numaranız zaten doğrulanmış.";
        no_mail: "No mail is sent here, so there is no code by e-mail.",
            "Buradan e-posta gönderilmiyor; bu nedenle e-posta ile kod da yok.";
        no_sms: "No text messages are sent here, so there is no code to a phone.",
            "Buradan kısa mesaj gönderilmiyor; bu nedenle telefona kod da yok.";
        code_too_soon(&str): |wait| format!("A code was sent a moment ago. Another one can be sent in {wait}."),
            |wait| format!("Az önce bir kod gönderildi. Yeni kod için kalan süre: {wait}.");
        too_many_codes(&str): |wait| format!("Too many codes were asked for. Another one can be sent in {wait}."),
            |wait| format!("Çok fazla kod istendi. Yeni kod için kalan süre: {wait}.");
        too_many_renames(&str): |wait| format!("You have changed your username too often. You can change it again in {wait}."),
            |wait| format!("Kullanıcı adınızı çok sık değiştirdiniz. Yeniden değiştirmek için kalan süre: {wait}.");
        throttled(&str): |wait| format!("Too many tries. Wait {wait}, then try again."),
            |wait| format!("Çok fazla deneme yapıldı. Yeniden denemeden önce bekleme süresi: {wait}.");
        stale: "This was changed elsewhere in the meantime. What you typed is kept: look, then save again.",
            "Bu arada başka bir yerde değiştirildi. Yazdıklarınız duruyor: Bakın, sonra yeniden kaydedin.";
        timed_out: "What you sent took too long to arrive. Check your connection, then try again.",
            "Gönderdiğinizin ulaşması çok uzun sürdü. Bağlantınızı kontrol edip yeniden deneyin.";
        busy(&str): |wait| format!("We are rather busy. Try again in {wait}."),
            |wait| format!("Şu anda çok yoğunuz. Yeniden denemek için kalan süre: {wait}.");
        internal: "Something broke on our side. Nothing you saved is lost; please try again.",
            "Bizim tarafta bir sorun oluştu. Kaydettiğiniz hiçbir şey kaybolmadı; lütfen yeniden deneyin.";
    }
}

impl Text {
    /// What to say of an error: a sentence or two for the notice, or for beside the field it speaks of.
    pub fn error(&self, error: &Error) -> String {
        let say = &self.errors;
        match error {
            Error::Unauthenticated => say.unauthenticated,
            Error::BadCredentials => say.bad_credentials,
            Error::WrongPassword => say.wrong_password,
            Error::Locked => say.locked,
            Error::RegistrationPending { .. } => say.registration_pending,
            Error::SecondFactorRequired { .. } => say.second_factor,
            Error::TwoFactorOn => say.two_factor_on,
            Error::TwoFactorOff => say.two_factor_off,
            Error::NoSecondFactor => say.no_second_factor,
            Error::CodeRequired { .. } => say.code_required,
            Error::StepUpRequired => say.step_up,
            Error::Forbidden => say.forbidden,
            Error::NotFound => say.not_found,
            Error::Taken(Field::Username) => say.taken_username,
            Error::Taken(Field::Email) => say.taken_email,
            Error::Taken(Field::Phone) => say.taken_phone,
            Error::Taken(_) => say.taken,
            Error::Invalid(issues) => {
                let fields = issues.iter().map(|issue| issue.field).collect::<HashSet<_>>();
                return (self.forms.check)(fields.len());
            }
            Error::NothingToChange => say.nothing,
            Error::CodeNotFound => say.code_not_found,
            Error::CodeExpired => say.code_expired,
            Error::CodeWrong { tries_left: 0 } | Error::CodeExhausted => say.code_exhausted,
            Error::CodeWrong { tries_left } => return (say.code_wrong)(*tries_left),
            Error::AlreadyVerified(Channel::Email) => say.email_verified,
            Error::AlreadyVerified(Channel::Sms) => say.phone_verified,
            Error::ChannelOff(Channel::Email) => say.no_mail,
            Error::ChannelOff(Channel::Sms) => say.no_sms,
            Error::CodeTooSoon { retry_after } => return (say.code_too_soon)(&self.span(*retry_after)),
            Error::TooManyCodes { retry_after } => return (say.too_many_codes)(&self.span(*retry_after)),
            Error::TooManyRenames { retry_after } => return (say.too_many_renames)(&self.span(*retry_after)),
            Error::Throttled { retry_after } => return (say.throttled)(&self.span(*retry_after)),
            Error::Stale { .. } | Error::PreconditionFailed { .. } => say.stale,
            Error::BodyTimedOut => say.timed_out,
            Error::Busy { retry_after } => return (say.busy)(&self.span(*retry_after)),
            Error::Avatar(error) => return self.avatar_error(error),
            Error::Internal(_) => say.internal,
        }
        .to_owned()
    }
}
