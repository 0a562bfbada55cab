# A collection of models: every combination of numbers of experts, gates and
# families of experts, each with a name.

# Returns `table`, a row per model with `model` (its name), `K`, `gate` and
# `expert` (labels), and `models`, for each name the list of K, gate and expert
# that moe() takes. K varies fastest.
model_grid <- function(K, gate = gate_softmax(), expert = expert_gaussian()) {
  K <- check_numbers_of_experts(K)
  gates <- labelled_parts(gate, "gate", "moe_gate", check_gate)
  experts <- labelled_parts(expert, "expert", "moe_expert", check_expert)
  at <- expand.grid(K = seq_along(K), gate = seq_along(gates),
                    expert = seq_along(experts))
  table <- data.frame(K = K[at$K], gate = names(gates)[at$gate],
                      expert = names(experts)[at$expert])
  names <- paste0("K=", table$K,
                  if (length(gates) > 1L) paste0(", ", table$gate),
                  if (length(experts) > 1L) paste0(", ", table$expert))
  models <- lapply(seq_len(nrow(at)), function(i) {
    list(K = K[at$K[i]], gate = gates[[at$gate[i]]],
         expert = experts[[at$expert[i]]])
  })
  list(table = cbind(model = names, table),
       models = stats::setNames(models, names))
}

check_numbers_of_experts <- function(K) {
  ok <- is.numeric(K) && length(K) && all(is.finite(K)) &&
    all(K == round(K)) && all(K >= 1 & K <= .Machine$integer.max)
  if (!ok) {
    abort_input("`K` must be whole numbers of at least 1, as in K = 1:5; ",
                "found ", describe(K), ".")
  }
  sort(unique(as.integer(K)))
}

# Returns gates (or families of experts) as a list with names: those that the
# user gave, otherwise short labels.
labelled_parts <- function(parts, name, class, check) {
  if (is.function(parts) || inherits(parts, class)) parts <- list(parts)
  if (!is.list(parts) || !length(parts)) {
    abort_input("`", name, "` must be one ", name, " or a list of them; ",
                "found ", describe(parts), ".")
  }
  parts <- lapply(parts, check)
  twice <- duplicated(lapply(parts, unclass))
  labels <- vapply(parts, short_label, "")
  if (any(twice)) {
    abort_input("`", name, "` has ", quote_all(labels[twice]),
                " more than once.")
  }
  given <- names(parts)
  if (!is.null(given)) {
    own <- !is.na(given) & given != ""
    labels[own] <- given[own]
  }
  stats::setNames(parts, make.unique(labels, sep = " "))
}

# Returns "Gaussian gate (full)" for "Gaussian gate (full covariance, joint
# likelihood)", without the words that distinguish nothing.
short_label <- function(part) {
  label <- gsub(" covariance| likelihood", "", part$label)
  sub(", joint", "", label, fixed = TRUE)
}

# Returns file names for models: plain characters, and distinct even where file
# systems ignore case.
file_labels <- function(names) {
  labels <- gsub("[^A-Za-z0-9=.-]+", "_", names)
  unique <- make.unique(tolower(labels), sep = "-")
  paste0(labels, substring(unique, nchar(labels) + 1L))
}
