use super::*;
use crate::ports::rng::FakeRng;

const OLD: Cost = Cost { memory_kib: 8, iterations: 1, parallelism: 1 };
const NEW: Cost = Cost { memory_kib: 16, iterations: 2, parallelism: 1 };

fn hasher(cost: Cost, pepper: Option<&str>, previous: Option<&str>) -> Hasher {
    let bytes = |pepper: Option<&str>| pepper.map(|pepper| pepper.as_bytes().to_vec());
    Hasher::with_previous_pepper(cost, bytes(pepper), bytes(previous), Arc::new(FakeRng::seeded(1))).unwrap()
}

async fn verify(hasher: &Hasher, password: &str, hash: &str) -> Verdict {
    hasher.permit().unwrap().verify(&Password::new(password), Some(hash)).await.unwrap()
}

/// What it costs to be wrong about a hash.
async fn price(hasher: &Hasher, hash: Option<&str>) -> u64 {
    let before = hasher.work_done();
    let verdict = hasher.permit().unwrap().verify(&Password::new("wrong"), hash).await.unwrap();
    assert_eq!(verdict, Verdict::Wrong);
    hasher.work_done() - before
}

#[tokio::test]
async fn a_wrong_password_costs_the_same_after_the_cost_was_raised() {
    let password = Password::new("right");
    let old = hasher(OLD, None, None).hash(&password).await.unwrap();
    let raised = hasher(NEW, None, None);
    let new = raised.hash(&password).await.unwrap();
    for hash in [None, Some(&*old), Some(&*new), None] {
        assert_eq!(price(&raised, hash).await, 32, "{hash:?}");
    }
    assert_eq!(verify(&raised, "right", &old).await, Verdict::RightButOutdated);
    assert_eq!(verify(&raised, "right", &new).await, Verdict::Right);
}

#[tokio::test]
async fn it_costs_as_much_as_the_costliest_hash_that_was_met() {
    let new = hasher(NEW, None, None).hash(&Password::new("right")).await.unwrap();
    let lowered = hasher(OLD, None, None);
    let old = lowered.hash(&Password::new("right")).await.unwrap();
    assert_eq!(price(&lowered, None).await, 8);
    for hash in [Some(&*new), Some(&*old), None] {
        assert_eq!(price(&lowered, hash).await, 32, "{hash:?}");
    }
    assert_eq!(verify(&lowered, "right", &new).await, Verdict::Right, "a stronger one is kept");
}

#[tokio::test]
async fn a_pepper_may_come_later() {
    let plain = hasher(OLD, None, None).hash(&Password::new("right")).await.unwrap();
    let peppered = hasher(OLD, Some("salt"), None);
    assert_eq!(verify(&peppered, "right", &plain).await, Verdict::RightButOutdated);
    assert_eq!(verify(&peppered, "wrong", &plain).await, Verdict::Wrong);
    let anew = peppered.hash(&Password::new("right")).await.unwrap();
    assert!(anew.contains(",keyid="), "{anew}");
    assert_eq!(verify(&peppered, "right", &anew).await, Verdict::Right);
    let costs =
        [price(&peppered, Some(&plain)).await, price(&peppered, Some(&anew)).await, price(&peppered, None).await];
    assert_eq!(costs, [16; 3], "which of them an account has is not to be seen");
}

#[tokio::test]
async fn the_first_wrong_password_after_a_start_costs_what_others_do() {
    let plain = hasher(OLD, None, None).hash(&Password::new("right")).await.unwrap();
    for (pepper, previous, cost) in [(None, None, 8), (Some("cumin"), None, 16), (Some("cumin"), Some("salt"), 24)] {
        let started = || hasher(OLD, pepper, previous);
        assert_eq!(price(&started(), None).await, cost, "of nobody");
        assert_eq!(price(&started(), Some(&plain)).await, cost, "of a hash that names no pepper");
        let named = started().hash(&Password::new("right")).await.unwrap();
        assert_eq!(price(&started(), Some(&named)).await, cost, "of a hash that names its own");
    }
}

#[tokio::test]
async fn a_pepper_may_follow_another() {
    let old = hasher(OLD, Some("salt"), None).hash(&Password::new("right")).await.unwrap();
    let changed = hasher(OLD, Some("cumin"), Some("salt"));
    assert_eq!(verify(&changed, "right", &old).await, Verdict::RightButOutdated);
    assert_eq!(verify(&changed, "wrong", &old).await, Verdict::Wrong);
    let anew = changed.hash(&Password::new("right")).await.unwrap();
    assert_eq!(verify(&changed, "right", &anew).await, Verdict::Right);
    let forgotten = hasher(OLD, Some("cumin"), None);
    assert_eq!(verify(&forgotten, "right", &anew).await, Verdict::Right);
    assert_eq!(verify(&forgotten, "right", &old).await, Verdict::Wrong);
    assert_eq!(price(&forgotten, Some(&old)).await, price(&forgotten, None).await);
}

#[tokio::test]
async fn hashes_of_before_peppers_were_named_stay_good() {
    let pepper = Pepper::new(b"salt".to_vec()).unwrap();
    let params = Params::new(8, 1, 1, None).unwrap();
    let unnamed = pepper.argon2(params).unwrap().hash_password_with_salt(b"right", &[7; SALT_BYTES]).unwrap();
    let unnamed = unnamed.to_string();
    assert!(!unnamed.contains("keyid"), "{unnamed}");
    for hasher in [hasher(OLD, Some("salt"), None), hasher(OLD, Some("cumin"), Some("salt"))] {
        assert_eq!(verify(&hasher, "right", &unnamed).await, Verdict::RightButOutdated);
        assert_eq!(verify(&hasher, "wrong", &unnamed).await, Verdict::Wrong);
    }
}
