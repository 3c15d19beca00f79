use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Put, PutRequest, TransactWriteItem, WriteRequest};
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;

use super::ses::send;
use super::{ACCOUNTS, Kind, Local, Rule, Service, item};

const QUEUE: &str = "place-call";

impl Local {
    async fn put(&self, pk: &str) -> Result<(), SdkError<aws_sdk_dynamodb::operation::put_item::PutItemError>> {
        let put = self.dynamodb.put_item().table_name(ACCOUNTS).set_item(Some(item(&[("pk", pk), ("sk", "A")])));
        put.send().await.map(|_| ())
    }

    async fn items(&self) -> i32 {
        self.dynamodb.scan().table_name(ACCOUNTS).send().await.unwrap().count()
    }

    async fn call_out(
        &self,
        body: &str,
    ) -> Result<(), SdkError<aws_sdk_sqs::operation::send_message::SendMessageError>> {
        let url = self.aws.queue_url(QUEUE);
        self.sqs.send_message().queue_url(url).message_body(body).send().await.map(|_| ())
    }

    fn waiting(&self) -> u64 {
        self.aws.counts(QUEUE).unwrap().total()
    }
}

#[tokio::test]
async fn a_throttled_call_is_tried_again() {
    let local = Local::start();
    let puts = local.aws.faults().inject(Rule::new(Kind::Throttle).on(Service::DynamoDb, "PutItem").times(2));
    local.put("A").await.unwrap();
    assert_eq!(puts.hits(), 2);
    assert_eq!(local.aws.meter().snapshot().calls(Service::DynamoDb, "PutItem"), 3);

    let sends = local.aws.faults().inject(Rule::new(Kind::Throttle).on(Service::Sqs, "SendMessage").times(1));
    local.call_out("x").await.unwrap();
    assert_eq!(sends.hits(), 1);
    assert_eq!(local.waiting(), 1);
}

#[tokio::test]
async fn a_call_that_is_throttled_without_end_fails_as_throttled() {
    let local = Local::start();
    local.aws.faults().inject(Rule::new(Kind::Throttle));
    let error = local.put("A").await.unwrap_err().into_service_error();
    assert!(error.is_provisioned_throughput_exceeded_exception(), "{error:?}");
    let error = local.call_out("x").await.unwrap_err().into_service_error();
    assert!(error.is_request_throttled(), "{error:?}");
    let error = send(&local, "a@acme.example", "ann@example.com", &[]).await.unwrap_err().into_service_error();
    assert!(error.is_too_many_requests_exception(), "{error:?}");
    let error = local.secrets.get_secret_value().secret_id("x").send().await.unwrap_err().into_service_error();
    assert_eq!(error.meta().code(), Some("ThrottlingException"));
    local.aws.faults().clear();
    local.put("A").await.unwrap();
}

#[tokio::test]
async fn a_server_error_is_tried_again() {
    let local = Local::start();
    let struck = local.aws.faults().inject(Rule::new(Kind::ServerError).service(Service::Sqs).times(2));
    local.call_out("x").await.unwrap();
    assert_eq!((struck.hits(), local.waiting()), (2, 1));
}

#[tokio::test]
async fn a_transaction_can_conflict_with_another() {
    let local = Local::start();
    local.aws.faults().inject(Rule::new(Kind::TransactionConflict));
    let write = |pk: &str| {
        let put = Put::builder().table_name(ACCOUNTS).set_item(Some(item(&[("pk", pk), ("sk", "A")])));
        TransactWriteItem::builder().put(put.build().unwrap()).build()
    };
    let transaction = local.dynamodb.transact_write_items().transact_items(write("A")).transact_items(write("B"));
    let error = transaction.send().await.unwrap_err().into_service_error();
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else { panic!("{error:?}") };
    let codes: Vec<_> = cancelled.cancellation_reasons().iter().map(|reason| reason.code().unwrap()).collect();
    assert_eq!(codes, ["TransactionConflict", "None"]);
    let error = local.put("A").await.unwrap_err().into_service_error();
    assert!(error.is_transaction_conflict_exception(), "{error:?}");
    local.aws.faults().clear();
    assert_eq!(local.items().await, 0);
}

#[tokio::test]
async fn a_call_that_times_out_before_its_effect_has_none() {
    let local = Local::start();
    local.aws.faults().inject(Rule::new(Kind::TimeoutBeforeEffect).on(Service::Sqs, "SendMessage"));
    let error = local.call_out("x").await.unwrap_err();
    assert!(matches!(error, SdkError::DispatchFailure(failure) if failure.is_timeout()));
    assert_eq!(local.waiting(), 0);
}

#[tokio::test]
async fn a_call_whose_answer_is_lost_has_its_effect_and_is_tried_again() {
    let local = Local::start();
    local.aws.faults().inject(Rule::new(Kind::TimeoutAfterEffect).on(Service::Sqs, "SendMessage").times(1));
    local.call_out("x").await.unwrap();
    assert_eq!(local.waiting(), 2);
}

#[tokio::test]
async fn nothing_happens_any_more_once_the_process_has_died() {
    let local = Local::start();
    local.aws.faults().inject(Rule::new(Kind::Crash).on(Service::Sqs, "SendMessage"));
    let work = async {
        local.put("A").await.unwrap();
        local.call_out("x").await.unwrap();
    };
    tokio::select! {
        () = work => panic!("a dead process went on"),
        () = local.aws.faults().crashed() => {}
    }
    let local = local.restart();
    assert_eq!((local.items().await, local.waiting()), (1, 0));
}

#[tokio::test]
async fn what_was_done_before_the_process_died_stays_done() {
    let local = Local::start();
    local.aws.faults().inject(Rule::new(Kind::CrashAfterEffect).on(Service::Sqs, "SendMessage"));
    let work = async {
        local.call_out("x").await.unwrap();
        local.put("A").await.unwrap();
    };
    tokio::select! {
        () = work => panic!("a dead process went on"),
        () = local.aws.faults().crashed() => {}
    }
    assert!(local.aws.faults().has_crashed());
    local.aws.faults().clear();
    assert_eq!((local.items().await, local.waiting()), (0, 1));
}

#[tokio::test]
async fn a_rule_can_pick_its_calls_by_their_body_and_let_some_pass() {
    let local = Local::start();
    let picky = Rule::new(Kind::TimeoutBeforeEffect)
        .on(Service::DynamoDb, "PutItem")
        .when(|body| body["Item"]["pk"]["S"] == "BAD")
        .skip(1)
        .times(3);
    let struck = local.aws.faults().inject(picky);
    local.put("GOOD").await.unwrap();
    local.put("BAD").await.unwrap();
    local.put("BAD").await.unwrap_err();
    local.put("BAD").await.unwrap();
    assert_eq!(struck.hits(), 3);
}

#[tokio::test]
async fn a_batch_can_be_done_in_part() {
    let local = Local::start();
    local.aws.faults().inject(Rule::new(Kind::PartialBatch));
    let entry = |id: &str| SendMessageBatchRequestEntry::builder().id(id).message_body(id).build().unwrap();
    let batch = local.sqs.send_message_batch().queue_url(local.aws.queue_url(QUEUE));
    let sent = batch.entries(entry("a")).entries(entry("b")).send().await.unwrap();
    assert_eq!((sent.successful()[0].id(), sent.failed()[0].id()), ("a", "b"));
    assert_eq!(local.waiting(), 1);

    let write = |pk: &str| {
        let put = PutRequest::builder().set_item(Some(item(&[("pk", pk), ("sk", "A")]))).build().unwrap();
        WriteRequest::builder().put_request(put).build()
    };
    let batch = local.dynamodb.batch_write_item().request_items(ACCOUNTS, vec![write("A"), write("B")]);
    let written = batch.send().await.unwrap();
    assert_eq!(written.unprocessed_items().unwrap()[ACCOUNTS].len(), 1);
    assert_eq!(local.items().await, 1);
}
