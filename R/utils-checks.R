# Checks of arguments. Each returns its argument in the right type, or refuses
# it with an error that says what was found.

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

# Refuses arguments that a function does not have; `help` is the page that
# lists those it has.
check_dots <- function(..., help = "?moe") {
  if (...length() == 0L) return(invisible())
  names <- ...names()
  if (is.null(names)) names <- rep("", ...length())
  names[is.na(names) | names == ""] <- "(unnamed)"
  abort_input("Unknown argument(s) ", quote_all(names), "; see ", help, ".")
}

# Refuses to go on where a suggested package that `what` needs is missing.
need_package <- function(package, what) {
  if (requireNamespace(package, quietly = TRUE)) return(invisible())
  abort("package", what, " needs package ", package, ", which is not ",
        "installed: install.packages(\"", package, "\").")
}
