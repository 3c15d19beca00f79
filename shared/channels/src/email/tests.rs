use std::time::Instant;
use super::*;

#[test]
fn measure() {
    eprintln!("{}", sanitize::CLEANER.clean("<p title=\"</b><i>\" style='color:red;position:fixed;background-color:url(https://x.y/z);font-family:\"a\"'>x</p>").to_string());
    for (name, html) in [
        ("div", "<div>".repeat(10_000)),
        ("ul", "<ul><li>".repeat(5_000)),
        ("bq", "<blockquote>".repeat(10_000)),
        ("adopt", format!("{}{}", "<b>".repeat(5_000), "<div></b>".repeat(5_000))),
        ("p b", "<p><b>".repeat(5_000)),
    ] {
        let begun = Instant::now();
        let out = sanitize::CLEANER.clean(&html).to_string();
        eprintln!("{name}: clean {:?} -> {} bytes", begun.elapsed(), out.len());
    }
    for (name, html) in [
        ("div", "<div>".repeat(256)+"x"),
        ("table", "<table><tr><td>".repeat(64)+"hello"),
        ("table2", "<table><tr><td>x<td>".repeat(64)+"hello"),
        ("ul", "<ul><li>x".repeat(128)),
        ("bq", "<blockquote>x".repeat(256)),
        ("wide", format!("<table><tr>{}</tr></table>", "<td>x</td>".repeat(9000))),
        ("colspan", "<table><tr><td colspan=999999999>x</td><td rowspan=999999999>y</td></tr></table>".to_owned()),
        ("rows", format!("<table>{}</table>", "<tr><td>x</td><td>longer text here</td><td><b>bold</b> and it goes</td></tr>".repeat(2000))),
        ("longword", "x".repeat(190_000)),
        ("links", "<a href='https://example.com/a'>Pay now</a> or <strong>call</strong> <a href='mailto:a@b.cd'>us</a> <h1>T</h1><ul><li>a</li><li>b</li></ul><ol start=1000000000000000><li>x</ol><img src='https://x.y/a.png' alt='Logo'><img src='https://x.y/a.png'><hr><table><tr><td>A</td><td>1</td></tr><tr><td>B</td><td>2</td></tr></table>".to_owned()),
    ] {
        let html = sanitize::CLEANER.clean(&html).to_string();
        let begun = Instant::now();
        let out = text::alternative(&html);
        eprintln!("{name}: text {:?} -> {} bytes\n{}", begun.elapsed(), out.len(), out.chars().take(600).collect::<String>());
    }
}
