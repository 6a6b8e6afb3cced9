//! The verification services, whose handlers are closures over their names: one description each.

#![expect(dead_code, reason = "these describe routes")]

use crate::api::mindbricks::schemas::{
    CodeSent, EmailCode, EmailVerified, MobileCode, MobileVerified, ResetByEmail, ResetByMobile, SecondStep,
    SecondStepCode, SecondStepPassed, ToEmail, ToMobile,
};

/// Describes `start` and `complete` of a service: what each does, takes and answers, and why it may not.
macro_rules! service {
    (
        $name:literal security($($security:tt)*)
        $start:ident $asks:ident $asked:literal refuses $unsent:literal $unsent_status:literal
        $complete:ident $takes:ident $answers:ident $completed:literal
    ) => {
        #[utoipa::path(
            post, path = concat!("/verification-services/", $name, "/start"), tag = "Mindbricks: codes",
            summary = $asked, security($($security)*), request_body = $asks,
            responses(
                (status = 200, description = "A code is on its way, if there is anybody to have it", body = CodeSent),
                (status = $unsent_status, description = $unsent),
                (status = 403, description = "`CodeSpamError`: a second code within 60 seconds", headers(
                    ("Retry-After" = u32, description = "Seconds to wait")
                )),
            ),
        )]
        pub(in crate::api::mindbricks) fn $start() {}

        #[utoipa::path(
            post, path = concat!("/verification-services/", $name, "/complete"), tag = "Mindbricks: codes",
            summary = $completed, security($($security)*), request_body = $takes,
            responses(
                (status = 200, description = "The code is right", body = $answers),
                (status = 403, description = "`StepNotFound`, `CodeMismatch`, `CodeExpired`: no such code"),
            ),
        )]
        pub(in crate::api::mindbricks) fn $complete() {}
    };
}

service! {
    "email-verification" security((), ("bearer" = []))
    start_email_verification ToEmail "Sends a code that confirms a registration or an e-mail address"
    refuses "`EmailAlreadyVerified`, told to the signed-in owner alone" 400
    complete_email_verification EmailCode EmailVerified "Confirms a registration or an e-mail address"
}

service! {
    "mobile-verification" security((), ("bearer" = []))
    start_mobile_verification ToMobile "Sends a code that confirms a registration or a mobile number"
    refuses "`MobileAlreadyVerified`, told to the signed-in owner alone" 400
    complete_mobile_verification MobileCode MobileVerified "Confirms a registration or a mobile number"
}

service! {
    "password-reset-by-email" security(())
    start_reset_by_email ToEmail "Mails a code for a forgotten password"
    refuses "`errMsg_emailisNotValid`" 400
    complete_reset_by_email ResetByEmail EmailVerified "Sets a new password, and ends all sessions"
}

service! {
    "password-reset-by-mobile" security(())
    start_reset_by_mobile ToMobile "Sends a code for a forgotten password as text message"
    refuses "`errMsg_mobileisNotValid`" 400
    complete_reset_by_mobile ResetByMobile MobileVerified "Sets a new password, and ends all sessions"
}

service! {
    "email-2factor-verification" security(())
    start_email_second_step SecondStep "Mails the code of the second step of signing in"
    refuses "`LoginRequired`: no session waits for its second step under this id" 401
    complete_email_second_step SecondStepCode SecondStepPassed "Takes the second step of signing in"
}

service! {
    "mobile-2factor-verification" security(())
    start_mobile_second_step SecondStep "Sends the code of the second step of signing in as text message"
    refuses "`LoginRequired`: no session waits for its second step under this id" 401
    complete_mobile_second_step SecondStepCode SecondStepPassed "Takes the second step of signing in"
}
