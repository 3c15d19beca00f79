use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};

use super::ses::send;
use super::{Filter, Local, Options};

/// A mail server for one connection after another, which answers every recipient with `verdict`.
fn mail_server(verdict: &'static str) -> (Options, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let smtp_url = format!("smtp://{}", listener.local_addr().unwrap());
    let (taken, mails) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut answers = stream.try_clone().unwrap();
            let mut say = |line: &str| write!(answers, "{line}\r\n").unwrap();
            say("220 test");
            let (mut in_data, mut mail) = (false, String::new());
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                match line.split([' ', ':']).next().unwrap_or_default() {
                    "." if in_data => {
                        in_data = false;
                        let _ = taken.send(std::mem::take(&mut mail));
                        say("250 taken");
                    }
                    _ if in_data => mail.extend([line.as_str(), "\r\n"]),
                    "RCPT" => say(verdict),
                    "DATA" => {
                        in_data = true;
                        say("354 go on");
                    }
                    "QUIT" => break,
                    _ => say("250 ok"),
                }
            }
        }
    });
    (Options { smtp_url: Some(smtp_url), ..Options::default() }, mails)
}

const SENDER: &str = "Acme <hello@acme.example>";
const TAGS: [(&str, &str); 2] = [("engagement_id", "eng_1"), ("attempt", "1")];

#[tokio::test]
async fn a_mail_goes_to_the_relay_as_well() {
    let (options, mails) = mail_server("250 ok");
    let local = Local::start_with(options);
    send(&local, SENDER, "ann@example.com", &TAGS).await.unwrap();
    assert!(mails.recv().unwrap().contains("<p>Hello Ann.</p>"));
    assert!(local.aws.outbox().find("eng_1", 1).unwrap().is_some());
}

#[tokio::test]
async fn an_attempt_goes_to_the_relay_only_once() {
    let (options, mails) = mail_server("250 ok");
    let local = Local::start_with(options);
    for _ in 0..2 {
        send(&local, SENDER, "ann@example.com", &TAGS).await.unwrap();
    }
    assert_eq!(mails.try_iter().count(), 1);
}

#[tokio::test]
async fn no_mail_to_the_mailbox_simulator_goes_to_the_relay() {
    let (options, mails) = mail_server("250 ok");
    let local = Local::start_with(options);
    send(&local, SENDER, "bounce@simulator.amazonses.com", &TAGS).await.unwrap();
    assert!(mails.try_recv().is_err());
}

#[tokio::test]
async fn a_relay_that_is_busy_is_a_throttling() {
    let (options, _mails) = mail_server("451 later");
    let local = Local::start_with(options);
    let refused = send(&local, SENDER, "ann@example.com", &TAGS).await.unwrap_err().into_service_error();
    assert!(refused.is_too_many_requests_exception(), "{refused:?}");
    assert!(local.aws.outbox().list(&Filter::default()).unwrap().is_empty());
}

#[tokio::test]
async fn a_relay_that_is_not_there_is_a_throttling() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let local = Local::start_with(Options { smtp_url: Some(format!("smtp://{closed}")), ..Options::default() });
    let refused = send(&local, SENDER, "ann@example.com", &TAGS).await.unwrap_err().into_service_error();
    assert!(refused.is_too_many_requests_exception(), "{refused:?}");
}

#[tokio::test]
async fn a_relay_that_refuses_for_good_rejects_the_message() {
    let (options, _mails) = mail_server("550 no such user");
    let local = Local::start_with(options);
    let refused = send(&local, SENDER, "ann@example.com", &TAGS).await.unwrap_err().into_service_error();
    assert!(refused.is_message_rejected(), "{refused:?}");
    assert!(local.aws.outbox().list(&Filter::default()).unwrap().is_empty());
}
