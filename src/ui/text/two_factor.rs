//! Two-step verification and its recovery codes.

use super::texts;

texts! {
    /// Turning it on and off, and what answers it.
    TwoFactor {
        title: "Two-step verification", "İki adımlı doğrulama";
        lede: "Somebody who learns your password still cannot get in.",
            "Parolanızı öğrenen biri yine de giremez.";
        status: "Status", "Durum";
        on: "On", "Açık";
        off: "Off", "Kapalı";
        on_text: "Signing in takes your password and a code.", "Giriş için parolanız ve bir kod gerekir.";
        off_text: "Signing in takes your password alone.", "Giriş için yalnızca parolanız yeterli.";
        others_end: "Turning it on signs you out on every other device.",
            "Açtığınızda diğer tüm cihazlarda oturumunuz kapanır.";
        enable_sent(&str): |to| format!("Codes go to: {to}"),
            |to| format!("Kodların gönderileceği yer: {to}");
        enable: "Turn on two-step verification", "İki adımlı doğrulamayı aç";
        enabled: "Two-step verification is on. Make recovery codes now, in case you lose the way to the other ones.",
            "İki adımlı doğrulama açıldı. Diğer kodlara ulaşamayacağınız durumlar için şimdi kurtarma kodları \
             oluşturun.";
        needs_one: "Verify your e-mail address or your mobile number first, or set up an authenticator app.",
            "Önce e-posta adresinizi veya cep telefonu numaranızı doğrulayın ya da bir doğrulama uygulaması kurun.";
        disable: "Turn off…", "Kapat…";
        disabled: "Two-step verification is off", "İki adımlı doğrulama kapatıldı";
        methods: "Ways to verify", "Doğrulama yolları";
        app: "Authenticator app", "Doğrulama uygulaması";
        app_on: "Set up", "Kuruldu";
        app_ready: "Its codes work without a network.", "Kodları ağ olmadan da çalışır.";
        app_off: "Works without a network, and costs nothing. Recommended.",
            "Ağ olmadan çalışır ve ücretsizdir. Önerilir.";
        set_up: "Set up", "Kur";
        replace: "Replace", "Yenisini kur";
        remove: "Remove…", "Kaldır…";
        app_removed: "The authenticator app is removed", "Doğrulama uygulaması kaldırıldı";
        email: "Code by e-mail", "E-postayla kod";
        sms: "Code by text message", "SMS ile kod";
        not_verified: "Needs a verified address or number.", "Doğrulanmış bir adres veya numara gerekir.";
        codes: "Recovery codes", "Kurtarma kodları";
        codes_left(usize): |left| match left {
            0 => "None left".to_owned(),
            _ => format!("{left} of 10 left"),
        }, |left| match left {
            0 => "Hiç kalmadı".to_owned(),
            _ => format!("10 koddan {left} tanesi kaldı"),
        };
        codes_text: "For when nothing else is at hand.", "Başka hiçbir yol elinizde olmadığında kullanılır.";
        few: "Make new ones", "Yenilerini oluşturun";
        make: "Make codes", "Kod oluştur";
        renew: "Make new codes", "Yeni kodlar oluştur";
    }
}

texts! {
    /// Setting up an authenticator app.
    AppSetup {
        title: "Set up an authenticator app", "Doğrulama uygulaması kurun";
        lede: "Any app for six-digit codes will do, such as the one of your password manager.",
            "Altı haneli kod üreten her uygulama olur; örneğin parola yöneticinizinki.";
        scan: "Scan this with the app", "Bunu uygulamayla tarayın";
        qr: "QR code for the authenticator app", "Doğrulama uygulaması için QR kodu";
        open: "Open the app on this device", "Bu cihazdaki uygulamayı aç";
        type_in: "Or type this key into it", "Ya da bu anahtarı uygulamaya yazın";
        key_hint: "Spaces do not matter. Tell it to nobody.", "Boşluklar önemli değildir. Kimseye söylemeyin.";
        enter: "Enter the code that it shows", "Gösterdiği kodu girin";
        submit: "Confirm and turn on", "Onayla ve aç";
        replaces: "Until then, the app you have now goes on working.",
            "O zamana kadar şimdiki uygulamanız çalışmaya devam eder.";
        done: "The authenticator app is set up, and two-step verification is on.",
            "Doğrulama uygulaması kuruldu ve iki adımlı doğrulama açık.";
        waited: "That key has waited too long. Set the app up anew.",
            "Bu anahtarın süresi geçti. Uygulamayı yeniden kurun.";
    }
}

texts! {
    /// The recovery codes, shown once.
    RecoveryCodes {
        title: "Your recovery codes", "Kurtarma kodlarınız";
        lede: "Keep them where you keep what matters. We show them this once and never again.",
            "Onları önemli şeylerinizi sakladığınız yerde saklayın. Yalnızca şimdi gösteriyoruz, bir daha \
             göstermeyeceğiz.";
        use_hint: "Each one works once, in place of the code that you cannot get.",
            "Her biri, alamadığınız kodun yerine bir kez geçerlidir.";
        old_ones: "Codes that you had before no longer work.", "Önceki kodlarınız artık geçerli değil.";
        copy: "Copy", "Kopyala";
        copied: "Copied", "Kopyalandı";
        not_copied: "Not copied: select them", "Kopyalanmadı: kodları seçin";
        download: "Download", "İndir";
        print: "Print", "Yazdır";
        file: "Recovery codes of", "Kurtarma kodları:";
        file_name: "recovery-codes.txt", "kurtarma-kodlari.txt";
        saved: "I have kept them", "Sakladım";
    }
}

texts! {
    /// What it takes to take a factor away.
    FactorRemoval {
        off_title: "Turn off two\u{2011}step verification", "İki adımlı doğrulamayı kapatın";
        off_lede: "Your password alone will let anybody in who knows it.",
            "Parolanızı bilen herkes yalnızca onunla girebilir.";
        off_submit: "Turn off", "Kapat";
        app_title: "Remove the authenticator app", "Doğrulama uygulamasını kaldırın";
        app_lede: "Its codes no longer work then. Delete its entry in the app, too.",
            "Kodları artık geçerli olmaz. Uygulamadaki kaydı da silin.";
        app_submit: "Remove the app", "Uygulamayı kaldır";
        others_end: "You are signed out on every other device.", "Diğer tüm cihazlarda oturumunuz kapanır.";
        password: "Password", "Parola";
        code: "Code of the second step", "İkinci adımın kodu";
        code_hint: "Of your app, one that we sent, or a recovery code.",
            "Uygulamanızın kodu, gönderdiğimiz bir kod veya bir kurtarma kodu.";
    }
}
