//! Creating an account.

use super::texts;

texts! {
    /// The registration form.
    Register {
        title: "Create your account", "Hesabınızı oluşturun";
        lede: "A minute now; you can add a picture and more about yourself later.",
            "Bir dakika sürer; resminizi ve hakkınızdaki bilgileri sonra ekleyebilirsiniz.";
        email: "E-mail address", "E-posta adresi";
        email_hint: "We send a code to it.", "Bu adrese bir kod göndeririz.";
        phone: "Mobile number", "Cep telefonu numarası";
        phone_hint: "We send a code to it. Write it as you usually do; from abroad with the country code, like +90.",
            "Bu numaraya bir kod göndeririz. Alıştığınız gibi yazın; yurt dışından ülke koduyla, örneğin +90.";
        either_hint: "Give one or both. The code goes to the e-mail address if there is one.",
            "Birini ya da ikisini yazın. E-posta adresi varsa kod oraya gider.";
        given_name: "Given name", "Ad";
        family_name: "Family name", "Soyad";
        password: "Password", "Parola";
        submit: "Create account", "Hesap oluştur";
        have_one: "Already have an account?", "Hesabınız var mı?";
        sign_in: "Sign in", "Giriş yapın";
    }
}

texts! {
    /// The code that completes a registration.
    ConfirmRegistration {
        title_email: "Check your e-mail", "E-postanızı kontrol edin";
        title_sms: "Check your phone", "Telefonunuzu kontrol edin";
        submit: "Confirm and continue", "Onayla ve devam et";
        wrong_address: "Wrong address or number?", "Adres veya numara yanlış mı?";
        start_over: "Start again", "Baştan başlayın";
    }
}
