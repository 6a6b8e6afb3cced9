//! Why a picture is refused.

use super::{Text, texts};
use crate::domain::avatar::AvatarError;

texts! {
    /// The sentences, as [`Text::error`] uses them.
    Pictures {
        empty: "The file is empty.", "Dosya boş.";
        too_large(&str): |max| format!("The file is too large. Up to {max} is fine."),
            |max| format!("Dosya çok büyük. En çok {max} olabilir.");
        unsupported: "That is not a JPEG, PNG, GIF or WebP picture.", "Bu bir JPEG, PNG, GIF veya WebP resmi değil.";
        other_format(&str): |name| format!("That is a picture of the format {name}. Save it as JPEG, and choose that."),
            |name| format!("Bu, {name} biçiminde bir resim. JPEG olarak kaydedip onu seçin.");
        arithmetic: "This JPEG uses arithmetic coding, which few programs read. Save it anew as an ordinary JPEG.",
            "Bu JPEG, az sayıda programın okuyabildiği aritmetik kodlamayı kullanıyor. Sıradan bir JPEG olarak yeniden kaydedin.";
        side_too_long(&str): |max| format!("No side of the picture may be longer than {max} pixels."),
            |max| format!("Resmin hiçbir kenarı {max} pikselden uzun olamaz.");
        too_many_pixels(&str): |max| format!("The picture may have at most {max} pixels."),
            |max| format!("Resim en çok {max} pikselden oluşabilir.");
        undecodable: "The picture is damaged and cannot be read. Try another.",
            "Resim bozuk, okunamıyor. Başka bir resim deneyin.";
        crop: "That part of the picture cannot be cut out. Choose again.",
            "Resmin bu bölümü kesilemiyor. Yeniden seçin.";
    }
}

impl Text {
    pub(super) fn avatar_error(&self, error: &AvatarError) -> String {
        let say = &self.pictures;
        match *error {
            AvatarError::Empty => say.empty,
            AvatarError::TooLarge { max_bytes } => return (say.too_large)(&self.bytes(max_bytes)),
            AvatarError::UnsupportedType => say.unsupported,
            AvatarError::OtherFormat { name } => return (say.other_format)(name),
            AvatarError::ArithmeticJpeg => say.arithmetic,
            AvatarError::SideTooLong { max_side } => return (say.side_too_long)(&self.number(max_side.into())),
            AvatarError::TooManyPixels { max_pixels } => return (say.too_many_pixels)(&self.number(max_pixels)),
            AvatarError::Undecodable => say.undecodable,
            AvatarError::CropMalformed | AvatarError::CropOutside { .. } | AvatarError::UnknownSize => say.crop,
        }
        .to_owned()
    }
}
