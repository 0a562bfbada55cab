# Gates and families of experts are both blocks of a model: small objects that
# their constructors validate and that compute nothing.

# Returns a block of a `kind` ("gate" or "expert"). What is in `...` are its
# options: fields of the object, and given to the engine as they are.
new_block <- function(kind, name, label, ..., penalty = NULL) {
  penalty <- check_penalty(penalty)
  if (!is.null(penalty)) label <- paste0(label, ", ", penalty_words(penalty))
  options <- list(...)
  structure(
    c(list(name = name, label = label), options, list(penalty = penalty)),
    options = names(options),
    class = c(paste0(kind, "_", name), paste0("moe_", kind), "moe_block")
  )
}

# Returns the options that a block was made with, by name.
block_options <- function(block) {
  unclass(block)[attr(block, "options")]
}

#' @export
print.moe_block <- function(x, ...) {
  cat(x$label, "\n", sep = "")
  invisible(x)
}
