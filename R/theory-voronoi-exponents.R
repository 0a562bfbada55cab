#' Exponents and rates of over-fitted experts
#'
#' How fast maximum likelihood finds the parameters of a true expert on which M
#' fitted experts have settled.
#'
#' The exponent \eqn{\bar r(M)} (for Gaussian gates whose mean is zero,
#' \eqn{\tilde r(M)}) is the smallest degree at which a system of polynomial
#' equations has no solution but the trivial one. It is known to be 1, 4 and 6
#' for M = 1, 2 and 3, and at least 7 from 4 on, where `2 M` is used here.
#' Errors go down like \eqn{n^{-s}} up to logarithms, for M of at least 2 with
#' \describe{
#'   \item{softmax gate}{\eqn{s = 1 / (2 \bar r)} for the gate's slopes and the
#'     intercepts, \eqn{1 / \bar r} for slopes and variances}
#'   \item{Gaussian gate}{\eqn{s = 1 / (2 \bar r)} for the gate's means and the
#'     intercepts, \eqn{1 / \bar r} for the gate's covariances and the
#'     variances, 1/4 for slopes}
#'   \item{Gaussian gate with mean 0}{the same with \eqn{\tilde r}, also for
#'     slopes: \eqn{1 / \tilde r}}
#' }
#' and the sums of the weights in a cell like \eqn{n^{-1/2}} in all of them.
#' For M = 1 all are 1/2.
#'
#' @param M Numbers of fitted experts in a cell, at least 1.
#' @param gate `"softmax"`, or `"gaussian"`: the type of the gate.
#' @param zero_mean For Gaussian gates: is the mean of the true gate zero (type
#'   II of the paper)?
#' @return A data frame with a row per element of `M` and the columns `M`,
#'   `exponent`, `proved` (`FALSE` where 2 M is a guess), then the `s` of each
#'   block of parameters: `gate`, `gate_covariance` (Gaussian gates),
#'   `intercept`, `slope` and `variance`.
#' @references Nguyen, H., Nguyen, T. and Ho, N. (2023). Demystifying softmax
#'   gating function in Gaussian mixture of experts. *NeurIPS* 36. Nguyen, H.,
#'   Nguyen, T., Nguyen, K. and Ho, N. (2024). Towards convergence rates for
#'   parameter estimation in Gaussian-gated mixture of experts. *AISTATS*. Ho,
#'   N. and Nguyen, X. (2016). Convergence rates of parameter estimation for
#'   some weakly identifiable finite mixtures. *Annals of Statistics* 44.
#' @seealso [voronoi_loss()]
#' @export
#' @examples
#' voronoi_exponents(1:4)
#' voronoi_exponents(2:3, gate = "gaussian")
voronoi_exponents <- function(M, gate = c("softmax", "gaussian"),
                              zero_mean = FALSE) {
  gate <- check_choice(gate, "gate", c("softmax", "gaussian"))
  zero_mean <- check_flag(zero_mean, "zero_mean")
  if (zero_mean && gate == "softmax") {
    abort_input("`zero_mean` goes with gate = \"gaussian\" only.")
  }
  ok <- is.numeric(M) && length(M) && !anyNA(M) && all(M >= 1 & M == round(M))
  if (!ok) {
    abort_input("`M` must be whole numbers of at least 1; found ", describe(M),
                ".")
  }
  r <- cell_exponent(M)
  first <- ifelse(M == 1, 1 / 2, 1 / (2 * r))
  second <- ifelse(M == 1, 1 / 2, 1 / r)
  out <- data.frame(M = M, exponent = r, proved = M <= length(known_exponents),
                    gate = first)
  if (gate == "gaussian") out$gate_covariance <- second
  out$intercept <- first
  out$slope <- if (gate == "softmax" || zero_mean) second
    else ifelse(M == 1, 1 / 2, 1 / 4)
  out$variance <- second
  out
}

# The exponents of cells with 1, 2 and 3 fitted atoms.
known_exponents <- c(1, 4, 6)

cell_exponent <- function(M, exponents = NULL) {
  if (is.null(exponents)) exponents <- known_exponents
  ifelse(M <= length(exponents), exponents[pmax(M, 1)], 2 * M)
}

check_exponents <- function(exponents) {
  if (is.null(exponents)) return(NULL)
  ok <- is.numeric(exponents) && length(exponents) >= 1L &&
    all(is.finite(exponents)) && all(exponents >= 1)
  if (!ok) {
    abort_input("`exponents` must be numbers of at least 1, for cells with 1, ",
                "2, ... fitted experts, as in c(1, 4, 6, 8); found ",
                describe(exponents), ".")
  }
  as.double(exponents)
}

warn_exponent <- function(size, exponents) {
  most <- max(size)
  if (most <= max(length(exponents), length(known_exponents))) {
    return(invisible())
  }
  warn("exponent", "A cell has ", most, " fitted experts. The exponent is ",
       "known up to ", length(known_exponents), " only (from 4 on it is at ",
       "least 7); 2 * ", most, " = ", 2 * most, " is used. Give `exponents` ",
       "to use others.")
}
