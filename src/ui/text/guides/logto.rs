//! The Logto dialect.

use super::{Difference, Guide};

/// Its guide.
pub const LOGTO: Guide = Guide {
    lede: [
        "For back ends that manage users through Logto’s Management API. The official client `@logto/api` works unchanged.",
        "Kullanıcıları Logto yönetim API’si ile yöneten arka uçlar içindir. Resmî istemci `@logto/api` olduğu gibi çalışır.",
    ],
    base: [
        "The API is under `/api` of this address, and tokens come from `/oidc/token`.",
        "API bu adresin `/api` yolundadır, belirteçler `/oidc/token` yolundan alınır.",
    ],
    token: [
        "Tokens are for services, not for people. An operator makes the client once, on the server, and is told its `id` and \
         `secret`; those give a token for one hour. `resource` is `https://default.logto.app/api`, as in a default tenant, or \
         our own base URL with `/api`.",
        "Belirteçler kişiler için değil servisler içindir. İstemciyi bir kez, sunucuda, bir yönetici oluşturur ve `id` ile \
         `secret` değerlerini öğrenir; bunlar bir saatlik belirteç verir. `resource`, varsayılan kiracıdaki gibi \
         `https://default.logto.app/api` ya da temel adresimizin sonuna `/api` eklenmiş hâlidir.",
    ],
    differences: &[
        Difference {
            what: [
                "Only users and verification codes are here; connectors, roles and organisations are not.",
                "Burada yalnızca kullanıcılar ve doğrulama kodları vardır; bağlayıcılar, roller ve kuruluşlar yoktur.",
            ],
            why: [
                "This is an account centre, not a whole identity platform.",
                "Burası bir hesap merkezidir, eksiksiz bir kimlik platformu değil.",
            ],
        },
        Difference {
            what: [
                "Our password policy holds, and a new password ends the user’s sessions.",
                "Bizim parola kurallarımız geçerlidir ve yeni parola kullanıcının oturumlarını sonlandırır.",
            ],
            why: ["Rules that one API does not keep are no rules.", "Bir API'nin uymadığı kural, kural değildir."],
        },
        Difference {
            what: [
                "The last identifier of a user cannot be cleared, and a username is made where none is given.",
                "Kullanıcının son kimliği silinemez; kullanıcı adı verilmemişse bir tane oluşturulur.",
            ],
            why: [
                "Nobody could sign in to such an account any more, and every public profile needs an address.",
                "Öyle bir hesaba kimse giremezdi; ayrıca her herkese açık profilin bir adresi olmalıdır.",
            ],
        },
        Difference {
            what: [
                "`identities` is always empty, and `applicationId` is `null`.",
                "`identities` her zaman boştur, `applicationId` ise `null` olur.",
            ],
            why: ["There is no sign-in through others here.", "Burada başkaları üzerinden giriş yoktur."],
        },
        Difference {
            what: [
                "Tokens are signed with `EdDSA`, and stop at once when the client is revoked.",
                "Belirteçler `EdDSA` ile imzalanır ve istemci iptal edilince hemen geçersiz olur.",
            ],
            why: [
                "Shorter keys, and nothing to wait for after a leak.",
                "Anahtarlar kısadır ve bir sızıntıdan sonra beklenecek bir şey kalmaz.",
            ],
        },
        Difference {
            what: [
                "`PUT /api/users/{userId}/counters` is ours: it sets the counts that profiles show.",
                "`PUT /api/users/{userId}/counters` bize özgüdür: profillerde görünen sayıları yazar.",
            ],
            why: [
                "Posts, shops and events are counted by services that Logto knows nothing of.",
                "Gönderileri, mağazaları ve etkinlikleri, Logto’nun bilmediği servisler sayar.",
            ],
        },
        Difference {
            what: [
                "Every call about a user is in that user’s activity list.",
                "Bir kullanıcıyla ilgili her çağrı, onun etkinlik listesinde görünür.",
            ],
            why: ["People may know who looks at their account.", "İnsanlar hesaplarına kimin baktığını bilmelidir."],
        },
    ],
};
