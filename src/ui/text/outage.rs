//! Pages for when something is not as it should be.

use super::texts;

texts! {
    /// One title and one sentence for each error page, and the ways back.
    Outages {
        not_found: "There is nothing here", "Burada bir şey yok";
        not_found_text: "The address may be mistyped, or what was here is gone or hidden.",
            "Adres yanlış yazılmış olabilir ya da buradaki içerik silinmiş veya gizlenmiş olabilir.";
        forbidden: "This is not yours to open", "Bu sayfayı açma yetkiniz yok";
        forbidden_text: "You are signed in, but this page belongs to someone else or needs more rights.",
            "Oturumunuz açık, ancak bu sayfa başkasına ait ya da daha fazla yetki gerektiriyor.";
        expired: "This form has gone stale", "Bu form artık geçerli değil";
        expired_text: "We only take forms that our own pages send. Go back, reload the page, and send it again.",
            "Yalnızca kendi sayfalarımızdan gönderilen formları alıyoruz. Sayfayı yenileyip tekrar gönderin.";
        address: "This is another address of the site", "Burası sitenin başka bir adresi";
        address_text(&str): |site| format!("Forms are taken at {site} only. Open the page there, and send it again."),
            |site| format!("Formlar yalnızca {site} adresinde alınıyor. Sayfayı orada açıp yeniden gönderin.");
        address_go: "Go to that address", "O adrese git";
        malformed: "That could not be read", "Bu okunamadı";
        malformed_text: "What your browser sent is not what this page expects. Go back and try again.",
            "Tarayıcınızın gönderdiği, bu sayfanın beklediği gibi değil. Geri dönüp yeniden deneyin.";
        method: "Not in this way", "Bu şekilde olmuyor";
        method_text: "This address does not answer that kind of request. Start from the page itself.",
            "Bu adres bu tür bir isteği yanıtlamıyor. Sayfanın kendisinden başlayın.";
        timed_out: "That took too long", "Bu çok uzun sürdü";
        timed_out_text: "What was sent did not arrive in time. Go back, check your connection, and send it again.",
            "Gönderilen zamanında ulaşmadı. Geri dönün, bağlantınızı kontrol edin ve yeniden gönderin.";
        too_large: "That is too much at once", "Bu, bir kerede çok fazla";
        too_large_text: "What was sent is larger than we take. Go back, make it shorter, and send it again.",
            "Gönderilen, kabul ettiğimizden büyük. Geri dönün, kısaltın ve yeniden gönderin.";
        media: "We cannot read this format", "Bu biçimi okuyamıyoruz";
        media_text: "We only take forms as browsers send them. Go back and use the form of the page.",
            "Yalnızca tarayıcıların gönderdiği biçimdeki formları alıyoruz. Geri dönüp sayfadaki formu kullanın.";
        too_many: "A little too fast", "Biraz fazla hızlı";
        too_many_text: "There were too many tries in a short time.", "Kısa sürede çok fazla deneme yapıldı.";
        internal: "Something broke on our side", "Bizim tarafta bir sorun oluştu";
        internal_text: "It is not your fault, and what you saved is safe. Try again; if it stays, tell us this number.",
            "Hata sizde değil, kaydettikleriniz duruyor. Yeniden deneyin; sürerse bu numarayı bize iletin.";
        busy: "We are rather busy", "Şu anda çok yoğunuz";
        busy_text: "The server has more to do than it can take right now.",
            "Sunucu şu anda kaldırabileceğinden fazla istek alıyor.";
        unavailable: "We cannot be reached just now", "Şu anda hizmet veremiyoruz";
        unavailable_text: "The site is starting, being maintained, or cut off from its data. Your account is safe.",
            "Site başlatılıyor, bakımda ya da verilerine ulaşamıyor. Hesabınız güvende.";
        retry_in(&str): |wait| format!("Try again in {wait}."),
            |wait| format!("Yeniden denemek için kalan süre: {wait}.");
        retry: "Try again", "Yeniden dene";
        home: "Go to the start page", "Ana sayfaya git";
        request: "Request number", "İstek numarası";
    }
}
