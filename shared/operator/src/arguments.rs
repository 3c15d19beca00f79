//! What `engagement-hub set-up` is told.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use hub_models::contact::EmailAddress;
use hub_models::domain::DomainName;
use hub_models::email::Mailbox;
use hub_models::outside::public_url;
use hub_models::text::Line;
use secrecy::SecretString;
use url::Url;

/// The most credits that the hub gives at once.
const MOST_CREDITS: i64 = 1_000_000_000;

/// Set up a customer: account, domain, sender, API key and first email.
///
/// Calls a hub as its operator and goes as far as it can: an account with credits, a domain, an
/// API key, the sender in Amazon SES with the DNS records to set for it, and a first email,
/// followed until it has left. Where something is yours to do first, such as setting those
/// records, it says so and ends, and the same command goes on from there. What is there already
/// is not made again.
///
/// Without --url it calls the hub that runs on this machine in this folder. For a hub on AWS,
/// --url and --operator-key-secret are the outputs ApiUrl and OperatorKeySecret of its stack.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Exit status: 0 the email has left; 1 a step failed; 2 the arguments are wrong; 3 something is \
                        yours to do first."
)]
pub struct SetUp {
    /// Where the hub answers [default: the hub of the data folder]
    #[arg(long, value_parser = public_url)]
    pub(crate) url: Option<Url>,

    /// The secret with the operator key. It is read, and SES is asked, with your AWS credentials
    #[arg(long, value_name = "ARN", requires = "url", value_parser = SecretArn::from_str)]
    pub(crate) operator_key_secret: Option<SecretArn>,

    /// The operator key itself, for a hub whose mail does not leave by your SES
    #[arg(long, value_name = "KEY", env = "HUB_OPERATOR_KEY", hide_env_values = true, value_parser = key)]
    pub(crate) operator_key: Option<SecretString>,

    /// The customer's organization
    #[arg(long, value_name = "NAME", value_parser = organization)]
    pub(crate) organization: Line<200>,

    /// The name of its domain in the hub: lower-case letters, digits and hyphens
    #[arg(long, value_name = "DOMAIN_NAME", value_parser = DomainName::from_str)]
    pub(crate) domain: DomainName,

    /// Who its emails are from, such as "Acme <hello@acme.example>"
    #[arg(long, value_name = "SENDER", value_parser = Mailbox::from_str)]
    pub(crate) email_from: Mailbox,

    /// Whom the first email goes to
    #[arg(long, value_name = "ADDRESS", value_parser = EmailAddress::from_str)]
    pub(crate) send_to: EmailAddress,

    /// Credits that a new account begins with
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(i64).range(1..=MOST_CREDITS))]
    pub(crate) credits: i64,

    /// In the SES sandbox: have SES send the recipient the mail by which an address is verified
    #[arg(long)]
    pub(crate) verify_recipient: bool,

    /// The data folder: here are the credentials of a local hub, and here is kept what was made
    #[arg(long, value_name = "FOLDER", env = "HUB_DATA_DIR", hide_env_values = true, default_value = ".hub")]
    pub(crate) data_dir: PathBuf,
}

/// The ARN of a secret, which says in what region the hub is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SecretArn {
    text: String,
    region: String,
}

/// A text that is no such ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be the ARN of a secret: the output OperatorKeySecret of the stack.")]
pub(crate) struct SecretArnError;

impl SecretArn {
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn region(&self) -> &str {
        &self.region
    }
}

impl FromStr for SecretArn {
    type Err = SecretArnError;

    fn from_str(text: &str) -> Result<Self, SecretArnError> {
        let parts: Vec<_> = text.split(':').collect();
        match parts[..] {
            ["arn", _, "secretsmanager", region, _, "secret", name] if !region.is_empty() && !name.is_empty() => {
                Ok(Self { text: text.to_owned(), region: region.to_owned() })
            }
            _ => Err(SecretArnError),
        }
    }
}

fn key(text: &str) -> Result<SecretString, &'static str> {
    let visible = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if visible { Ok(SecretString::from(text)) } else { Err("must be visible ASCII characters.") }
}

fn organization(text: &str) -> Result<Line<200>, String> {
    let line = Line::parse(text).map_err(|error| error.to_string())?;
    line.ok_or_else(|| "must not be blank.".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    #[command(name = "engagement-hub set-up")]
    struct Program {
        #[command(flatten)]
        set_up: SetUp,
    }

    const CUSTOMER: [&str; 8] = [
        "--organization=Acme",
        "--domain=acme",
        "--email-from=Acme <hello@acme.example>",
        "--send-to=you@example.com",
        "--operator-key=k",
        "--data-dir=.hub",
        "--verify-recipient",
        "--credits=5",
    ];

    fn read(more: &[&str]) -> Result<SetUp, String> {
        let arguments = ["set-up"].iter().chain(&CUSTOMER).chain(more);
        Program::try_parse_from(arguments).map(|program| program.set_up).map_err(|error| error.to_string())
    }

    #[test]
    fn the_help_says_what_it_does_and_what_it_is_told() {
        let help = Program::try_parse_from(["set-up", "--help"]).unwrap_err().to_string();
        insta::assert_snapshot!(help);
    }

    #[test]
    fn an_arn_says_where_the_hub_is() {
        let arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:hub-operator-key-AbCdEf";
        let read = read(&["--url=https://hub.example.com", "--operator-key-secret", arn]).unwrap();
        let secret = read.operator_key_secret.unwrap();
        assert_eq!((secret.as_str(), secret.region()), (arn, "eu-west-1"));
    }

    #[test]
    fn what_cannot_be_right_is_refused_before_anything_is_called() {
        let arn = "--operator-key-secret=arn:aws:secretsmanager:eu-west-1:1:secret:key";
        for (wrong, said) in [
            (vec!["--url=hub.example.com"], "must be an http or https address"),
            (vec!["--url=https://h.example", "--operator-key-secret=hub"], "must be the ARN of a secret"),
            (vec![arn], "--url <URL>"),
        ] {
            let told = read(&wrong).unwrap_err();
            assert!(told.contains(said), "{wrong:?}: {told}");
        }
    }

    #[test]
    fn a_key_is_not_printed() {
        assert!(!format!("{:?}", read(&["--data-dir=x"])).contains("\"k\""));
    }
}
