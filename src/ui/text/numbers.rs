//! Numbers and sizes as each language writes them.

use super::Text;
use crate::domain::locale::Locale;

impl Text {
    /// A whole number with its thousands grouped: `12,345` or `12.345`.
    pub fn number(&self, number: u64) -> String {
        let digits = number.to_string();
        let mut grouped = String::with_capacity(digits.len() * 4 / 3);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                grouped.push(self.pick(',', '.'));
            }
            grouped.push(digit);
        }
        grouped
    }

    /// A share in whole percent: `42%` or `%42`.
    pub fn percent(&self, percent: u8) -> String {
        match self.locale {
            Locale::En => format!("{percent}%"),
            Locale::Tr => format!("%{percent}"),
        }
    }

    /// The size of a file as file dialogues show it: in kilobytes of 1024 bytes, from 1024 of them on in megabytes with
    /// one decimal.
    pub fn bytes(&self, bytes: u64) -> String {
        let kilobytes = bytes.div_ceil(1024);
        if kilobytes < 1024 {
            return format!("{kilobytes} kB");
        }
        let tenths = (kilobytes * 10 + 512) / 1024;
        match (self.number(tenths / 10), tenths % 10) {
            (whole, 0) => format!("{whole} MB"),
            (whole, tenth) => format!("{whole}{}{tenth} MB", self.pick('.', ',')),
        }
    }

    pub(in crate::ui) fn pick<T>(&self, english: T, turkish: T) -> T {
        match self.locale {
            Locale::En => english,
            Locale::Tr => turkish,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::of;
    use crate::domain::locale::Locale::{En, Tr};

    #[test]
    fn thousands_are_grouped() {
        for (number, english, turkish) in
            [(0, "0", "0"), (999, "999", "999"), (1000, "1,000", "1.000"), (12_345_678, "12,345,678", "12.345.678")]
        {
            assert_eq!((of(En).number(number).as_str(), of(Tr).number(number).as_str()), (english, turkish));
        }
    }

    #[test]
    fn the_sign_stands_where_the_language_puts_it() {
        assert_eq!((of(En).percent(42), of(Tr).percent(42)), ("42%".to_owned(), "%42".to_owned()));
    }

    #[test]
    fn sizes_round_to_what_a_person_wants_to_know() {
        for (bytes, english, turkish) in [
            (0, "0 kB", "0 kB"),
            (1, "1 kB", "1 kB"),
            (1_047_552, "1023 kB", "1023 kB"),
            (1_047_553, "1 MB", "1 MB"),
            (1_572_864, "1.5 MB", "1,5 MB"),
            (10_485_760, "10 MB", "10 MB"),
            (u64::MAX, "17,592,186,044,416 MB", "17.592.186.044.416 MB"),
        ] {
            assert_eq!((of(En).bytes(bytes).as_str(), of(Tr).bytes(bytes).as_str()), (english, turkish));
        }
    }
}
