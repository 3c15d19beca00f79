//! The phrases of each language, in the formal address and turned so that no word has to agree with a name.

use super::Unsubscribing;

pub(super) const EN: Unsubscribing = Unsubscribing {
    link: "Unsubscribe",
    title: "Unsubscribe from emails",
    question: "Stop emails from {organization} to {address}?",
    button: "Stop emails",
    done_title: "You are unsubscribed",
    done: "You will not get any more emails from {organization}.",
    already_done: "You have already unsubscribed from the emails of {organization}.",
    invalid_title: "This link does not work",
    invalid: "This link does not work any more. Please use the link in the latest email that you have received.",
    preview: "This is only a preview; the link works in the email itself.",
    not_now_title: "Please try again in a moment",
    not_now: "You cannot be unsubscribed at this moment. Please open the link again in a few minutes.",
};

pub(super) const ES: Unsubscribing = Unsubscribing {
    link: "Darse de baja",
    title: "Darse de baja de los correos",
    question: "¿Desea que {organization} deje de enviar correos a {address}?",
    button: "Dejar de recibir correos",
    done_title: "Se ha dado de baja",
    done: "No recibirá más correos de {organization}.",
    already_done: "Ya se había dado de baja de los correos de {organization}.",
    invalid_title: "Este enlace no funciona",
    invalid: "Este enlace ya no funciona. Utilice el enlace del último correo que haya recibido.",
    preview: "Esto es solo una vista previa; el enlace funciona en el propio correo.",
    not_now_title: "Inténtelo de nuevo en un momento",
    not_now: "En este momento no es posible tramitar su baja. Vuelva a abrir el enlace dentro de unos minutos.",
};

// A question mark and a semicolon have a narrow no-break space before them, a colon a wide one.
pub(super) const FR: Unsubscribing = Unsubscribing {
    link: "Se désabonner",
    title: "Se désabonner des e-mails",
    question: "Souhaitez-vous que {organization} n’envoie plus d’e-mails à {address}\u{202f}?",
    button: "Ne plus recevoir d’e-mails",
    done_title: "Désabonnement effectué",
    done: "{organization} ne vous enverra plus d’e-mails.",
    already_done: "Votre désabonnement est déjà enregistré\u{a0}: {organization} ne vous envoie plus d’e-mails.",
    invalid_title: "Ce lien ne fonctionne pas",
    invalid: "Ce lien ne fonctionne plus. Veuillez utiliser celui du dernier e-mail que vous avez reçu.",
    preview: "Ceci n’est qu’un aperçu\u{202f}; le lien fonctionne dans l’e-mail lui-même.",
    not_now_title: "Veuillez réessayer dans un instant",
    not_now: "Votre désabonnement n’est pas possible pour le moment. Veuillez ouvrir à nouveau le lien dans quelques minutes.",
};

pub(super) const DE: Unsubscribing = Unsubscribing {
    link: "Abbestellen",
    title: "E-Mails abbestellen",
    question: "Sollen keine E-Mails von {organization} mehr an {address} gesendet werden?",
    button: "Keine E-Mails mehr erhalten",
    done_title: "E-Mails abbestellt",
    done: "Sie erhalten keine E-Mails von {organization} mehr.",
    already_done: "Sie haben die E-Mails von {organization} bereits abbestellt.",
    invalid_title: "Dieser Link funktioniert nicht",
    invalid: "Dieser Link funktioniert nicht mehr. Bitte verwenden Sie den Link in der letzten E-Mail, die Sie erhalten haben.",
    preview: "Dies ist nur eine Vorschau; der Link funktioniert in der E-Mail selbst.",
    not_now_title: "Bitte versuchen Sie es gleich noch einmal",
    not_now: "Die E-Mails können im Moment nicht abbestellt werden. Bitte öffnen Sie den Link in einigen Minuten noch einmal.",
};

pub(super) const PT: Unsubscribing = Unsubscribing {
    link: "Cancelar inscrição",
    title: "Cancelar o recebimento de e-mails",
    question: "Deseja que {organization} deixe de enviar e-mails para {address}?",
    button: "Não receber mais e-mails",
    done_title: "Inscrição cancelada",
    done: "Não receberá mais e-mails de {organization}.",
    already_done: "A sua inscrição nos e-mails de {organization} já tinha sido cancelada.",
    invalid_title: "Este link não funciona",
    invalid: "Este link já não funciona. Utilize o link do último e-mail que recebeu.",
    preview: "Esta é apenas uma pré-visualização; o link funciona no próprio e-mail.",
    not_now_title: "Tente novamente dentro de momentos",
    not_now: "De momento, não é possível cancelar a sua inscrição. Abra novamente o link dentro de alguns minutos.",
};

pub(super) const ZH: Unsubscribing = Unsubscribing {
    link: "退订",
    title: "退订邮件",
    question: "是否停止{organization}向 {address} 发送邮件？",
    button: "停止接收邮件",
    done_title: "退订成功",
    done: "您将不会再收到{organization}的邮件。",
    already_done: "您此前已退订{organization}的邮件。",
    invalid_title: "链接无效",
    invalid: "此链接已失效。请使用您最近收到的邮件中的链接。",
    preview: "这只是预览；该链接在实际邮件中有效。",
    not_now_title: "请稍后再试",
    not_now: "目前暂时无法退订。请过几分钟后再次打开此链接。",
};

pub(super) const FA: Unsubscribing = Unsubscribing {
    link: "لغو اشتراک",
    title: "لغو اشتراک ایمیل",
    question: "ارسال ایمیل از سوی {organization} به {address} متوقف شود؟",
    button: "توقف ایمیل‌ها",
    done_title: "اشتراک شما لغو شد",
    done: "دیگر ایمیلی از {organization} دریافت نخواهید کرد.",
    already_done: "اشتراک شما در ایمیل‌های {organization} پیش‌تر لغو شده است.",
    invalid_title: "این پیوند کار نمی‌کند",
    invalid: "این پیوند دیگر کار نمی‌کند. لطفاً از پیوند آخرین ایمیلی که دریافت کرده‌اید استفاده کنید.",
    preview: "این فقط یک پیش‌نمایش است؛ پیوند در خود ایمیل کار می‌کند.",
    not_now_title: "لطفاً کمی بعد دوباره تلاش کنید",
    not_now: "در حال حاضر لغو اشتراک ممکن نیست. لطفاً چند دقیقهٔ دیگر پیوند را دوباره باز کنید.",
};

pub(super) const AR: Unsubscribing = Unsubscribing {
    link: "إلغاء الاشتراك",
    title: "إلغاء الاشتراك في الرسائل",
    question: "هل ترغبون في إيقاف رسائل {organization} إلى {address}؟",
    button: "إيقاف الرسائل",
    done_title: "تم إلغاء الاشتراك",
    done: "لن تصلكم أي رسائل أخرى من {organization}.",
    already_done: "سبق أن أُلغي اشتراككم في رسائل {organization}.",
    invalid_title: "هذا الرابط لا يعمل",
    invalid: "لم يعد هذا الرابط يعمل. يُرجى استخدام الرابط الموجود في آخر رسالة وصلتكم.",
    preview: "هذه معاينة فقط؛ يعمل الرابط في الرسالة نفسها.",
    not_now_title: "يُرجى المحاولة بعد قليل",
    not_now: "يتعذّر إلغاء الاشتراك في الوقت الحالي. يُرجى فتح الرابط مرة أخرى بعد بضع دقائق.",
};

pub(super) const HI: Unsubscribing = Unsubscribing {
    link: "सदस्यता समाप्त करें",
    title: "ईमेल की सदस्यता समाप्त करें",
    question: "क्या {organization} की ओर से {address} पर ईमेल भेजना बंद किया जाए?",
    button: "ईमेल बंद करें",
    done_title: "सदस्यता समाप्त हो गई",
    done: "अब आपको {organization} की ओर से कोई ईमेल नहीं मिलेगा।",
    already_done: "{organization} के ईमेल आपके लिए पहले ही बंद किए जा चुके हैं।",
    invalid_title: "यह लिंक काम नहीं करता",
    invalid: "यह लिंक अब काम नहीं करता। कृपया आपको मिले सबसे हाल के ईमेल के लिंक का उपयोग करें।",
    preview: "यह केवल एक पूर्वावलोकन है; लिंक असली ईमेल में काम करता है।",
    not_now_title: "कृपया थोड़ी देर में फिर से प्रयास करें",
    not_now: "इस समय सदस्यता समाप्त नहीं की जा सकती। कृपया कुछ मिनट बाद लिंक फिर से खोलें।",
};

pub(super) const JA: Unsubscribing = Unsubscribing {
    link: "配信停止",
    title: "メールの配信停止",
    question: "{organization}から {address} へのメール配信を停止しますか？",
    button: "配信を停止する",
    done_title: "配信を停止しました",
    done: "今後、{organization}からのメールは届きません。",
    already_done: "{organization}からのメールの配信は、すでに停止されています。",
    invalid_title: "このリンクは無効です",
    invalid: "このリンクは現在ご利用いただけません。最近届いたメールに記載のリンクをご利用ください。",
    preview: "これはプレビューです。リンクは実際のメールで有効になります。",
    not_now_title: "しばらくしてからもう一度お試しください",
    not_now: "現在、配信停止の手続きができません。数分後にもう一度リンクを開いてください。",
};

pub(super) const KO: Unsubscribing = Unsubscribing {
    link: "수신 거부",
    title: "이메일 수신 거부",
    question: "{address} 주소로 보내는 {organization}의 이메일을 중단하시겠습니까?",
    button: "이메일 수신 중단",
    done_title: "수신 거부가 완료되었습니다",
    done: "앞으로 {organization}에서 이메일을 보내지 않습니다.",
    already_done: "{organization}의 이메일은 이미 수신 거부되었습니다.",
    invalid_title: "사용할 수 없는 링크입니다",
    invalid: "이 링크는 더 이상 사용할 수 없습니다. 가장 최근에 받으신 이메일의 링크를 이용해 주세요.",
    preview: "이 화면은 미리보기이며, 링크는 실제 이메일에서 작동합니다.",
    not_now_title: "잠시 후 다시 시도해 주세요",
    not_now: "지금은 수신 거부를 처리할 수 없습니다. 몇 분 후에 링크를 다시 열어 주세요.",
};
