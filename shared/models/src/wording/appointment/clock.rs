//! Times of day and numbers as each language says them, so that they can be read aloud.

use jiff::civil::Time;

use crate::channel::Language;

/// A time of day, to the minute.
pub(super) fn time(time: Time, language: Language) -> String {
    let (hour, minute) = (time.hour(), time.minute());
    match language {
        Language::En => format!("{}:{minute:02} {}", twelve(hour), if hour < 12 { "AM" } else { "PM" }),
        Language::Es => format!("{hour}:{minute:02}"),
        Language::Fr => with_minutes(&format!("{hour}\u{a0}h"), minute, |minute| format!("\u{a0}{minute:02}")),
        Language::De => format!("{} Uhr", with_minutes(&hour.to_string(), minute, |minute| format!(":{minute:02}"))),
        Language::Pt => with_minutes(&format!("{hour}h"), minute, |minute| format!("{minute:02}")),
        Language::Zh => {
            let hour_told = if hour == 0 { 0 } else { twelve(hour) };
            with_minutes(&format!("{}{hour_told}点", part_of_day_zh(hour)), minute, |minute| format!("{minute}分"))
        }
        Language::Fa => persian(&format!("{hour}:{minute:02}")),
        Language::Ar => format!("{}:{minute:02} {}", twelve(hour), part_of_day_ar(hour)),
        Language::Hi => {
            let told = with_minutes(&twelve(hour).to_string(), minute, |minute| format!(":{minute:02}"));
            format!("{} {told} बजे", part_of_day_hi(hour))
        }
        Language::Ja => {
            let half = if hour < 12 { "午前" } else { "午後" };
            with_minutes(&format!("{half}{}時", hour % 12), minute, |minute| format!("{minute}分"))
        }
        Language::Ko => {
            let half = if hour < 12 { "오전" } else { "오후" };
            with_minutes(&format!("{half} {}시", twelve(hour)), minute, |minute| format!(" {minute}분"))
        }
    }
}

/// The day of a month.
pub(super) fn day(day: i8, language: Language) -> String {
    match (language, day) {
        (Language::Fr, 1) => "1er".to_owned(),
        (_, day) => number(day.into(), language),
    }
}

/// A number in the digits of the language.
pub(super) fn number(number: i32, language: Language) -> String {
    match language {
        Language::Fa => persian(&number.to_string()),
        _ => number.to_string(),
    }
}

/// The phrase that joins a date and a time: one o'clock is one hour, and not several.
pub(super) fn joined(when: &'static str, time: Time, language: Language) -> &'static str {
    match (language, time.hour()) {
        (Language::Es, 1) => "{date}, a la {time}",
        (Language::Pt, 1) => "{date}, à {time}",
        _ => when,
    }
}

fn with_minutes(hour: &str, minute: i8, told: impl Fn(i8) -> String) -> String {
    if minute == 0 { hour.to_owned() } else { format!("{hour}{}", told(minute)) }
}

/// The hour of a clock with twelve.
fn twelve(hour: i8) -> i8 {
    if hour % 12 == 0 { 12 } else { hour % 12 }
}

fn part_of_day_zh(hour: i8) -> &'static str {
    match hour {
        0..=5 => "凌晨",
        6..=11 => "上午",
        12 => "中午",
        13..=17 => "下午",
        _ => "晚上",
    }
}

fn part_of_day_ar(hour: i8) -> &'static str {
    match hour {
        0..=11 => "صباحًا",
        12 => "ظهرًا",
        _ => "مساءً",
    }
}

fn part_of_day_hi(hour: i8) -> &'static str {
    match hour {
        4..=11 => "सुबह",
        12..=15 => "दोपहर",
        16..=19 => "शाम",
        _ => "रात",
    }
}

fn persian(digits: &str) -> String {
    let told = digits.chars().map(|c| match c.to_digit(10) {
        Some(digit) => char::from_u32('۰' as u32 + digit).unwrap_or(c),
        None => c,
    });
    told.collect()
}
