# Fits with parameters of the test's choice, and atoms split and permuted.

# the same fit, as if these were its estimates
with_atoms <- function(fit, atoms, layout) {
  model <- gatemix:::model_of_atoms(atoms, layout, fit)
  changed <- c("K", "parameters", "theta", "problem")
  fit[changed] <- model[changed]
  fit
}

with_parameters <- function(fit, parameters) {
  fit$parameters <- parameters
  fit$theta <- gatemix:::problem_coordinates(fit$problem, parameters, fit$gate,
                                             fit$expert)
  fit
}

atoms_and_layout <- function(fit, standardise = TRUE) {
  layout <- gatemix:::atom_layout(fit, standardise)
  data <- if (standardise) gatemix:::dendrogram_data(fit)
  list(layout = layout, atoms = gatemix:::atoms_of(fit, layout, data))
}

# expert k twice, each with half of its weight
split_expert <- function(fit, k) {
  parts <- atoms_and_layout(fit)
  half <- gatemix:::take_atoms(parts$atoms, k)
  half$log_weight <- half$log_weight - log(2)
  half$mass <- half$mass / 2
  rest <- gatemix:::take_atoms(parts$atoms, -k)
  both <- gatemix:::join_atoms(half, half)
  atoms <- if (fit$K > 1L) gatemix:::join_atoms(rest, both) else both
  with_atoms(fit, atoms, parts$layout)
}

permuted <- function(fit, order) {
  parts <- atoms_and_layout(fit)
  with_atoms(fit, gatemix:::take_atoms(parts$atoms, order), parts$layout)
}

# the truth of arXiv 2305.03288: two lines, the gate switches at x = 0.32
two_lines <- function(n) {
  x <- runif(n)
  k <- 1L + (runif(n) > plogis(25 * x - 8))
  y <- ifelse(k == 1L, 15 - 20 * x, -5 + 20 * x) + c(0.3, 0.4)[k] * rnorm(n)
  data.frame(x, y, label = k)
}

# four experts for two lines, from a start near the truth
overfitted <- function(n, seed = 1, ...) {
  set.seed(seed)
  d <- two_lines(n)
  without_warnings(moe(y ~ x, d, K = 4, start = 2L * d$label -
                         (runif(n) < 0.5), ...))
}
