use aws_smithy_runtime_api::client::result::SdkError;

use super::Local;

#[tokio::test]
async fn a_host_that_is_not_embedded_is_never_called() {
    let local = Local::start();
    let config = aws_sdk_dynamodb::config::Builder::from(&local.aws.sdk_config())
        .endpoint_url("https://dynamodb.example.com")
        .build();
    let error = aws_sdk_dynamodb::Client::from_conf(config).list_tables().send().await.unwrap_err();
    let SdkError::DispatchFailure(failure) = error else { panic!("{error:?}") };
    assert!(failure.is_user(), "{failure:?}");
}

#[tokio::test]
async fn an_operation_that_is_not_embedded_says_so() {
    let local = Local::start();
    let error = local.ses.list_email_identities().send().await.unwrap_err();
    assert_eq!(error.raw_response().map(|response| response.status().as_u16()), Some(400));
    let error = local.dynamodb.list_backups().send().await.unwrap_err().into_service_error();
    assert!(error.to_string().contains("unhandled") || error.meta().message().is_some(), "{error:?}");
}
