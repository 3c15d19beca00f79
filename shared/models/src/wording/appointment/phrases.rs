//! The phrases of each language, in the formal address.

use super::Appointment;

pub(super) const EN: Appointment = Appointment {
    weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    date: "{weekday}, {month} {day}, {year}",
    when: "{date} at {time}",
    comma: ", ",
    booked: "Your appointment is booked: {appointment}",
    moved: "Your appointment has been moved: {appointment}",
    cancelled: "Your appointment is cancelled: {appointment}",
    add: "Add it to your calendar: {link}",
};

pub(super) const ES: Appointment = Appointment {
    weekdays: ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    months: [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    date: "{weekday}, {day} de {month} de {year}",
    when: "{date}, a las {time}",
    comma: ", ",
    booked: "Su cita está reservada: {appointment}",
    moved: "Su cita ha cambiado de hora: {appointment}",
    cancelled: "Su cita se ha cancelado: {appointment}",
    add: "Añádala a su calendario: {link}",
};

// A colon has a no-break space before it.
pub(super) const FR: Appointment = Appointment {
    weekdays: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    date: "{weekday} {day} {month} {year}",
    when: "{date} à {time}",
    comma: ", ",
    booked: "Votre rendez-vous est réservé\u{a0}: {appointment}",
    moved: "Votre rendez-vous a été déplacé\u{a0}: {appointment}",
    cancelled: "Votre rendez-vous est annulé\u{a0}: {appointment}",
    add: "Ajoutez-le à votre agenda\u{a0}: {link}",
};

pub(super) const DE: Appointment = Appointment {
    weekdays: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    date: "{weekday}, {day}. {month} {year}",
    when: "{date}, um {time}",
    comma: ", ",
    booked: "Ihr Termin ist gebucht: {appointment}",
    moved: "Ihr Termin wurde verlegt: {appointment}",
    cancelled: "Ihr Termin ist abgesagt: {appointment}",
    add: "In Ihren Kalender eintragen: {link}",
};

pub(super) const PT: Appointment = Appointment {
    weekdays: ["segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"],
    months: [
        "janeiro",
        "fevereiro",
        "março",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ],
    date: "{weekday}, {day} de {month} de {year}",
    when: "{date}, às {time}",
    comma: ", ",
    booked: "O seu agendamento está feito: {appointment}",
    moved: "O seu agendamento foi alterado: {appointment}",
    cancelled: "O seu agendamento foi cancelado: {appointment}",
    add: "Adicione à sua agenda: {link}",
};

pub(super) const ZH: Appointment = Appointment {
    weekdays: ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"],
    months: ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"],
    date: "{year}年{month}{day}日{weekday}",
    when: "{date}{time}",
    comma: "，",
    booked: "您的预约已登记：{appointment}",
    moved: "您的预约时间已更改：{appointment}",
    cancelled: "您的预约已取消：{appointment}",
    add: "添加到您的日历：{link}",
};

pub(super) const FA: Appointment = Appointment {
    weekdays: ["دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"],
    months: ["ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر"],
    date: "{weekday} {day} {month} {year}",
    when: "{date}، ساعت {time}",
    comma: "، ",
    booked: "نوبت شما ثبت شد: {appointment}",
    moved: "زمان نوبت شما تغییر کرد: {appointment}",
    cancelled: "نوبت شما لغو شد: {appointment}",
    add: "آن را به تقویم خود اضافه کنید: {link}",
};

pub(super) const AR: Appointment = Appointment {
    weekdays: ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"],
    months: [
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ],
    date: "{weekday} {day} {month} {year}",
    when: "{date}، الساعة {time}",
    comma: "، ",
    booked: "تم حجز موعدكم: {appointment}",
    moved: "تم تغيير موعدكم: {appointment}",
    cancelled: "تم إلغاء موعدكم: {appointment}",
    add: "أضيفوه إلى تقويمكم: {link}",
};

pub(super) const HI: Appointment = Appointment {
    weekdays: ["सोमवार", "मंगलवार", "बुधवार", "गुरुवार", "शुक्रवार", "शनिवार", "रविवार"],
    months: ["जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"],
    date: "{weekday}, {day} {month} {year}",
    when: "{date} को {time}",
    comma: ", ",
    booked: "आपका अपॉइंटमेंट बुक हो गया है: {appointment}",
    moved: "आपके अपॉइंटमेंट का समय बदल गया है: {appointment}",
    cancelled: "आपका अपॉइंटमेंट रद्द कर दिया गया है: {appointment}",
    add: "इसे अपने कैलेंडर में जोड़ें: {link}",
};

pub(super) const JA: Appointment = Appointment {
    weekdays: ["月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日", "日曜日"],
    months: ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"],
    date: "{year}年{month}{day}日（{weekday}）",
    when: "{date}{time}",
    comma: "、",
    booked: "ご予約を承りました：{appointment}",
    moved: "ご予約の日時が変更されました：{appointment}",
    cancelled: "ご予約がキャンセルされました：{appointment}",
    add: "カレンダーに追加：{link}",
};

pub(super) const KO: Appointment = Appointment {
    weekdays: ["월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"],
    months: ["1월", "2월", "3월", "4월", "5월", "6월", "7월", "8월", "9월", "10월", "11월", "12월"],
    date: "{year}년 {month} {day}일 {weekday}",
    when: "{date} {time}",
    comma: ", ",
    booked: "예약이 완료되었습니다: {appointment}",
    moved: "예약 시간이 변경되었습니다: {appointment}",
    cancelled: "예약이 취소되었습니다: {appointment}",
    add: "캘린더에 추가: {link}",
};
