//! Whole pages. Each takes a [`PageContext`](super::page_context::PageContext), data of its own and what a form left behind.

mod activity;
mod code;
mod docs;
mod login;
mod oidc;
mod outage;
pub mod people;
pub mod profile;
mod recovery;
mod register;
mod second_step;
pub mod security;
mod step_up;
mod undo;

pub use self::{
    activity::{Activity, ActivityPage, ActivityPageProps},
    code::CodeStep,
    docs::{Docs, DocsPage, DocsPageProps},
    login::{Login, LoginPage, LoginPageProps, Restore, RestorePage, RestorePageProps},
    oidc::{
        AppQuestion, ConsentPage, ConsentPageProps, ContinueAsPage, ContinueAsPageProps, ContinuePage,
        ContinuePageProps, RequestErrorPage, RequestErrorPageProps, SignOutPage, SignOutPageProps, SignedOutPage,
        SignedOutPageProps, destination, gives,
    },
    outage::{Outage, OutageKind, OutagePage, OutagePageProps},
    people::{
        Entry, PeopleList, PeoplePage, PeoplePageProps, PublicProfile, PublicProfilePage, PublicProfilePageProps,
        ShownList, ShownListPage, ShownListPageProps, Tab,
    },
    profile::{Profile, ProfilePage, ProfilePageProps, TimeZoneList, TimeZonePage, TimeZonePageProps},
    recovery::{Forgot, ForgotPage, ForgotPageProps, Reset, ResetPage, ResetPageProps},
    register::{
        ConfirmRegistration, ConfirmRegistrationPage, ConfirmRegistrationPageProps, Register, RegisterPage,
        RegisterPageProps,
    },
    second_step::{SecondStep, SecondStepPage, SecondStepPageProps, method_name, method_named},
    step_up::{PASSWORD as STEP_UP_PASSWORD, StepUp, StepUpPage, StepUpPageProps},
    undo::{Undo, UndoPage, UndoPageProps},
};
