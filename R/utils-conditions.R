# Classed conditions: what is wrong, where, what to do.

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

# "a", "b" and "c" for messages
quote_all <- function(x) paste0("`", x, "`", collapse = ", ")

# Checks of scalar arguments. Each returns its argument in the right type.
check_count <- function(x, name, min = 1L, max = .Machine$integer.max) {
  ok <- is.numeric(x) && length(x) == 1L && is.finite(x) && x == round(x) &&
    x >= min && x <= max
  if (!ok) {
    abort_input("`", name, "` must be one whole number",
                if (max < .Machine$integer.max) paste(" from", min, "to", max)
                else if (min > -.Machine$integer.max)
                  paste(" of at least", min),
                "; found ", describe(x), ".")
  }
  as.integer(x)
}

check_number <- function(x, name, min = 0, max = Inf, open = FALSE) {
  ok <- is.numeric(x) && length(x) == 1L && is.finite(x) &&
    (if (open) x > min && x < max else x >= min && x <= max)
  if (!ok) {
    range <- if (is.finite(max))
      paste(if (open) "strictly between" else "between", min, "and", max)
      else paste(if (open) "greater than" else "of at least", min)
    abort_input("`", name, "` must be one number ", range, "; found ",
                describe(x), ".")
  }
  as.numeric(x)
}

check_flag <- function(x, name) {
  if (!is.logical(x) || length(x) != 1L || is.na(x)) {
    abort_input("`", name, "` must be TRUE or FALSE; found ", describe(x), ".")
  }
  x
}

check_choice <- function(x, name, choices) {
  if (identical(x, choices)) return(choices[[1L]])
  if (!is.character(x) || length(x) != 1L || is.na(x) || !x %in% choices) {
    abort_input("`", name, "` must be one of ",
                paste0('"', choices, '"', collapse = ", "), "; found ",
                describe(x), ".")
  }
  x
}

# Returns `x` if it is some of the choices, each at most once.
check_choices <- function(x, name, choices) {
  if (!is.character(x) || !length(x) || !all(x %in% choices) ||
      anyDuplicated(x)) {
    abort_input("`", name, "` must be some of ",
                paste0('"', choices, '"', collapse = ", "), "; found ",
                describe(x), ".")
  }
  x
}

# A short description of any object, for messages.
describe <- function(x) {
  if (is.null(x)) return("NULL")
  if (is.atomic(x) && length(x) == 1L) {
    return(if (is.character(x)) paste0('"', x, '"') else format(x))
  }
  paste0("an object of class ", paste0('"', class(x), '"', collapse = "/"),
         " and length ", length(x))
}
