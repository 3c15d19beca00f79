//! The DNS records by which a domain lets SES send its mail, as they are set.

use hub_channels::ses::Identity;

/// A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    kind: &'static str,
    name: String,
    value: String,
}

/// Where bounces of a domain's mail come back to: a name that nothing else is likely to have, since it is SES's alone.
pub(crate) fn mail_from_domain(host: &str) -> String {
    format!("bounces.{host}")
}

/// The records of an identity: DKIM proves that the domain is its owner's, the envelope sender's are for bounces and
/// SPF, and DMARC has receivers judge mail by both.
pub(crate) fn records(identity: &Identity, region: &str) -> Vec<Record> {
    let host = &identity.name;
    let dkim = identity.dkim.iter().flat_map(|dkim| {
        dkim.tokens.iter().map(|token| Record {
            kind: "CNAME",
            name: format!("{token}._domainkey.{host}"),
            value: format!("{token}.{}", dkim.zone),
        })
    });
    let mail_from = identity.mail_from.iter().flat_map(|domain| {
        let bounces = format!("10 feedback-smtp.{region}.amazonses.com");
        [("MX", bounces), ("TXT", "\"v=spf1 include:amazonses.com ~all\"".to_owned())].map(|(kind, value)| Record {
            kind,
            name: domain.clone(),
            value,
        })
    });
    let dmarc = Record { kind: "TXT", name: format!("_dmarc.{host}"), value: "\"v=DMARC1; p=none\"".to_owned() };
    dkim.chain(mail_from).chain([dmarc]).collect()
}

/// The records as the lines of a table: type, name, value.
pub(crate) fn table(records: &[Record]) -> Vec<String> {
    let width = records.iter().map(|record| record.name.len()).max().unwrap_or_default();
    records.iter().map(|Record { kind, name, value }| format!("{kind:<7}{name:<width$}  {value}")).collect()
}

#[cfg(test)]
mod tests {
    use hub_channels::ses::EasyDkim;

    use super::*;

    #[test]
    fn a_domain_gets_records_for_dkim_bounces_spf_and_dmarc() {
        let identity = Identity {
            name: "acme.example".into(),
            verified: false,
            dkim: Some(EasyDkim {
                tokens: vec!["one".into(), "two".into(), "three".into()],
                zone: "dkim.amazonses.com".into(),
            }),
            mail_from: Some(mail_from_domain("acme.example")),
        };
        insta::assert_snapshot!(table(&records(&identity, "eu-west-1")).join("\n"), @r#"
        CNAME  one._domainkey.acme.example    one.dkim.amazonses.com
        CNAME  two._domainkey.acme.example    two.dkim.amazonses.com
        CNAME  three._domainkey.acme.example  three.dkim.amazonses.com
        MX     bounces.acme.example           10 feedback-smtp.eu-west-1.amazonses.com
        TXT    bounces.acme.example           "v=spf1 include:amazonses.com ~all"
        TXT    _dmarc.acme.example            "v=DMARC1; p=none"
        "#);
    }
}
