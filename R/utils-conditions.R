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

# Raises the condition of a failure in the engine; called from C++
# (src/bind_problem.h), where its type is known.
abort_engine <- function(kind, message) {
  switch(kind,
    input = abort_input("The engine refuses its input: ", message, "."),
    numeric = abort("numeric", "The likelihood could not be evaluated: ",
                    message, ". Check the data for extreme values, or try ",
                    "fewer experts or another `start`."),
    memory = abort("memory", "There is not enough memory for this model and ",
                   "these data. Try fewer terms, fewer experts or a penalty."),
    abort("internal", "This is a mistake in gatemix, not in your data: ",
          message, ". Please report it with the call that led here."))
}
