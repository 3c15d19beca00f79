//! Which function is at work.

tokio::task_local! {
    static FUNCTION: &'static str;
}

/// Does `work` as the function of this name: what it asks of AWS is recorded as that function's.
///
/// A task that `work` spawns is nobody's, as nothing may go on in a function's environment that has answered.
pub(crate) async fn as_function<T>(name: &'static str, work: impl Future<Output = T>) -> T {
    FUNCTION.scope(name, work).await
}

/// The function that the current task is at work as.
pub(super) fn at_work() -> Option<&'static str> {
    FUNCTION.try_with(|name| *name).ok()
}
