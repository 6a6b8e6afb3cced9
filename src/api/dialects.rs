//! All REST dialects in one table. To add one is to add a row.

use axum::{Router, response::Response};
use utoipa::{OpenApi as _, openapi::OpenApi};

use super::{
    logto::{self, LogtoApi},
    mindbricks::{self, MindbricksApi},
    nextgate::{self, openapi::NextgateApi},
    oidc::{self, openapi::OidcApi},
};
use crate::{
    domain::{dialect::Dialect, error::Error},
    service::Accounts,
};

/// How a dialect is served, and what describes it.
pub struct DialectApi {
    /// Which one.
    pub dialect: Dialect,
    /// Its routers.
    pub mounts: &'static [Mount],
    /// Its OpenAPI document.
    pub document: fn() -> OpenApi,
}

/// Routes below one path, with one envelope for errors.
pub struct Mount {
    /// The path.
    pub prefix: &'static str,
    /// The routes.
    pub router: fn(Accounts) -> Router,
    /// The response to a request that its routes never see, or leave unanswered. The last argument is the request id.
    pub refuse: fn(&Accounts, Error, &str) -> Response,
    /// Whether the routes say themselves which scripts may call them; else those of the configured origins may.
    pub has_own_cors: bool,
}

/// The table.
pub const DIALECTS: [DialectApi; Dialect::ALL.len()] = [
    DialectApi {
        dialect: Dialect::Mindbricks,
        mounts: &[Mount {
            prefix: Dialect::Mindbricks.prefix(),
            router: mindbricks::router,
            refuse: |accounts, error, id| mindbricks::refuse(error, accounts.now(), id),
            has_own_cors: false,
        }],
        document: MindbricksApi::openapi,
    },
    DialectApi {
        dialect: Dialect::NextGate,
        mounts: &[Mount {
            prefix: Dialect::NextGate.prefix(),
            router: nextgate::router,
            refuse: |accounts, error, id| nextgate::refuse(error, accounts.now(), id),
            has_own_cors: false,
        }],
        document: NextgateApi::openapi,
    },
    DialectApi {
        dialect: Dialect::Logto,
        mounts: &[
            Mount {
                prefix: Dialect::Logto.prefix(),
                router: logto::router,
                refuse: |_, error, id| logto::refuse(error, id),
                has_own_cors: false,
            },
            Mount {
                prefix: "/oidc",
                router: oidc::router,
                refuse: |_, error, id| oidc::refuse(error, id),
                has_own_cors: true,
            },
        ],
        // Logto is a provider, too: its clients, and those of apps, get their tokens there.
        document: || LogtoApi::openapi().merge_from(OidcApi::openapi()),
    },
];
