//! Binding the many parameters of the hot statements by their place.
//!
//! Looking a name up costs more than binding its value, so the values come in the order in which
//! their names first appear in the statement. Never: an order that a test build has not compared.

use rusqlite::{CachedStatement, ToSql};

/// Binds `parameters`, which stand in the order of their first appearance in `statement`.
pub(super) fn bind(
    statement: &mut CachedStatement<'_>,
    parameters: &[(&str, &dyn ToSql)],
) -> rusqlite::Result<()> {
    debug_assert_eq!(statement.parameter_count(), parameters.len());
    for (place, (name, value)) in (1..).zip(parameters) {
        debug_assert_eq!(statement.parameter_name(place), Some(*name));
        statement.raw_bind_parameter(place, value)?;
    }
    Ok(())
}
