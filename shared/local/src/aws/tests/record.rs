//! What functions use is recorded in the terms of IAM.

use aws_sdk_dynamodb::types::{ConditionCheck, KeysAndAttributes, Put, TransactWriteItem};
use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{Destination, EmailContent, RawMessage};
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;

use super::*;

/// Services that record into the folder beside them.
fn recording() -> (TempDir, Local) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { record: Some(folder.path().to_owned()), ..Options::default() };
    (folder, Local::start_with(options))
}

/// Whatever is answered: it is recorded what was asked.
fn asked<T>(_: T) {}

async fn recorded(work: impl AsyncFnOnce(&Local)) -> Vec<String> {
    let (folder, local) = recording();
    as_function("tested", work(&local)).await;
    let uses = recorded_uses(folder.path()).unwrap().into_iter();
    uses.map(|one| {
        assert_eq!(one.function, "tested");
        format!("{} {} {}", one.action, one.resource, one.leading_keys.unwrap_or_default()).trim_end().to_owned()
    })
    .collect()
}

fn key(pk: &str) -> HashMap<String, AttributeValue> {
    item(&[("pk", pk), ("sk", "X")])
}

#[tokio::test]
async fn a_request_to_a_table_is_recorded_with_the_kind_of_its_key() {
    let uses = recorded(async |local| {
        for pk in ["DOMAIN#acme", "DOMAIN#other", "SENDING"] {
            asked(local.dynamodb.get_item().table_name(ACCOUNTS).set_key(Some(key(pk))).send().await);
        }
        asked(local.dynamodb.put_item().table_name(ENGAGEMENTS).set_item(Some(key("ENG#1"))).send().await);
        let keys = KeysAndAttributes::builder().keys(key("ENG#1")).keys(key("AGENT#1")).build().unwrap();
        asked(local.dynamodb.batch_get_item().request_items(ENGAGEMENTS, keys).send().await);
    })
    .await;
    let expected = [
        "dynamodb:BatchGetItem table/engagements AGENT#*",
        "dynamodb:BatchGetItem table/engagements ENG#*",
        "dynamodb:GetItem table/accounts DOMAIN#*",
        "dynamodb:GetItem table/accounts SENDING",
        "dynamodb:PutItem table/engagements ENG#*",
    ];
    assert_eq!(uses, expected);
}

#[tokio::test]
async fn a_query_of_an_index_is_one_of_the_index() {
    let uses = recorded(async |local| {
        let of_table = local.dynamodb.query().table_name(ACCOUNTS).key_condition_expression("pk = :pk AND sk > :sk");
        let of_table = of_table.expression_attribute_values(":sk", value_of("A"));
        asked(of_table.expression_attribute_values(":pk", value_of("DNC#acme#0")).send().await);
        let of_index = local.dynamodb.query().table_name(ENGAGEMENTS).index_name("due");
        let of_index = of_index.key_condition_expression("due_shard = :shard");
        asked(of_index.expression_attribute_values(":shard", value_of("a")).send().await);
    })
    .await;
    assert_eq!(uses, ["dynamodb:Query table/accounts DNC#*", "dynamodb:Query table/engagements/index/due"]);
}

#[tokio::test]
async fn a_transaction_is_recorded_as_what_its_items_are() {
    let uses = recorded(async |local| {
        let put = Put::builder().table_name(ENGAGEMENTS).set_item(Some(key("ENG#1"))).build().unwrap();
        let check = ConditionCheck::builder().table_name(ACCOUNTS).set_key(Some(key("ACCOUNT#1")));
        let check = check.condition_expression("attribute_exists(pk)").build().unwrap();
        let transaction = local.dynamodb.transact_write_items();
        let transaction = transaction.transact_items(TransactWriteItem::builder().put(put).build());
        asked(transaction.transact_items(TransactWriteItem::builder().condition_check(check).build()).send().await);
    })
    .await;
    let expected = ["dynamodb:ConditionCheckItem table/accounts ACCOUNT#*", "dynamodb:PutItem table/engagements ENG#*"];
    assert_eq!(uses, expected);
}

#[tokio::test]
async fn queues_mail_and_secrets_are_recorded_by_their_names() {
    let uses = recorded(async |local| {
        let entry = SendMessageBatchRequestEntry::builder().id("1").message_body("{}").build().unwrap();
        let batch = local.sqs.send_message_batch().queue_url(local.aws.queue_url("send-email"));
        asked(batch.entries(entry).send().await);
        let raw = RawMessage::builder().data(Blob::new("Subject: Hi\r\n\r\nHi")).build().unwrap();
        let email = local.ses.send_email().from_email_address("a@example.com").configuration_set_name("local");
        let email = email.destination(Destination::builder().to_addresses("b@example.com").build());
        asked(email.content(EmailContent::builder().raw(raw).build()).send().await);
        asked(local.ses.get_account().send().await);
        asked(local.secrets.get_secret_value().secret_id("hub/link-key").send().await);
    })
    .await;
    let expected = [
        "secretsmanager:GetSecretValue secret/hub/link-key",
        "ses:GetAccount *",
        "ses:SendEmail configuration-set/local",
        "ses:SendEmail identity",
        "ses:SendRawEmail configuration-set/local",
        "ses:SendRawEmail identity",
        "sqs:SendMessage queue/send-email",
    ];
    assert_eq!(uses, expected);
}

#[tokio::test]
async fn what_no_function_asks_is_not_recorded() {
    let (folder, local) = recording();
    asked(local.dynamodb.get_item().table_name(ACCOUNTS).set_key(Some(key("KEY#1"))).send().await);
    assert!(recorded_uses(folder.path()).unwrap().is_empty());
}
