//! The pages for people who write clients: what stands around the guides and the reference.

use super::texts;

texts! {
    /// `/docs` and the page of each dialect.
    Docs {
        title: "REST API for developers", "Geliştiriciler için REST API";
        link: "Developers", "Geliştiriciler";
        lede: "Services read and change the same accounts over REST, in the dialect of the client they already have.",
            "Servisler aynı hesapları REST üzerinden, kullandıkları istemcinin lehçesiyle okur ve değiştirir.";
        dialects: "Choose a dialect", "Bir lehçe seçin";
        which: "They all follow the same rules. A token of a person is good in both Mindbricks and NextGate; the Logto \
            Management API takes tokens of services alone.",
            "Hepsi aynı kurallara uyar. Bir kişinin belirteci hem Mindbricks hem NextGate lehçesinde geçer; Logto \
            yönetim API’si yalnızca servislerin belirteçlerini kabul eder.";
        machine: "For machines", "Makineler için";
        machine_text: "The whole API as one OpenAPI 3.1 document, for generated clients and for tests:",
            "Üretilen istemciler ve testler için, API’nin tamamı tek bir OpenAPI 3.1 belgesinde:";
        beside: "Beside the dialects", "Lehçelerin dışında";
        point: "Point your client here", "İstemcinizi buraya yönlendirin";
        token: "Get a token", "Belirteç alın";
        request: "A request that works", "Çalışan bir istek";
        request_text: "With the token in `$TOKEN`:", "`$TOKEN` içindeki belirteçle:";
        differences: "What differs from the vendor, and why", "Satıcınınkinden farklar ve nedenleri";
        reference: "Reference", "Başvuru";
        reference_text: "Every operation, from the OpenAPI document. It is written in English.",
            "OpenAPI belgesinden, bütün işlemler. Bu bölüm İngilizcedir.";
        all_dialects: "All dialects", "Bütün lehçeler";
    }
}
