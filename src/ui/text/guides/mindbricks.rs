//! The Mindbricks dialect.

use super::{Difference, Guide};

/// Its guide.
pub const MINDBRICKS: Guide = Guide {
    lede: [
        "For front ends and services that were written against the auth service of a Mindbricks application.",
        "Bir Mindbricks uygulamasının kimlik servisi için yazılmış arayüzler ve servisler içindir.",
    ],
    base: [
        "Wherever your client has `{appUrl}/auth-api`, this is it. Buckets are under the same address.",
        "İstemcinizde `{appUrl}/auth-api` olan her yere bunu yazın. Kovalar da aynı adresin altındadır.",
    ],
    token: [
        "A person’s identifier and password give an access token for ten minutes and a refresh token for thirty days. \
         `POST /refresh` changes that one for a new pair; each works once. With two-factor authentication on, the answer \
         says `sessionNeedsEmail2FA` or `sessionNeedsMobile2FA`, and `email-2factor-verification` takes the second step.",
        "Bir kişinin kimliği ve parolası on dakikalık bir erişim belirteci ile otuz günlük bir yenileme belirteci verir. \
         `POST /refresh` onu yeni bir çiftle değiştirir; her biri bir kez kullanılır. İki adımlı doğrulama açıksa yanıtta \
         `sessionNeedsEmail2FA` ya da `sessionNeedsMobile2FA` bulunur ve ikinci adım `email-2factor-verification` ile atılır.",
    ],
    differences: &[
        Difference {
            what: [
                "A user never has a `password`, although the vendor’s sample shows one.",
                "Satıcının örneğinde görünse de kullanıcıda hiçbir zaman `password` yoktur.",
            ],
            why: [
                "A hash that leaves the server can be guessed at in peace.",
                "Sunucudan çıkan bir özet üzerinde rahatça tahmin yürütülebilir.",
            ],
        },
        Difference {
            what: [
                "Wrong password and unknown user are both `WrongPassword`, and a registration is answered alike whether or \
                 not the address is taken.",
                "Yanlış parola da bilinmeyen kullanıcı da `WrongPassword` yanıtını alır; adres alınmış olsa da olmasa da \
                 kayıt isteğine aynı yanıt verilir.",
            ],
            why: [
                "Otherwise anybody could find out who has an account.",
                "Yoksa herkes kimin hesabı olduğunu öğrenebilirdi.",
            ],
        },
        Difference {
            what: [
                "An account exists only once the code of its registration is confirmed; `start` never answers the code.",
                "Hesap ancak kayıt kodu onaylanınca var olur; `start` kodu hiçbir zaman yanıtta vermez.",
            ],
            why: [
                "Only who reads the mailbox may own the address.",
                "Adres yalnızca o posta kutusunu okuyabilenin olabilir.",
            ],
        },
        Difference {
            what: [
                "Where two registrations wait with the same address, `email-verification` and `mobile-verification` need the \
                 `userId` that `registeruser` answered.",
                "Aynı adresle iki kayıt bekliyorsa `email-verification` ve `mobile-verification`, `registeruser` yanıtındaki \
                 `userId` değerini de ister.",
            ],
            why: [
                "A stranger who registers your address must not have their registration completed by your code.",
                "Adresinizle kaydolan bir yabancının kaydı sizin kodunuzla tamamlanmamalıdır.",
            ],
        },
        Difference {
            what: [
                "Tokens count in the `Authorization` header alone, neither in the query nor in a cookie.",
                "Belirteçler yalnızca `Authorization` başlığında geçerlidir; sorguda ve çerezde geçmez.",
            ],
            why: [
                "Addresses end up in logs, and cookies are sent by other people’s pages too.",
                "Adresler günlük kayıtlarına düşer, çerezleri ise başkalarının sayfaları da gönderir.",
            ],
        },
        Difference {
            what: [
                "Changing the password, and archiving, end every session; so does a change of `roleId`.",
                "Parola değişikliği ve arşivleme bütün oturumları sonlandırır; `roleId` değişikliği de öyle.",
            ],
            why: [
                "Who changes a password wants everybody else out.",
                "Parolasını değiştiren, başka herkesin çıkmasını ister.",
            ],
        },
        Difference {
            what: [
                "A new `mobile` shows as unverified until its code is confirmed; a verified old one works until then.",
                "Yeni `mobile` değeri, kodu onaylanana dek doğrulanmamış görünür; doğrulanmış eski numara o zamana kadar geçerlidir.",
            ],
            why: [
                "A mistyped digit must not lock its owner out.",
                "Yanlış yazılmış bir rakam, numaranın sahibini dışarıda bırakmamalıdır.",
            ],
        },
        Difference {
            what: [
                "Reads carry an `ETag`; `If-Match`, or `recordVersion` in the body, guards a change, and 412 or 409 says that \
                 another came first.",
                "Okumalar `ETag` taşır; değişikliği `If-Match` ya da gövdedeki `recordVersion` korur, 412 ya da 409 bir \
                 başkasının önce davrandığını söyler.",
            ],
            why: [
                "Two open tabs must not overwrite each other unseen.",
                "Açık iki sekme birbirinin yazdığını fark edilmeden silmemelidir.",
            ],
        },
        Difference {
            what: [
                "`avatar` is an `https` address of a picture, or the `url` of an upload; uploads are decoded and written anew.",
                "`avatar`, bir resmin `https` adresi ya da bir yüklemenin `url` değeridir; yüklenenler çözülüp yeniden yazılır.",
            ],
            why: [
                "What other people’s browsers load has to be a picture, without the place where it was taken in it.",
                "Başkalarının tarayıcısının yüklediği şey, çekildiği yeri içermeyen bir resim olmalıdır.",
            ],
        },
    ],
};
