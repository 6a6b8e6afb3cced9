//! Changing the e-mail address, the mobile number and the username.

use super::texts;

texts! {
    /// The page of an e-mail address.
    EmailChange {
        title: "E-mail address", "E-posta adresi";
        code_title: "Check your e-mail", "E-postanızı kontrol edin";
        lede: "Where we write to you.", "Size yazdığımız adres.";
        change: "Change your e-mail address", "E-posta adresinizi değiştirin";
        add: "Add an e-mail address", "E-posta adresi ekleyin";
        new: "New e-mail address", "Yeni e-posta adresi";
        hint: "We send a six-digit code to it at once.", "Bu adrese hemen altı haneli bir kod göndeririz.";
        told: "Your present address goes on working until you enter the code. It is told of the change, with a \
             link that takes it back within 7 days.",
            "Kodu girene kadar şimdiki adresiniz geçerli kalır. Bu adrese değişikliği 7 gün içinde geri alan \
             bir bağlantı da gönderilir.";
        pending(&str): |old| format!("Until you enter the code we sent there, {old} stays in force."),
            |old| format!("Oraya gönderdiğimiz kodu girene kadar {old} geçerli kalır.");
        unverified: "Nobody has proved yet that this address is yours. You cannot get back in with it if you \
             forget your password.",
            "Bu adresin size ait olduğu henüz doğrulanmadı. Parolanızı unutursanız bu adresle hesabınıza dönemezsiniz.";
        remove: "Remove the e-mail address", "E-posta adresini kaldır";
        removed: "E-mail address removed", "E-posta adresi kaldırıldı";
        confirmed: "E-mail address verified", "E-posta adresi doğrulandı";
        unchanged: "That is your e-mail address already.", "Bu zaten sizin e-posta adresiniz.";
    }
}

texts! {
    /// The page of a mobile number.
    PhoneChange {
        title: "Mobile number", "Cep telefonu numarası";
        code_title: "Check your phone", "Telefonunuzu kontrol edin";
        lede: "Where we send text messages.", "Kısa mesaj gönderdiğimiz numara.";
        change: "Change your mobile number", "Cep telefonu numaranızı değiştirin";
        add: "Add a mobile number", "Cep telefonu numarası ekleyin";
        new: "New mobile number", "Yeni cep telefonu numarası";
        hint: "Write it as you usually do; from abroad with the country code, like +90. We send a code to it at once.",
            "Alıştığınız gibi yazın; yurt dışından ülke koduyla, örneğin +90. Hemen bir kod göndeririz.";
        told: "Your present number goes on working until you enter the code. It is told of the change, with a \
             link that takes it back within 7 days.",
            "Kodu girene kadar şimdiki numaranız geçerli kalır. Bu numaraya değişikliği 7 gün içinde geri alan \
             bir bağlantı da gönderilir.";
        pending(&str): |old| format!("Until you enter the code we sent there, {old} stays in force."),
            |old| format!("Oraya gönderdiğimiz kodu girene kadar {old} geçerli kalır.");
        unverified: "Nobody has proved yet that this number is yours. You cannot get back in with it if you \
             forget your password.",
            "Bu numaranın size ait olduğu henüz doğrulanmadı. Parolanızı unutursanız bu numarayla hesabınıza \
             dönemezsiniz.";
        remove: "Remove the mobile number", "Cep telefonu numarasını kaldır";
        removed: "Mobile number removed", "Cep telefonu numarası kaldırıldı";
        confirmed: "Mobile number verified", "Cep telefonu numarası doğrulandı";
        unchanged: "That is your number already.", "Bu zaten sizin numaranız.";
    }
}

texts! {
    /// What both have.
    Identifiers {
        present: "Current", "Şimdiki";
        pending: "Waiting for its code", "Kodunu bekliyor";
        enter_code: "Enter the code", "Kodu gir";
        send_code: "Send a code", "Kod gönder";
        resend: "Send a new code", "Yeni kod gönder";
        cancel: "Cancel the change", "Değişikliği iptal et";
        cancelled: "The change is cancelled", "Değişiklik iptal edildi";
        submit: "Change and send the code", "Değiştir ve kodu gönder";
        confirm: "Confirm", "Onayla";
    }
}

texts! {
    /// The page of the username.
    UsernameChange {
        title: "Username", "Kullanıcı adı";
        lede: "The name in the address of your profile.", "Profilinizin adresinde görünen ad.";
        present: "Your username", "Kullanıcı adınız";
        new: "New username", "Yeni kullanıcı adı";
        hint: "3 to 30 characters: a letter from A to Z, then letters, digits, _ and -.",
            "3-30 karakter: A-Z arası bir harf, ardından harf, rakam, _ ve -.";
        free(&str): |name| format!("{name} is free."), |name| format!("{name} kullanılabilir.");
        yours(&str): |name| format!("{name} is your username already."),
            |name| format!("{name} zaten sizin kullanıcı adınız.");
        suggestions: "These are free:", "Bunlar kullanılabilir:";
        consequence: "Changing it signs you out everywhere, here too.",
            "Değiştirmek burası dahil her yerde oturumunuzu kapatır.";
        held: "Links to your old name lead to the new one for 30 days. Nobody else can take it in that time; you can. \
             Five old names are kept at once.",
            "Eski adınıza giden bağlantılar 30 gün boyunca yenisine yönlendirilir. Bu sürede o adı sizden \
             başkası alamaz. Aynı anda beş eski ad saklanır.";
        submit: "Change username", "Kullanıcı adını değiştir";
        done(&str): |name| format!("You are {name} now. Sign in again."),
            |name| format!("Yeni kullanıcı adınız: {name}. Yeniden giriş yapın.");
    }
}
