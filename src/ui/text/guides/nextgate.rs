//! The NextGate dialect.

use super::{Difference, Guide};

/// Its guide.
pub const NEXTGATE: Guide = Guide {
    lede: [
        "For clients of the NextGate profile service, of its first version and of the one that parts profile and account.",
        "NextGate profil servisinin istemcileri içindir: hem ilk sürümün hem de profil ile hesabı ayıran sürümün.",
    ],
    base: [
        "Both versions are one service under `/api/v1`; an answer has the fields of both.",
        "İki sürüm `/api/v1` altında tek servistir; yanıtlarda ikisinin de alanları bulunur.",
    ],
    token: [
        "`identifier` is an e-mail address, a phone number or a username. The access token lasts ten minutes; \
         `POST /auth/refresh` changes the refresh token for a new pair. With two-factor authentication on, the answer has \
         `requiresTwoFactor` and a `tempToken`, which goes to `POST /auth/verify-otp` with the code.",
        "`identifier` bir e-posta adresi, telefon numarası ya da kullanıcı adıdır. Erişim belirteci on dakika geçerlidir; \
         `POST /auth/refresh` yenileme belirtecini yeni bir çiftle değiştirir. İki adımlı doğrulama açıksa yanıtta \
         `requiresTwoFactor` ve bir `tempToken` bulunur; o, kodla birlikte `POST /auth/verify-otp` adresine gönderilir.",
    ],
    differences: &[
        Difference {
            what: [
                "Registration, sign-in and recovery are here too, under `/auth`; the vendor’s documents leave them out.",
                "Kayıt, giriş ve parola kurtarma da burada, `/auth` altındadır; satıcının belgelerinde yoktur.",
            ],
            why: [
                "A profile service needs accounts and tokens from somewhere.",
                "Bir profil servisine hesap ve belirteç bir yerden gelmelidir.",
            ],
        },
        Difference {
            what: [
                "A new `email` or `phoneNumber` is pending until its code is confirmed; a verified old one works until then.",
                "Yeni `email` ya da `phoneNumber`, kodu onaylanana dek beklemededir; doğrulanmış eskisi o zamana kadar geçerlidir.",
            ],
            why: [
                "Otherwise a typing error, or a thief with an open session, would take the account away from its owner.",
                "Yoksa bir yazım hatası ya da açık oturumu ele geçiren biri, hesabı sahibinden alırdı.",
            ],
        },
        Difference {
            what: [
                "What a caller must not set, like `role` or `isVerified`, is refused with 422 unless it says what is so already.",
                "`role` ya da `isVerified` gibi çağıranın yazamayacağı alanlar, zaten geçerli olanı söylemiyorsa 422 ile geri çevrilir.",
            ],
            why: [
                "A field that is ignored in silence looks as if it had been set.",
                "Sessizce yok sayılan bir alan, yazılmış gibi görünür.",
            ],
        },
        Difference {
            what: [
                "`securityStrength` follows the vendor’s formula; the samples that contradict it do not count.",
                "`securityStrength` satıcının formülüne uyar; onunla çelişen örnekler geçerli değildir.",
            ],
            why: [
                "A score has to be what its own description says.",
                "Bir puan, kendi açıklamasının söylediği şey olmalıdır.",
            ],
        },
        Difference {
            what: [
                "A taken e-mail address is 409 in `update-basic-info`, but only ten times an hour; registration does not tell.",
                "Alınmış bir e-posta adresi `update-basic-info` isteğinde 409 verir, ama saatte yalnızca on kez; kayıt bunu söylemez.",
            ],
            why: [
                "The vendor says 409; the limit keeps it from being a directory of everybody.",
                "409 satıcının kararıdır; sınır, bunun herkesin listesine dönüşmesini önler.",
            ],
        },
        Difference {
            what: [
                "Changes of password and username end every session, and a client has to sign in again.",
                "Parola ve kullanıcı adı değişiklikleri bütün oturumları sonlandırır; istemcinin yeniden giriş yapması gerekir.",
            ],
            why: [
                "Who changes either wants everybody else out.",
                "Bunlardan birini değiştiren, başka herkesin çıkmasını ister.",
            ],
        },
        Difference {
            what: [
                "Passwords that are common or easily guessed are 422, whatever characters they have.",
                "Yaygın ya da kolay tahmin edilen parolalar, hangi karakterleri içerirse içersin 422 alır.",
            ],
            why: [
                "`Password1!` has all kinds of character and is among the first that are tried.",
                "`Password1!` her tür karakteri içerir ve ilk denenenler arasındadır.",
            ],
        },
    ],
};
