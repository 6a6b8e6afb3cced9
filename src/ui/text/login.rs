//! Signing in, up to its second step.

use super::texts;

texts! {
    /// The sign-in page.
    Login {
        title: "Sign in", "Giriş yap";
        lede(&str): |brand| format!("Welcome back to {brand}."), |brand| format!("{brand} hesabınıza hoş geldiniz.");
        email: "E-mail address", "E-posta adresi";
        phone: "Mobile number", "Cep telefonu numarası";
        email_or_phone: "E-mail address or mobile number", "E-posta adresi veya cep telefonu numarası";
        password: "Password", "Parola";
        submit: "Sign in", "Giriş yap";
        forgot: "Forgot your password?", "Parolanızı mı unuttunuz?";
        new_here: "New here?", "Burada yeni misiniz?";
        register: "Create an account", "Hesap oluşturun";
    }
}

texts! {
    /// The question whether an archived account shall come back.
    Restore {
        title: "Restore your account?", "Hesabınız geri yüklensin mi?";
        lede(&str): |name| format!("Welcome back, {name}. This account is archived."),
            |name| format!("Yeniden hoş geldiniz, {name}. Bu hesap arşivlenmiş durumda.");
        archived: "Archived on", "Arşivlenme tarihi";
        deleted: "Deleted on", "Silinme tarihi";
        days_left(i64): |days| match days {
            0 => "less than a day left".to_owned(),
            1 => "one day left".to_owned(),
            _ => format!("{days} days left"),
        }, |days| match days {
            0 => "bir günden az kaldı".to_owned(),
            _ => format!("{days} gün kaldı"),
        };
        consequence: "Restoring brings back your profile, your pictures and whom you follow, just as you left them.",
            "Geri yüklediğinizde profiliniz, resimleriniz ve takip ettiğiniz kişiler bıraktığınız gibi geri gelir.";
        submit: "Restore my account", "Hesabımı geri yükle";
        decline: "Not now", "Şimdi değil";
        decline_hint: "If you leave it, nothing changes: the account stays archived until that day.",
            "Vazgeçerseniz hiçbir şey değişmez: Hesap o güne kadar arşivde kalır.";
    }
}

texts! {
    /// The second step of signing in.
    SecondStep {
        title: "One more step", "Son bir adım";
        totp_lede: "Enter the code that your authenticator app shows.",
            "Doğrulama uygulamanızın gösterdiği kodu girin.";
        recovery_lede: "Enter one of the recovery codes you saved. Each works once.",
            "Sakladığınız kurtarma kodlarından birini girin. Her kod bir kez geçerlidir.";
        code: "Code", "Kod";
        recovery_code: "Recovery code", "Kurtarma kodu";
        submit: "Continue", "Devam et";
        other_ways: "Other ways", "Diğer yollar";
        by_totp: "Use the authenticator app", "Doğrulama uygulamasını kullan";
        by_email: "Send a code by e-mail", "E-postayla kod gönder";
        by_sms: "Send a code by text message", "SMS ile kod gönder";
        by_recovery: "Use a recovery code", "Kurtarma kodu kullan";
        email_lede: "We can send a code to your e-mail address.", "E-posta adresinize bir kod gönderebiliriz.";
        sms_lede: "We can send a code to your mobile number.", "Cep telefonu numaranıza bir kod gönderebiliriz.";
        restores: "Then your archived account comes back, just as you left it.",
            "Ardından arşivlenen hesabınız bıraktığınız gibi geri gelir.";
        timed_out: "That took too long. Please sign in again.", "Bu çok uzun sürdü. Lütfen yeniden giriş yapın.";
        start_over: "Sign in as someone else", "Başka bir hesapla giriş yap";
    }
}
