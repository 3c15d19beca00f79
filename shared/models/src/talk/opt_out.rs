//! STOP and START and their kin, in every language of the hub (checklist M4).
//!
//! Only a whole message counts: who writes "please do not stop" goes on talking. The English words are those that
//! carriers in North America know; the others are what speakers of the language write in their place.

use super::words::plain;
use crate::channel::Language;

/// What a contact wants of all further messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// None of them.
    Stop,
    /// To get them again.
    Start,
}

/// The wish that a whole message is, and the language it is in. A word of several languages is taken to be of
/// `spoken`, the language of the conversation, where it is one of that; so are the English words, which all know.
#[must_use]
pub fn opt_wish(message: &str, spoken: Option<Language>) -> Option<(Wish, Language)> {
    let message = plain(message);
    if message.is_empty() {
        return None;
    }
    let found = |language: Language| Some((wish_in(&message, language)?, language));
    if let Some(found) = spoken.and_then(found) {
        return Some(found);
    }
    let (wish, language) = Language::ALL.iter().copied().find_map(found)?;
    Some((wish, if language == Language::En { spoken.unwrap_or(language) } else { language }))
}

fn wish_in(message: &str, language: Language) -> Option<Wish> {
    let among = |words: &[&str]| words.iter().any(|word| plain(word) == message);
    if among(stop_words(language)) {
        return Some(Wish::Stop);
    }
    among(start_words(language)).then_some(Wish::Start)
}

const fn stop_words(language: Language) -> &'static [&'static str] {
    match language {
        Language::En => {
            &["stop", "stop all", "stopall", "unsubscribe", "cancel", "end", "quit", "opt out", "optout", "revoke"]
        }
        Language::Es => &["parar", "pare", "alto", "baja", "darse de baja", "detener", "cancelar", "no más", "fin"],
        Language::Fr => &[
            "arrêt",
            "arret",
            "arrêter",
            "arreter",
            "arrêtez",
            "arretez",
            "stopper",
            "désabonner",
            "desabonner",
            "se désabonner",
        ],
        Language::De => &["stopp", "halt", "abmelden", "abbestellen", "aufhören", "aufhoeren", "beenden", "austragen"],
        Language::Pt => &["parar", "pare", "cancelar", "sair", "remover", "descadastrar", "cancelar inscrição"],
        Language::Zh => &["停止", "退订", "退訂", "取消", "取消订阅", "取消訂閱", "不要再发", "td"],
        Language::Fa => &["توقف", "لغو", "لغو عضویت", "لغو اشتراک", "پایان", "قطع", "بس"],
        Language::Ar => {
            &["توقف", "قف", "إيقاف", "ايقاف", "أوقف", "اوقف", "إلغاء", "الغاء", "إلغاء الاشتراك", "الغاء الاشتراك"]
        }
        Language::Hi => &["रोकें", "रोको", "रुकें", "रुको", "बंद", "बंद करें", "बंद करो", "स्टॉप", "सदस्यता रद्द करें"],
        Language::Ja => &["停止", "配信停止", "ストップ", "やめて", "止めて", "解除", "配信解除", "登録解除", "中止"],
        Language::Ko => &["중지", "중단", "정지", "그만", "스톱", "수신거부", "수신 거부", "취소", "해지"],
    }
}

const fn start_words(language: Language) -> &'static [&'static str] {
    match language {
        Language::En => &["start", "unstop", "subscribe", "opt in", "optin", "resume"],
        Language::Es => &["empezar", "comenzar", "iniciar", "alta", "reanudar"],
        Language::Fr => &["démarrer", "demarrer", "commencer", "reprendre", "réabonner", "reabonner"],
        Language::De => &["starten", "anmelden", "beginnen", "fortsetzen"],
        Language::Pt => &["começar", "comecar", "iniciar", "voltar", "retomar"],
        Language::Zh => &["开始", "開始", "订阅", "訂閱", "恢复", "恢復"],
        Language::Fa => &["شروع", "آغاز", "عضویت", "از سرگیری"],
        Language::Ar => &["ابدأ", "ابدا", "بدء", "اشتراك", "استئناف"],
        Language::Hi => &["शुरू", "शुरू करें", "शुरू करो", "स्टार्ट", "सदस्यता लें"],
        Language::Ja => &["開始", "再開", "スタート", "配信再開", "登録"],
        Language::Ko => &["시작", "재개", "스타트", "수신동의", "수신 동의", "구독"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // M4
    #[test]
    fn every_language_has_its_words_and_they_are_read_in_it() {
        for language in Language::ALL.iter().copied() {
            for (words, wish) in [(stop_words(language), Wish::Stop), (start_words(language), Wish::Start)] {
                assert!(words.len() >= 4, "{language}");
                for word in words {
                    for written in
                        [(*word).to_owned(), format!(" {}! ", word.to_uppercase()), format!("\u{200f}{word}.")]
                    {
                        assert_eq!(opt_wish(&written, Some(language)), Some((wish, language)), "{written}");
                        assert_eq!(opt_wish(&written, None).map(|(wish, _)| wish), Some(wish), "{written}");
                    }
                }
            }
        }
    }

    #[test]
    fn no_word_asks_for_both() {
        for language in Language::ALL.iter().copied() {
            for start in start_words(language) {
                for other in Language::ALL.iter().copied() {
                    assert!(stop_words(other).iter().all(|stop| plain(stop) != plain(start)), "{start}");
                }
            }
        }
    }

    #[test]
    fn an_english_word_is_answered_in_the_language_of_the_conversation() {
        assert_eq!(opt_wish("Stop", Some(Language::De)), Some((Wish::Stop, Language::De)));
        assert_eq!(opt_wish("Stop", None), Some((Wish::Stop, Language::En)));
        assert_eq!(opt_wish("توقف", None), Some((Wish::Stop, Language::Fa)));
        assert_eq!(opt_wish("توقف", Some(Language::Ar)), Some((Wish::Stop, Language::Ar)));
        assert_eq!(opt_wish("배송 중지", Some(Language::Ko)), None);
    }

    #[test]
    fn only_a_whole_message_counts() {
        for text in [
            "",
            "!",
            "Please don't stop",
            "stop by on Monday",
            "I cancel my appointment",
            "停止线在哪里",
            "¿Alta o baja?",
        ] {
            assert_eq!(opt_wish(text, None), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,60}") {
            let _ = opt_wish(&text, Some(Language::Hi));
        }
    }
}
