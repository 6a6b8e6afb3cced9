//! The profile form.

use super::texts;

texts! {
    /// The form for names and texts about oneself. Gaps: `{n}` and `{max}` count characters.
    Profile {
        title: "Profile", "Profil";
        lede: "This is how other people see you.", "Başkaları sizi böyle görür.";
        about: "About you", "Hakkınızda";
        given_name: "Given name", "Ad";
        middle_name: "Middle name", "İkinci ad";
        family_name: "Family name", "Soyad";
        bio: "Bio", "Biyografi";
        bio_hint: "A few words in plain text.", "Düz metin olarak birkaç söz.";
        location: "Location", "Konum";
        location_hint: "A city, a region; whatever you like to share.",
            "Bir şehir, bir bölge; paylaşmak istediğiniz ne varsa.";
        email: "E-mail address", "E-posta adresi";
        phone: "Mobile number", "Cep telefonu numarası";
        phone_hint: "Write it as you usually do; from abroad with the country code, like +90.",
            "Alıştığınız gibi yazın; yurt dışından ülke koduyla, örneğin +90.";
        primary_hint: "What you sign in with is changed on the security page.",
            "Giriş yaparken kullandığınız bilgi güvenlik sayfasında değiştirilir.";
        username: "Username", "Kullanıcı adı";
        verified: "Verified", "Doğrulandı";
        unverified: "Not verified", "Doğrulanmadı";
        verify: "Verify", "Doğrula";
        change: "Change", "Değiştir";
        none: "None yet", "Henüz yok";
        private: "Private account", "Gizli hesap";
        private_hint: "People ask before they follow you.", "Sizi takip etmek isteyenler önce izin ister.";
        locale: "Language", "Dil";
        time_zone: "Time zone", "Saat dilimi";
        time_zone_list: "Choose from a list", "Listeden seçin";
        time_zone_unset: "Not set (UTC)", "Seçilmedi (UTC)";
        theme: "Appearance", "Görünüm";
        save: "Save changes", "Değişiklikleri kaydet";
        saving: "Saving…", "Kaydediliyor…";
        saved: "Saved", "Kaydedildi";
        unsaved: "Not saved yet", "Henüz kaydedilmedi";
        discard: "Discard changes", "Değişiklikleri geri al";
        failed: "That did not reach us. Nothing is lost: check your connection and try again.",
            "İstek bize ulaşmadı. Hiçbir şey kaybolmadı: Bağlantınızı kontrol edip yeniden deneyin.";
        count: "{n} of {max} characters", "{n} / {max} karakter";
        over: "{n} characters too many", "{n} karakter fazla";
        conflict: "This profile was changed elsewhere", "Bu profil başka bir yerde değiştirildi";
        conflict_hint: "What you typed is kept below. Compare, then save again to replace what is there.",
            "Yazdıklarınız aşağıda duruyor. Karşılaştırın, sonra yeniden kaydederek oradakinin yerine koyun.";
        conflict_theirs: "Saved now:", "Şu anda kayıtlı olan:";
        conflict_mine: "You typed:", "Sizin yazdığınız:";
        conflict_empty: "(empty)", "(boş)";
        conflict_take: "Use what is saved", "Kayıtlı olanı kullan";
        yes: "Yes", "Evet";
        no: "No", "Hayır";
    }
}
