//! The words of each language. In Chinese, Japanese and Korean a word counts wherever it stands, so none of a list may be
//! part of another list's.

use super::Words;
use crate::channel::Language;

pub(super) const fn of(language: Language) -> &'static Words {
    match language {
        Language::En => &EN,
        Language::Es => &ES,
        Language::Fr => &FR,
        Language::De => &DE,
        Language::Pt => &PT,
        Language::Zh => &ZH,
        Language::Fa => &FA,
        Language::Ar => &AR,
        Language::Hi => &HI,
        Language::Ja => &JA,
        Language::Ko => &KO,
    }
}

pub(super) const EN: Words = Words {
    yes: &["yes", "yeah", "yep", "sure", "ok", "okay", "of course", "confirm", "i will be there", "correct"],
    no: &["no", "nope", "not", "cannot", "cant", "wont", "nothing"],
    agent: &["agent", "human", "person", "someone", "somebody", "representative", "operator", "advisor"],
    stop: &[
        "stop calling",
        "stop contacting",
        "stop texting",
        "stop messaging",
        "do not call",
        "dont call",
        "do not contact",
        "dont contact",
        "do not text",
        "remove me",
        "unsubscribe me",
    ],
    bye: &["goodbye", "bye", "thank you", "thanks", "that is all", "thats all"],
    later: &["later", "call back", "call you back", "not now", "busy right now", "another time"],
    numbers: [
        &["one", "first"],
        &["two", "second"],
        &["three", "third"],
        &["four", "fourth"],
        &["five", "fifth"],
        &["six", "sixth"],
        &["seven", "seventh"],
        &["eight", "eighth"],
        &["nine", "ninth"],
    ],
};

const ES: Words = Words {
    yes: &["sí", "si", "claro", "vale", "de acuerdo", "confirmo", "por supuesto"],
    no: &["no", "nada", "tampoco"],
    agent: &["agente", "persona", "alguien", "representante", "asesor", "operador"],
    stop: &[
        "no me llame",
        "no me llamen",
        "no me contacte",
        "no me contacten",
        "no me escriba",
        "deje de llamar",
        "dejen de llamar",
    ],
    bye: &["adiós", "adios", "gracias", "eso es todo", "hasta luego"],
    later: &["más tarde", "mas tarde", "luego le llamo", "ahora no", "en otro momento"],
    numbers: [
        &["uno", "primero", "primera"],
        &["dos", "segundo", "segunda"],
        &["tres", "tercero", "tercera"],
        &["cuatro", "cuarto", "cuarta"],
        &["cinco", "quinto", "quinta"],
        &["seis", "sexto"],
        &["siete", "séptimo"],
        &["ocho", "octavo"],
        &["nueve", "noveno"],
    ],
};

const FR: Words = Words {
    yes: &["oui", "ouais", "bien sûr", "d'accord", "ok", "je confirme", "entendu"],
    no: &["non", "pas", "rien", "aucune"],
    agent: &["agent", "conseiller", "conseillère", "quelqu'un", "une personne", "un humain", "opérateur"],
    stop: &[
        "ne m'appelez plus",
        "ne me contactez plus",
        "ne m'écrivez plus",
        "arrêtez de m'appeler",
        "cessez de m'appeler",
    ],
    bye: &["au revoir", "merci", "c'est tout", "bonne journée"],
    later: &["plus tard", "pas maintenant", "un autre moment", "je vous rappelle"],
    numbers: [
        &["un", "premier", "première"],
        &["deux", "deuxième", "second"],
        &["trois", "troisième"],
        &["quatre", "quatrième"],
        &["cinq", "cinquième"],
        &["six", "sixième"],
        &["sept", "septième"],
        &["huit", "huitième"],
        &["neuf", "neuvième"],
    ],
};

const DE: Words = Words {
    yes: &["ja", "jawohl", "gerne", "klar", "einverstanden", "ok", "okay", "bestätige"],
    no: &["nein", "nicht", "nichts", "keine", "kein"],
    agent: &["mitarbeiter", "mitarbeiterin", "mensch", "menschen", "jemand", "jemandem", "berater", "kundendienst"],
    stop: &[
        "rufen sie mich nicht mehr an",
        "nicht mehr anrufen",
        "nicht mehr kontaktieren",
        "keine anrufe mehr",
        "nicht mehr schreiben",
        "keine nachrichten mehr",
    ],
    bye: &["auf wiederhören", "auf wiedersehen", "tschüss", "danke", "das ist alles", "das wars"],
    later: &["später", "jetzt nicht", "ein andermal", "rufe zurück"],
    numbers: [
        &["eins", "erste", "ersten", "erster"],
        &["zwei", "zweite", "zweiten"],
        &["drei", "dritte", "dritten"],
        &["vier", "vierte"],
        &["fünf", "fünfte"],
        &["sechs", "sechste"],
        &["sieben", "siebte"],
        &["acht", "achte"],
        &["neun", "neunte"],
    ],
};

const PT: Words = Words {
    yes: &["sim", "claro", "ok", "tudo bem", "confirmo", "com certeza", "está bem"],
    no: &["não", "nao", "nada", "nenhuma"],
    agent: &["atendente", "agente", "pessoa", "alguém", "alguem", "representante", "operador"],
    stop: &[
        "não me ligue",
        "não me liguem",
        "nao me ligue",
        "não me contacte",
        "não me contate",
        "pare de ligar",
        "parem de ligar",
    ],
    bye: &["adeus", "tchau", "obrigado", "obrigada", "é só isso", "até logo"],
    later: &["mais tarde", "agora não", "outra hora", "depois eu ligo"],
    numbers: [
        &["um", "primeiro", "primeira"],
        &["dois", "segundo", "segunda"],
        &["três", "terceiro", "terceira"],
        &["quatro", "quarto", "quarta"],
        &["cinco", "quinto", "quinta"],
        &["seis", "sexto"],
        &["sete", "sétimo"],
        &["oito", "oitavo"],
        &["nove", "nono"],
    ],
};

const ZH: Words = Words {
    yes: &["是的", "好的", "可以", "确认", "確認", "没问题", "沒問題", "对的"],
    no: &["不是", "不行", "不要", "不能", "没有", "沒有", "不用"],
    agent: &["人工", "客服", "真人", "工作人员", "工作人員"],
    stop: &["不要再打", "别再打", "不要再联系", "别再联系", "不要再聯繫", "不要再发"],
    bye: &["再见", "再見", "谢谢", "謝謝", "拜拜"],
    later: &["以后再", "晚点", "晚點", "稍后", "稍後", "等一会"],
    numbers: [
        &["第一", "一号"],
        &["第二", "二号"],
        &["第三", "三号"],
        &["第四", "四号"],
        &["第五", "五号"],
        &["第六", "六号"],
        &["第七", "七号"],
        &["第八", "八号"],
        &["第九", "九号"],
    ],
};

const FA: Words = Words {
    yes: &["بله", "آره", "باشه", "حتما", "تایید", "تأیید", "درسته"],
    no: &["نه", "خیر", "نمی توانم", "نمیتوانم", "هیچ", "ندارم"],
    agent: &["کارشناس", "اپراتور", "مسئول", "یک نفر", "پشتیبان"],
    stop: &["دیگر تماس نگیرید", "دیگه تماس نگیرید", "دیگه زنگ نزنید", "دیگر زنگ نزنید", "تماس نگیرید", "پیام ندهید"],
    bye: &["خداحافظ", "ممنون", "متشکرم", "مرسی", "همین"],
    later: &["بعدا", "بعداً", "الان نه", "وقت دیگر"],
    numbers: [
        &["یک", "اول", "اولی"],
        &["دو", "دوم", "دومی"],
        &["سه", "سوم", "سومی"],
        &["چهار", "چهارم"],
        &["پنج", "پنجم"],
        &["شش", "ششم"],
        &["هفت", "هفتم"],
        &["هشت", "هشتم"],
        &["نه تا", "نهم"],
    ],
};

const AR: Words = Words {
    yes: &["نعم", "أجل", "اجل", "موافق", "موافقة", "حسنا", "بالتأكيد", "أؤكد"],
    no: &["لا", "كلا", "ليس", "لن"],
    agent: &["موظف", "موظفة", "شخص", "ممثل", "مندوب", "أحد"],
    stop: &["لا تتصل بي", "لا تتصلوا بي", "لا تتصلوا", "لا تراسلوني", "توقفوا عن الاتصال", "لا تتواصلوا معي"],
    bye: &["مع السلامة", "وداعا", "شكرا", "هذا كل شيء"],
    later: &["لاحقا", "فيما بعد", "ليس الآن", "وقت آخر"],
    numbers: [
        &["واحد", "الأول", "الاول"],
        &["اثنان", "اثنين", "الثاني"],
        &["ثلاثة", "الثالث"],
        &["أربعة", "الرابع"],
        &["خمسة", "الخامس"],
        &["ستة", "السادس"],
        &["سبعة", "السابع"],
        &["ثمانية", "الثامن"],
        &["تسعة", "التاسع"],
    ],
};

const HI: Words = Words {
    yes: &["हाँ", "हां", "जी", "ठीक है", "बिल्कुल", "पुष्टि", "ज़रूर"],
    no: &["नहीं", "ना", "मत", "कुछ नहीं"],
    agent: &["एजेंट", "व्यक्ति", "इंसान", "प्रतिनिधि", "किसी से"],
    stop: &["दोबारा कॉल न करें", "कॉल मत करो", "कॉल न करें", "संपर्क न करें", "मैसेज न करें", "फ़ोन मत करना"],
    bye: &["अलविदा", "धन्यवाद", "शुक्रिया", "बस इतना ही"],
    later: &["बाद में", "अभी समय", "फिर कभी"],
    numbers: [
        &["एक", "पहला", "पहले"],
        &["दो", "दूसरा", "दूसरे"],
        &["तीन", "तीसरा", "तीसरे"],
        &["चार", "चौथा"],
        &["पाँच", "पांच", "पाँचवाँ"],
        &["छह", "छठा"],
        &["सात", "सातवाँ"],
        &["आठ", "आठवाँ"],
        &["नौ", "नौवाँ"],
    ],
};

const JA: Words = Words {
    yes: &["はい", "ええ", "お願いします", "大丈夫です", "確認しました", "わかりました"],
    no: &["いいえ", "いえ", "ありません", "できません", "行けません", "だめ"],
    agent: &["担当者", "オペレーター", "係の人", "人間"],
    stop: &["電話しないで", "連絡しないで", "かけてこないで", "送らないで"],
    bye: &["さようなら", "ありがとう", "失礼します", "以上です"],
    later: &["あとで", "後で", "また今度", "折り返し"],
    numbers: [
        &["一番", "1番", "最初"],
        &["二番", "2番"],
        &["三番", "3番"],
        &["四番", "4番"],
        &["五番", "5番"],
        &["六番"],
        &["七番"],
        &["八番"],
        &["九番"],
    ],
};

const KO: Words = Words {
    yes: &["네", "예", "그래요", "좋아요", "확인합니다", "맞아요"],
    no: &["아니요", "아니오", "아뇨", "없어요", "못 가요", "안 돼요"],
    agent: &["상담원", "상담사", "직원", "담당자", "사람"],
    stop: &["전화하지 마세요", "연락하지 마세요", "보내지 마세요", "그만 연락"],
    bye: &["안녕히", "감사합니다", "고맙습니다", "이상입니다"],
    later: &["나중에", "다음에", "지금은 바빠"],
    numbers: [
        &["일번", "1번", "첫 번째", "첫번째"],
        &["이번", "2번", "두 번째", "두번째"],
        &["삼번", "3번", "세 번째", "세번째"],
        &["사번", "네 번째"],
        &["오번", "다섯 번째"],
        &["육번"],
        &["칠번"],
        &["팔번"],
        &["구번"],
    ],
};
