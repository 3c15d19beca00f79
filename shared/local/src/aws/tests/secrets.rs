use super::Local;

const NAME: &str = "hub/twilio";

#[tokio::test]
async fn a_secret_can_be_made_read_changed_and_deleted() {
    let local = Local::start();
    local.secrets.create_secret().name(NAME).secret_string("one").send().await.unwrap();
    let read = || local.secrets.get_secret_value().secret_id(NAME).send();
    let first = read().await.unwrap();
    assert_eq!(first.secret_string(), Some("one"));

    local.secrets.put_secret_value().secret_id(NAME).secret_string("two").send().await.unwrap();
    let second = read().await.unwrap();
    assert_eq!(second.secret_string(), Some("two"));
    assert_ne!(first.version_id(), second.version_id());
    let described = local.secrets.describe_secret().secret_id(first.arn().unwrap()).send().await.unwrap();
    assert_eq!(described.name(), Some(NAME));

    local.secrets.delete_secret().secret_id(NAME).force_delete_without_recovery(true).send().await.unwrap();
    let gone = read().await.unwrap_err().into_service_error();
    assert!(gone.is_resource_not_found_exception(), "{gone:?}");
}

#[tokio::test]
async fn a_secret_cannot_be_made_twice() {
    let local = Local::start();
    let make = || local.secrets.create_secret().name(NAME).secret_string("one").send();
    make().await.unwrap();
    let refused = make().await.unwrap_err().into_service_error();
    assert!(refused.is_resource_exists_exception(), "{refused:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;

    let local = Local::start();
    local.secrets.create_secret().name(NAME).secret_string("one").send().await.unwrap();
    let path = local.dir.path().join("secrets.json");
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn secrets_are_there_after_a_restart() {
    let local = Local::start();
    local.secrets.create_secret().name(NAME).secret_string("one").send().await.unwrap();
    let local = local.restart();
    let read = local.secrets.get_secret_value().secret_id(NAME).send().await.unwrap();
    assert_eq!(read.secret_string(), Some("one"));
}
