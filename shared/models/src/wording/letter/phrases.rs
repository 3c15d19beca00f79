//! The phrases of each language. Where a language has several forms of address, it is the formal one; where a word
//! would have to agree with a name (French "de" and "d'", Korean particles), the phrase is turned so that none has to.

use super::Letter;

pub(super) const EN: Letter = Letter {
    greeting: "Dear {name},",
    greeting_without_name: "Dear Customer,",
    opening: "this is a message from {organization}:",
    opening_without_organization: "we have a message for you:",
    closing: "If you have any questions, simply reply to this email.",
    full_stop: '.',
    blank: " ",
};

pub(super) const ES: Letter = Letter {
    greeting: "Estimado/a {name},",
    greeting_without_name: "Estimado/a cliente,",
    opening: "este es un mensaje de {organization}:",
    opening_without_organization: "tenemos un mensaje para usted:",
    closing: "Si tiene alguna pregunta, simplemente responda a este correo.",
    full_stop: '.',
    blank: " ",
};

// A colon has a no-break space before it.
pub(super) const FR: Letter = Letter {
    greeting: "Bonjour {name},",
    greeting_without_name: "Madame, Monsieur,",
    opening: "{organization} vous adresse le message suivant\u{a0}:",
    opening_without_organization: "nous vous adressons le message suivant\u{a0}:",
    closing: "Pour toute question, il vous suffit de répondre à cet e-mail.",
    full_stop: '.',
    blank: " ",
};

pub(super) const DE: Letter = Letter {
    greeting: "Guten Tag {name},",
    greeting_without_name: "Sehr geehrte Damen und Herren,",
    opening: "dies ist eine Nachricht von {organization}:",
    opening_without_organization: "wir haben eine Nachricht für Sie:",
    closing: "Bei Fragen antworten Sie einfach auf diese E-Mail.",
    full_stop: '.',
    blank: " ",
};

pub(super) const PT: Letter = Letter {
    greeting: "Prezado(a) {name},",
    greeting_without_name: "Prezado(a) cliente,",
    opening: "esta é uma mensagem de {organization}:",
    opening_without_organization: "enviamos-lhe a seguinte mensagem:",
    closing: "Em caso de dúvidas, basta responder a este e-mail.",
    full_stop: '.',
    blank: " ",
};

pub(super) const ZH: Letter = Letter {
    greeting: "尊敬的{name}，您好！",
    greeting_without_name: "尊敬的客户，您好！",
    opening: "以下是来自{organization}的消息：",
    opening_without_organization: "以下是给您的消息：",
    closing: "如有任何疑问，请直接回复此邮件。",
    full_stop: '。',
    blank: "",
};

pub(super) const FA: Letter = Letter {
    greeting: "{name} گرامی،",
    greeting_without_name: "مشتری گرامی،",
    opening: "این پیامی از سوی {organization} است:",
    opening_without_organization: "پیامی برای شما داریم:",
    closing: "در صورت داشتن هرگونه پرسش، لطفاً به همین ایمیل پاسخ دهید.",
    full_stop: '.',
    blank: " ",
};

pub(super) const AR: Letter = Letter {
    greeting: "السيد/السيدة {name}، تحية طيبة وبعد،",
    greeting_without_name: "تحية طيبة وبعد،",
    opening: "هذه رسالة من {organization}:",
    opening_without_organization: "لدينا رسالة لكم:",
    closing: "في حال وجود أي استفسار، يُرجى الرد على هذا البريد الإلكتروني.",
    full_stop: '.',
    blank: " ",
};

pub(super) const HI: Letter = Letter {
    greeting: "आदरणीय {name} जी,",
    greeting_without_name: "आदरणीय ग्राहक,",
    opening: "यह {organization} की ओर से एक संदेश है:",
    opening_without_organization: "आपके लिए एक संदेश है:",
    closing: "यदि आपका कोई प्रश्न हो, तो कृपया इसी ईमेल का उत्तर दें।",
    full_stop: '।',
    blank: " ",
};

pub(super) const JA: Letter = Letter {
    greeting: "{name}様、",
    greeting_without_name: "お客様、",
    opening: "{organization}より次のとおりご連絡いたします。",
    opening_without_organization: "次のとおりご連絡いたします。",
    closing: "ご不明な点がございましたら、このメールにご返信ください。",
    full_stop: '。',
    blank: "",
};

pub(super) const KO: Letter = Letter {
    greeting: "{name} 님, 안녕하세요.",
    greeting_without_name: "고객님, 안녕하세요.",
    opening: "{organization}에서 다음과 같이 안내해 드립니다.",
    opening_without_organization: "다음과 같이 안내해 드립니다.",
    closing: "궁금하신 점이 있으시면 이 이메일에 회신해 주시기 바랍니다.",
    full_stop: '.',
    blank: " ",
};
