# Models of a collection as labels, as names of files, and as calls of moe().

# Returns a description of a model that does not depend on the collection it is
# in.
model_label <- function(model) {
  paste(deparse_one(constructor_call(model$gate, "gate")),
        deparse_one(constructor_call(model$expert, "expert")),
        paste0("K=", model$K), sep = "\n")
}

# Returns names for the files of models, which do not depend on the collection
# either.
model_files <- function(models) {
  parts <- vapply(models, function(model) {
    model$K <- NULL
    model_label(model)
  }, "")
  names <- vapply(models, function(model) {
    paste0("K=", model$K, "_", model$gate$name, "_", model$expert$name)
  }, "")
  stats::setNames(paste0(names, "_", substr(text_hash(parts), 1L, 6L)),
                  names(models))
}

# Returns the call of moe() that makes one of the models.
model_call <- function(call, model) {
  keep <- c("formula", "data", "weights", "subset", "na.action", "contrasts",
            "control")
  out <- as.list(call)[c(1L, match(keep, names(call), 0L))]
  out[[1L]] <- quote(moe)
  as.call(c(out, list(K = model$K, gate = constructor_call(model$gate, "gate"),
                      expert = constructor_call(model$expert, "expert"))))
}

# Returns the call that makes a gate or a family of experts.
constructor_call <- function(part, kind) {
  name <- paste0(kind, "_", part$name)
  arguments <- unclass(part)[intersect(names(formals(get(name))), names(part))]
  arguments <- Filter(Negate(is.null), arguments)
  if (!is.null(arguments$penalty)) {
    arguments$penalty <- penalty_call(arguments$penalty)
  }
  as.call(c(as.name(name), arguments))
}
