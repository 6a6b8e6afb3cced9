//! Following and blocking, and what others see of an account.

use super::texts;

texts! {
    /// Lists of people, and what one can do with each of them.
    People {
        title: "People", "Kişiler";
        lede: "Who follows you, and whom you follow.", "Sizi takip edenler ve takip ettikleriniz.";
        lists: "Lists", "Listeler";
        followers: "Followers", "Takipçiler";
        following: "Following", "Takip edilenler";
        requests: "Requests", "İstekler";
        blocked: "Blocked", "Engellenenler";
        follow: "Follow", "Takip et";
        follow_back: "Follow back", "Siz de takip edin";
        ask: "Ask to follow", "Takip izni iste";
        unfollow: "Unfollow", "Takibi bırak";
        cancel_request: "Cancel request", "İsteği geri çek";
        accept: "Accept", "Kabul et";
        decline: "Decline", "Reddet";
        block: "Block", "Engelle";
        unblock: "Unblock", "Engeli kaldır";
        is_following: "Following", "Takip ediyorsunuz";
        is_requested: "Request sent", "İstek gönderildi";
        is_followed_by: "Follows you", "Sizi takip ediyor";
        is_you: "This is you", "Bu sizsiniz";
        more: "Show more", "Daha fazla göster";
        start: "Back to the start", "Başa dön";
        pages: "Pages", "Sayfalar";
        no_followers: "Nobody follows you yet", "Henüz takipçiniz yok";
        no_followers_text: "NetworkPermit the address of your profile: that is where people find you.",
            "Profilinizin adresini paylaşın: İnsanlar sizi orada bulur.";
        no_following: "You follow nobody yet", "Henüz kimseyi takip etmiyorsunuz";
        no_following_text: "Open somebody's profile and press Follow; they will be listed here.",
            "Birinin profilini açıp Takip et düğmesine basın; burada listelenir.";
        no_requests: "No requests", "İstek yok";
        no_requests_text: "When your account is private, people who want to follow you wait here for your answer.",
            "Hesabınız gizliyken sizi takip etmek isteyenler yanıtınızı burada bekler.";
        no_blocked: "You have blocked nobody", "Kimseyi engellemediniz";
        no_blocked_text: "Whoever you block cannot see your profile; neither of you follows the other.",
            "Engellediğiniz kişi profilinizi göremez; birbirinizi takip edemezsiniz.";
        nobody_there: "Nobody here yet", "Burada henüz kimse yok";
        own_profile: "See your public profile", "Herkese açık profilinizi görün";
        followed(&str): |name| format!("You follow {name} now."),
            |name| format!("Artık takip ediyorsunuz: {name}.");
        asked(&str): |name| format!("{name} was asked. Once they accept, you follow them."),
            |name| format!("İstek gönderildi: {name}. Kabul edince takip etmeye başlarsınız.");
        unfollowed(&str): |name| format!("You do not follow {name}."), |name| format!("Takip etmiyorsunuz: {name}.");
        has_blocked(&str): |name| format!("{name} is blocked and no longer sees your profile."),
            |name| format!("Engellendi: {name}. Artık profilinizi göremez.");
        has_unblocked(&str): |name| format!("{name} is no longer blocked."),
            |name| format!("Engeli kaldırıldı: {name}.");
        accepted(&str): |name| format!("{name} follows you now."), |name| format!("Artık sizi takip ediyor: {name}.");
        declined(&str): |name| format!("The request of {name} is declined. They are not told."),
            |name| format!("İstek reddedildi: {name}. Kendisine bildirilmez.");
        somebody: "This person", "Bu kişi";
    }
}

texts! {
    /// The public profile, `/u/{username}`.
    PublicProfile {
        about(&str, &str): |name, brand| format!("{name} on {brand}"), |name, brand| format!("{brand} üzerinde {name}");
        verified: "Verified", "Doğrulanmış";
        joined: "Joined", "Katılım:";
        location: "Location", "Konum";
        numbers: "Numbers", "Sayılar";
        followers(i64): |count| if count == 1 { "Follower" } else { "Followers" }.to_owned(),
            |_| "Takipçi".to_owned();
        following(i64): |_| "Following".to_owned(), |_| "Takip".to_owned();
        posts(i64): |count| if count == 1 { "Post" } else { "Posts" }.to_owned(), |_| "Gönderi".to_owned();
        shops(i64): |count| if count == 1 { "Shop" } else { "Shops" }.to_owned(), |_| "Mağaza".to_owned();
        events(i64): |count| if count == 1 { "Event" } else { "Events" }.to_owned(), |_| "Etkinlik".to_owned();
        edit: "Edit profile", "Profili düzenle";
        own_hint: "This is you, as everybody sees you.", "Bu sizsiniz; herkes sizi böyle görür.";
        sign_in: "Sign in to follow", "Takip etmek için giriş yapın";
        private: "Private account: follows wait to be accepted, and lists are for followers.",
            "Gizli hesap: Takip istekleri onay bekler, listeleri yalnızca takipçiler görür.";
        you_block: "You block this account. It cannot see your profile.",
            "Bu hesabı engellediniz. Profilinizi göremez.";
        block_hint: "They will no longer see your profile, and neither of you will follow the other. They are not told.",
            "Profilinizi artık göremez ve birbirinizi takip etmezsiniz. Kendisine bildirilmez.";
        no_bio: "Nothing written here yet.", "Burada henüz bir şey yazmıyor.";
        back: "Back to the profile", "Profile dön";
        followers_of(&str): |name| format!("Followers of {name}"), |name| format!("{name} adlı kişinin takipçileri");
        followed_by(&str): |name| format!("Followed by {name}"), |name| format!("{name} adlı kişinin takip ettikleri");
    }
}
