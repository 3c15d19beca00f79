use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnValue, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};

use super::{ACCOUNTS, ENGAGEMENTS, Local, item, value_of};

async fn put(local: &Local, table: &str, pairs: &[(&str, &str)]) {
    local.dynamodb.put_item().table_name(table).set_item(Some(item(pairs))).send().await.unwrap();
}

#[tokio::test]
async fn a_put_that_fails_its_condition_returns_the_item_that_is_there() {
    let local = Local::start();
    put(&local, ACCOUNTS, &[("pk", "A"), ("sk", "A"), ("balance", "7")]).await;
    let refused = local
        .dynamodb
        .put_item()
        .table_name(ACCOUNTS)
        .set_item(Some(item(&[("pk", "A"), ("sk", "A"), ("balance", "9")])))
        .condition_expression("attribute_not_exists(pk)")
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    let PutItemError::ConditionalCheckFailedException(refused) = refused else { panic!("{refused:?}") };
    assert_eq!(refused.item().unwrap()["balance"], value_of("7"));
}

#[tokio::test]
async fn an_update_that_fails_its_condition_returns_the_item_only_if_asked() {
    let local = Local::start();
    put(&local, ENGAGEMENTS, &[("pk", "E"), ("sk", "META"), ("status", "Paused")]).await;
    let update = |wanted| {
        local
            .dynamodb
            .update_item()
            .table_name(ENGAGEMENTS)
            .set_key(Some(item(&[("pk", "E"), ("sk", "META")])))
            .update_expression("SET #s = :next")
            .condition_expression("#s = :from")
            .expression_attribute_names("#s", "status")
            .expression_attribute_values(":from", value_of("Queued"))
            .expression_attribute_values(":next", value_of("Dispatching"))
            .return_values_on_condition_check_failure(wanted)
            .send()
    };
    let asked = update(ReturnValuesOnConditionCheckFailure::AllOld).await.unwrap_err().into_service_error();
    let not_asked = update(ReturnValuesOnConditionCheckFailure::None).await.unwrap_err().into_service_error();
    let status = |error: &aws_sdk_dynamodb::operation::update_item::UpdateItemError| match error {
        aws_sdk_dynamodb::operation::update_item::UpdateItemError::ConditionalCheckFailedException(refused) => {
            refused.item().map(|item| item["status"].clone())
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(status(&asked), Some(value_of("Paused")));
    assert_eq!(status(&not_asked), None);
}

#[tokio::test]
async fn a_cancelled_transaction_says_why_and_changes_nothing() {
    let local = Local::start();
    put(&local, ACCOUNTS, &[("pk", "A"), ("sk", "A"), ("balance", "1")]).await;
    let write = Put::builder().table_name(ENGAGEMENTS).set_item(Some(item(&[("pk", "E"), ("sk", "META")])));
    let check = ConditionCheck::builder()
        .table_name(ACCOUNTS)
        .set_key(Some(item(&[("pk", "A"), ("sk", "A")])))
        .condition_expression("balance >= :price")
        .expression_attribute_values(":price", value_of("2"))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    let error = local
        .dynamodb
        .transact_write_items()
        .transact_items(TransactWriteItem::builder().put(write.build().unwrap()).build())
        .transact_items(TransactWriteItem::builder().condition_check(check.build().unwrap()).build())
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else { panic!("{error:?}") };
    let reasons = cancelled.cancellation_reasons();
    let codes: Vec<_> = reasons.iter().map(|reason| reason.code().unwrap()).collect();
    assert_eq!(codes, ["None", "ConditionalCheckFailed"]);
    assert_eq!(reasons[1].item().unwrap()["balance"], value_of("1"));
    let key = item(&[("pk", "E"), ("sk", "META")]);
    let read = local.dynamodb.get_item().table_name(ENGAGEMENTS).set_key(Some(key)).send().await.unwrap();
    assert_eq!(read.item(), None);
}

#[tokio::test]
async fn a_transaction_writes_all_of_its_items() {
    let local = Local::start();
    put(&local, ENGAGEMENTS, &[("pk", "OLD"), ("sk", "META")]).await;
    let write = Put::builder().table_name(ENGAGEMENTS).set_item(Some(item(&[("pk", "NEW"), ("sk", "META")])));
    let delete = Delete::builder().table_name(ENGAGEMENTS).set_key(Some(item(&[("pk", "OLD"), ("sk", "META")])));
    local
        .dynamodb
        .transact_write_items()
        .transact_items(TransactWriteItem::builder().put(write.build().unwrap()).build())
        .transact_items(TransactWriteItem::builder().delete(delete.build().unwrap()).build())
        .send()
        .await
        .unwrap();
    let all = local.dynamodb.scan().table_name(ENGAGEMENTS).send().await.unwrap();
    let keys: Vec<_> = all.items().iter().map(|item| item["pk"].clone()).collect();
    assert_eq!(keys, [value_of("NEW")]);
}

#[tokio::test]
async fn the_due_index_holds_what_is_due_and_no_more_of_it_than_it_projects() {
    let local = Local::start();
    for (pk, due_at) in [("E1", "2030-01-01T00:00:00Z"), ("E2", "2030-01-02T00:00:00Z")] {
        let engagement = [
            ("pk", pk),
            ("sk", "META"),
            ("due_shard", "s03"),
            ("due_at", due_at),
            ("kind", "send"),
            ("contact", "+15550100"),
        ];
        put(&local, ENGAGEMENTS, &engagement).await;
    }
    put(&local, ENGAGEMENTS, &[("pk", "E3"), ("sk", "META"), ("kind", "send")]).await;
    let due = local
        .dynamodb
        .query()
        .table_name(ENGAGEMENTS)
        .index_name("due")
        .key_condition_expression("due_shard = :shard AND due_at < :now")
        .expression_attribute_values(":shard", value_of("s03"))
        .expression_attribute_values(":now", value_of("2030-01-01T12:00:00Z"))
        .send()
        .await
        .unwrap();
    let [only] = due.items() else { panic!("{:?}", due.items()) };
    assert_eq!(only["pk"], value_of("E1"));
    assert_eq!(only["kind"], value_of("send"));
    assert!(!only.contains_key("contact"));
}

#[tokio::test]
async fn each_index_can_be_queried() {
    let local = Local::start();
    let engagement = [
        ("pk", "E"),
        ("sk", "META"),
        ("due_shard", "s00"),
        ("due_at", "x"),
        ("domain_day", "acme#2030-01-01"),
        ("created_at", "x"),
        ("call_sid", "CA1"),
    ];
    put(&local, ENGAGEMENTS, &engagement).await;
    for (index, key, value) in [
        ("due", "due_shard", "s00"),
        ("by_domain", "domain_day", "acme#2030-01-01"),
        ("by_call_sid", "call_sid", "CA1"),
    ] {
        let query = local
            .dynamodb
            .query()
            .table_name(ENGAGEMENTS)
            .index_name(index)
            .key_condition_expression("#k = :v")
            .expression_attribute_names("#k", key)
            .expression_attribute_values(":v", value_of(value));
        assert_eq!(query.send().await.unwrap().count(), 1, "{index}");
    }
}

#[tokio::test]
async fn an_update_returns_the_new_item() {
    let local = Local::start();
    let updated = local
        .dynamodb
        .update_item()
        .table_name(ACCOUNTS)
        .set_key(Some(item(&[("pk", "A"), ("sk", "A")])))
        .update_expression("ADD balance :five SET seen = if_not_exists(seen, :five)")
        .expression_attribute_values(":five", value_of("5"))
        .return_values(ReturnValue::AllNew)
        .send()
        .await
        .unwrap();
    assert_eq!(updated.attributes().unwrap()["balance"], AttributeValue::N("5".to_owned()));
}

#[tokio::test]
async fn items_expire_by_the_hubs_clock() {
    let local = Local::start();
    let in_an_hour = (local.clock.now().as_second() + 3600).to_string();
    put(&local, ACCOUNTS, &[("pk", "SHORT"), ("sk", "S"), ("expires_at", &in_an_hour)]).await;
    put(&local, ACCOUNTS, &[("pk", "LONG"), ("sk", "L")]).await;
    assert_eq!(local.aws.sweep_expired().await.unwrap(), 0);
    local.advance(3601);
    assert_eq!(local.aws.sweep_expired().await.unwrap(), 1);
    let left = local.dynamodb.scan().table_name(ACCOUNTS).send().await.unwrap();
    assert_eq!(left.items()[0]["pk"], value_of("LONG"));
}

#[tokio::test]
async fn items_are_there_after_a_restart() {
    let local = Local::start();
    put(&local, ACCOUNTS, &[("pk", "A"), ("sk", "A"), ("balance", "7")]).await;
    let local = local.restart();
    let key = item(&[("pk", "A"), ("sk", "A")]);
    let read = local.dynamodb.get_item().table_name(ACCOUNTS).set_key(Some(key)).send().await.unwrap();
    assert_eq!(read.item().unwrap()["balance"], value_of("7"));
}
