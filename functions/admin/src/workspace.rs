//! A CRM's workspace as the operator makes and sees it: never what its tokens are verified with (checklist J1).

use hub_auth::check_key;
use hub_models::domain::DomainName;
use hub_models::fault::Faults;
use hub_models::moment::Moment;
use hub_models::workspace::{Audience, PublicKeyPem, TokenAlgorithm, TokenKey, WorkspaceId, WorkspaceSummary};
use hub_web::{Fields, Given};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A workspace to be made.
#[derive(Deserialize, ToSchema)]
pub(crate) struct NewWorkspace {
    /// What the CRM calls it, as the claim `workspaceId` of its tokens says it.
    #[serde(default)]
    #[schema(value_type = String, required = true, example = "20202020-1c25-4d02-bf25-6aeccf7ea419")]
    workspace_id: Given<String>,
    /// The domain of the account for which its users engage.
    #[serde(default)]
    #[schema(value_type = String, required = true, example = "acme")]
    domain_name: Given<String>,
    /// How its tokens are verified: `alg` is `HS256` with a `secret` of 32 bytes or more, or `RS256` or `ES256` with a
    /// `public_key` in PEM. With `audience`, a token's `aud` must have it; without, a token must have no `aud`.
    #[serde(default)]
    #[schema(value_type = Object, required = true, example = json!({"alg": "HS256", "secret": "the secret that the CRM signs tokens with"}))]
    jwt: Given<Map<String, Value>>,
}

/// What `jwt` says.
#[derive(Default, Deserialize)]
#[serde(default)]
struct NewTokenKey {
    alg: Given<String>,
    secret: Given<String>,
    public_key: Given<String>,
    audience: Given<String>,
}

/// A workspace that was read and found good.
pub(crate) struct ReadWorkspace {
    pub(crate) workspace_id: WorkspaceId,
    pub(crate) domain_name: DomainName,
    pub(crate) jwt: TokenKey,
    pub(crate) audience: Option<Audience>,
}

impl NewWorkspace {
    pub(crate) fn read(self) -> Result<ReadWorkspace, Faults> {
        let mut fields = Fields::default();
        let id = fields.required("workspace_id", self.workspace_id, str::parse);
        let domain_name = fields.required("domain_name", self.domain_name, str::parse);
        let (jwt, audience) = read_jwt(&mut fields, self.jwt);
        let whole = id.zip(domain_name).zip(jwt);
        fields.finish(whole.map(|((workspace_id, domain_name), jwt)| ReadWorkspace {
            workspace_id,
            domain_name,
            jwt,
            audience,
        }))
    }
}

fn read_jwt(fields: &mut Fields, given: Given<Map<String, Value>>) -> (Option<TokenKey>, Option<Audience>) {
    if !given.is_given() {
        fields.missing("jwt");
    }
    let Some(object) = fields.value("jwt", given) else { return (None, None) };
    // Every field takes any value, so an object can always be read.
    let jwt: NewTokenKey = serde_json::from_value(Value::Object(object)).unwrap_or_default();
    let audience = fields.line("jwt.audience", jwt.audience);
    let alg = fields.required("jwt.alg", jwt.alg, str::parse);
    (alg.and_then(|alg| read_key(fields, alg, jwt.secret, jwt.public_key)), audience)
}

/// The key of this algorithm. One of another kind beside it is a mistake that its sender should know of.
fn read_key(
    fields: &mut Fields,
    alg: TokenAlgorithm,
    secret: Given<String>,
    public_key: Given<String>,
) -> Option<TokenKey> {
    let (needless, given) = match alg {
        TokenAlgorithm::Hs256 => ("jwt.public_key", public_key.is_given()),
        TokenAlgorithm::Rs256 | TokenAlgorithm::Es256 => ("jwt.secret", secret.is_given()),
    };
    if given {
        fields.fault(needless, format!("is not used with {alg}; leave it out."));
    }
    match alg {
        TokenAlgorithm::Hs256 => {
            fields.required("jwt.secret", secret, str::parse).map(|secret| TokenKey::Hs256 { secret })
        }
        TokenAlgorithm::Rs256 => read_public_key(fields, public_key, |public_key| TokenKey::Rs256 { public_key }),
        TokenAlgorithm::Es256 => read_public_key(fields, public_key, |public_key| TokenKey::Es256 { public_key }),
    }
}

fn read_public_key(
    fields: &mut Fields,
    given: Given<String>,
    key: impl FnOnce(PublicKeyPem) -> TokenKey,
) -> Option<TokenKey> {
    fields.required("jwt.public_key", given, |pem| {
        let key = key(pem.parse()?);
        check_key(&key).map(|()| key)
    })
}

/// A workspace.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShownWorkspace {
    #[schema(value_type = String, example = "20202020-1c25-4d02-bf25-6aeccf7ea419")]
    workspace_id: WorkspaceId,
    #[schema(value_type = String, example = "acme")]
    domain_name: DomainName,
    /// How its tokens are verified, without what they are verified with.
    jwt: ShownTokenKey,
    #[schema(value_type = String)]
    created_at: Moment,
}

/// How tokens are verified.
#[derive(Serialize, ToSchema)]
struct ShownTokenKey {
    #[schema(value_type = String, example = "HS256")]
    alg: TokenAlgorithm,
    /// Whom a token must be for; null where it must name nobody.
    #[schema(value_type = Option<String>)]
    audience: Option<Audience>,
}

impl From<WorkspaceSummary> for ShownWorkspace {
    fn from(workspace: WorkspaceSummary) -> Self {
        Self {
            workspace_id: workspace.workspace_id,
            domain_name: workspace.domain_name,
            jwt: ShownTokenKey { alg: workspace.alg, audience: workspace.audience },
            created_at: workspace.created_at,
        }
    }
}
