//! About a one-time code that was sent.

use super::texts;

texts! {
    /// What the page says of a code: where it went, how long it works, how often it may be tried.
    Code {
        label: "Six-digit code", "Altı haneli kod";
        sent_email: "We sent a code by e-mail to", "E-postayla kod gönderdiğimiz adres:";
        sent_sms: "We sent a code by text message to", "SMS ile kod gönderdiğimiz numara:";
        ends_in: "The code works for another", "Kodun geçerlilik süresi:";
        ended: "This code has expired. Ask for a new one.", "Bu kodun süresi doldu. Yeni bir kod isteyin.";
        tries_left(u32): |tries| match tries {
            1 => "One try left.".to_owned(),
            _ => format!("{tries} tries left."),
        }, |tries| match tries {
            1 => "Son deneme hakkınız.".to_owned(),
            _ => format!("{tries} deneme hakkınız kaldı."),
        };
        not_there: "Nothing there? Look in the spam folder too, or have a new code sent.",
            "Gelmedi mi? Gereksiz posta klasörüne de bakın veya yeni kod isteyin.";
        not_there_sms: "Nothing there? It can take a minute. You can have a new code sent.",
            "Gelmedi mi? Bir dakika sürebilir. Yeni kod isteyebilirsiniz.";
        resend: "Send a new code", "Yeni kod gönder";
        resend_in: "Another one can be sent in", "Yeni kod için kalan süre:";
        resend_now: "You can have a new code sent now.", "Artık yeni kod isteyebilirsiniz.";
    }
}
