# Classed conditions, which say what is wrong, where, and what to do.

abort <- function(kind, ..., data = list()) {
  classes <- c(paste0("gatemix_error_", kind), "gatemix_error", "error",
               "condition")
  stop(structure(c(list(message = paste0(...), call = NULL), data),
                 class = classes))
}

abort_input <- function(...) abort("input", ...)

warn <- function(kind, ..., data = list()) {
  classes <- c(paste0("gatemix_warning_", kind), "gatemix_warning", "warning",
               "condition")
  warning(structure(c(list(message = paste0(...), call = NULL), data),
                    class = classes))
}

# Errors that the engine raises become gatemix_error_numeric.
with_engine <- function(expr) {
  tryCatch(expr, `C++Error` = function(e) {
    abort("numeric", "The likelihood could not be evaluated: ",
          conditionMessage(e), ". Check the data for extreme values, or try ",
          "fewer experts or another `start`.")
  })
}
