//! The avatar: choosing, cropping, uploading, removing.

use super::texts;

texts! {
    /// The avatar and its cropper. Gaps: `{percent}` of an upload, `{name}` of a file.
    Avatar {
        title: "Picture", "Resim";
        alt: "Your picture", "Resminiz";
        lede: "It stands beside your name everywhere.", "Her yerde adınızın yanında görünür.";
        choose: "Choose a picture", "Resim seç";
        drop: "or drop or paste one here", "ya da buraya sürükleyin veya yapıştırın";
        camera: "Take a photo", "Fotoğraf çek";
        photo_hint: "Look into the camera. The photo is cropped next.",
            "Kameraya bakın. Sonraki adımda fotoğrafı kırparsınız.";
        take: "Take the photo", "Fotoğrafı çek";
        no_camera: "Your browser did not give us the camera. Allow it for this page, or choose a picture.",
            "Tarayıcınız kamerayı açmadı. Bu sayfa için izin verin ya da bir resim seçin.";
        no_file: "That was no file. Save the picture on your device first, then choose it here.",
            "Bu bir dosya değildi. Resmi önce cihazınıza kaydedin, sonra buradan seçin.";
        outdated: "This page is older than the site. Reload it, then try again.",
            "Bu sayfa sitenin eski bir sürümü. Sayfayı yenileyip tekrar deneyin.";
        formats: "JPEG, PNG, GIF or WebP, up to 10 MB", "JPEG, PNG, GIF veya WebP, en çok 10 MB";
        remove: "Remove picture", "Resmi kaldır";
        removed: "Picture removed", "Resim kaldırıldı";
        crop: "Crop your picture", "Resminizi kırpın";
        crop_hint: "Drag to move, scroll or pinch to zoom.",
            "Taşımak için sürükleyin, yakınlaştırmak için kaydırın veya iki parmağınızı kullanın.";
        crop_keys: "With the keyboard: arrow keys move, + and − zoom, [\u{a0}and\u{a0}] rotate.",
            "Klavyeyle: ok tuşları taşır, + ve − yakınlaştırır, [\u{a0}ve\u{a0}] döndürür.";
        crop_area: "Picture to crop", "Kırpılacak resim";
        tools: "Picture tools", "Resim araçları";
        zoom: "Zoom", "Yakınlaştırma";
        zoom_in: "Zoom in", "Yakınlaştır";
        zoom_out: "Zoom out", "Uzaklaştır";
        rotate_left: "Rotate left", "Sola döndür";
        rotate_right: "Rotate right", "Sağa döndür";
        reset: "Start over", "Baştan başla";
        preview: "Preview", "Önizleme";
        use_picture: "Upload picture", "Resmi yükle";
        cancel: "Cancel", "Vazgeç";
        close: "Close", "Kapat";
        processing: "Almost there…", "Neredeyse bitti…";
        cancelled: "Upload cancelled. Your picture is as it was.", "Yükleme iptal edildi. Resminiz değişmedi.";
        uploaded: "Uploaded. Save to use it.", "Yüklendi. Kullanmak için kaydedin.";
        save: "Save picture", "Resmi kaydet";
        saving: "Saving…", "Kaydediliyor…";
        saved: "New picture saved", "Yeni resim kaydedildi";
        failed: "The upload did not finish. Your picture is as it was; try again.",
            "Yükleme tamamlanmadı. Resminiz değişmedi; yeniden deneyin.";
        unreadable: "Your browser cannot open that file as a picture.",
            "Tarayıcınız bu dosyayı resim olarak açamıyor.";
        heic: "That is a picture of the format HEIC, which your browser cannot open. Save it as JPEG, and choose that.",
            "Bu, tarayıcınızın açamadığı HEIC biçiminde bir resim. JPEG olarak kaydedip onu seçin.";
        file: "Picture file", "Resim dosyası";
        focus: "Which part shall stay in view?", "Hangi bölüm görünür kalsın?";
        top_left: "Top left", "Sol üst";
        top: "Top", "Üst";
        top_right: "Top right", "Sağ üst";
        left: "Left", "Sol";
        centre: "Centre", "Orta";
        right: "Right", "Sağ";
        bottom_left: "Bottom left", "Sol alt";
        bottom: "Bottom", "Alt";
        bottom_right: "Bottom right", "Sağ alt";
    }
}
