//! The Lambda function `admin-api-keys-revoke`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_admin::api_keys_revoke::endpoint())
}
