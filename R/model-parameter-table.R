# All parameters of a model in one order (gate, experts, dispersion): their
# names, values, and derivatives with respect to the engine's coordinates.

# Returns a data frame with a row per parameter. `scale` is the scale on which a
# normal approximation is best: "identity", "log" (variances) or "logit"
# (probabilities). Dropped coefficients have the estimate NA.
parameter_table <- function(object) {
  gate <- gate_coef(object)
  parts <- rbind(
    coefficient_rows(gate, "gate",
                     bounded = inherits(object$gate, "gate_gaussian")),
    coefficient_rows(expert_coef(object), "expert", response_terms(object)),
    coefficient_rows(dispersion_coef(object), "dispersion", bounded = TRUE))
  rownames(parts) <- NULL
  parts
}

# Returns the rows of one component. `bounded` parameters are variances and
# probabilities; others are not, whatever their terms are called.
coefficient_rows <- function(m, component, terms = NULL, bounded = FALSE) {
  if (is.null(terms)) {
    terms <- data.frame(response = rep(NA_character_, nrow(m)),
                        term = as.character(rownames(m)))
  }
  at <- rep(seq_len(nrow(m)), ncol(m))
  data.frame(
    name = as.character(names(flat_coef(m, component))),
    component = rep(component, length(m)),
    expert = rep(seq_len(ncol(m)), each = nrow(m)),
    response = terms$response[at], term = terms$term[at],
    estimate = as.vector(m),
    scale = if (bounded) parameter_scale(terms$term[at])
            else rep("identity", length(m)))
}

# Returns the response and the term of each row of the experts' coefficients.
response_terms <- function(object) {
  names <- object$problem$units$response$names
  terms <- object$problem$units$expert$all_terms
  several <- length(names) > 1L
  data.frame(
    response = if (several) rep(names, each = length(terms)) else NA_character_,
    term = rep(terms, length(names)))
}

parameter_scale <- function(term) {
  out <- rep("identity", length(term))
  same <- sub("^cov\\((.*),\\1\\)$", "var(\\1)", term)
  out[startsWith(same, "var(")] <- "log"
  out[term == "weight"] <- "logit"
  out
}

# Returns the estimates that belong to coordinates `theta`, without dropped
# terms.
parameters_at <- function(object, theta) {
  parameters <- problem_parameters(object$problem, theta, object$gate,
                                   object$expert)
  c(gate_coefficients(object$gate, parameters$gate, object$K),
    parameters$expert$coefficients,
    dispersion_matrix(parameters$expert$covariances))
}

# Returns the derivatives of these with respect to theta, a row per parameter.
parameter_jacobian <- function(object) {
  units <- object$problem$units
  at <- unpack_coordinates(object$problem, object$theta)
  block_diagonal(gate_jacobian(object$gate, at$gate, units$gate, object$K),
                 expert_jacobian(object$expert, at$expert, units$expert,
                                 units$response, object$K))
}

# Returns the rows of a parameter table that `component` asks for.
component_rows <- function(table, component) {
  known <- c("gate", "expert", "dispersion")
  if (identical(component, "all")) component <- c("gate", "expert")
  if (!is.character(component) || !length(component) ||
      !all(component %in% known)) {
    abort_input("`component` must be \"all\" or some of ",
                paste0('"', known, '"', collapse = ", "), "; found ",
                describe(component), ".")
  }
  which(table$component %in% component)
}
