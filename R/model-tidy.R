# The parameters of a model as a table.

#' @rdname tidy.moe
#' @export
tidy.moe_model <- function(x, component = "all", ...) {
  check_dots(..., help = "?tidy.moe_model")
  table <- parameter_table(x)
  tidy_table(table[component_rows(table, component), tidy_columns(x)])
}

# Returns the columns of parameter_table() that tidy() shows.
tidy_columns <- function(x) {
  several <- length(x$problem$units$response$names) > 1L
  c("component", "expert", if (several) "response", "term", "estimate")
}
