# What all experts have in common; each family has a file of its own.

new_expert <- function(name, label, covariance = "full", shared = FALSE, ...) {
  structure(
    list(name = name, label = label, covariance = covariance,
         shared = shared, ...),
    class = c(paste0("expert_", name), "moe_expert")
  )
}

#' @export
print.moe_expert <- function(x, ...) {
  cat(x$label, "\n", sep = "")
  invisible(x)
}

check_expert <- function(expert) {
  if (is.function(expert)) expert <- expert()
  if (!inherits(expert, "moe_expert")) {
    abort_input("`expert` must be made by expert_gaussian(); found ",
                describe(expert), ".")
  }
  expert
}

# Parameters on the user's scale from the experts' coordinates, and back.
expert_parameters <- function(expert, theta, design, response, K) {
  UseMethod("expert_parameters")
}

expert_coordinates <- function(expert, parameters, design, response, K) {
  UseMethod("expert_coordinates")
}
