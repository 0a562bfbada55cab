# Text for messages and labels.

# Returns "`a`, `b`, `c`".
quote_all <- function(x) paste0("`", x, "`", collapse = ", ")

# Describes any object in a few words.
describe <- function(x) {
  if (is.null(x)) return("NULL")
  if (is.atomic(x) && length(x) == 1L) {
    return(if (is.character(x)) paste0('"', x, '"') else format(x))
  }
  paste0("an object of class ", paste0('"', class(x), '"', collapse = "/"),
         " and length ", length(x))
}

# Returns code as one string, as model.frame() names its columns.
deparse_one <- function(x) {
  paste(deparse(x, width.cutoff = 500L), collapse = " ")
}

# Returns "2 converged, 1 failed".
status_counts <- function(status) {
  counts <- table(status)
  paste(counts, names(counts), collapse = ", ")
}

# Returns "5%" for 0.05.
format_percent <- function(probs) {
  paste0(format(100 * probs, trim = TRUE, digits = 7L), "%")
}
