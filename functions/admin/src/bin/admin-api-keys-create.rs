//! The Lambda function `admin-api-keys-create`.

fn main() -> Result<(), hub_runtime::Error> {
    hub_runtime::run_http(hub_admin::api_keys_create::endpoint())
}
