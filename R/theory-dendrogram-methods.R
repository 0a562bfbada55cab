# Methods for a dendrogram: the criterion, models of a given size, tables.

#' @rdname moe_dendrogram
#' @export
dsc <- function(object, omega = NULL, rescaled = FALSE, ...) {
  UseMethod("dsc")
}

#' @export
dsc.default <- function(object, omega = NULL, rescaled = FALSE, ...) {
  abort_input("dsc() is a criterion on the result of moe_dendrogram(); found ",
              describe(object), ".")
}

#' @export
dsc.moe_dendrogram <- function(object, omega = NULL, rescaled = FALSE, ...) {
  check_dots(..., help = "?moe_dendrogram")
  table <- dsc_table(object, omega, rescaled)
  if (chooses_largest(table)) warn("selection", "DSC ", largest_in_words(table))
  table
}

dsc_table <- function(object, omega = NULL, rescaled = FALSE) {
  rescaled <- check_flag(rescaled, "rescaled")
  omega <- if (is.null(omega)) log(object$fit$n)
    else check_number(omega, "omega")
  average <- object$loglik / object$weight
  # height k belongs to the merge that takes k experts to k - 1
  height <- c(NA, rev(object$height))
  value <- if (rescaled) {
    top <- max(0, object$height)
    -(omega * average / abs(average[object$K]) +
        height / if (top > 0) top else 1)
  } else {
    -(height + omega * average)
  }
  data.frame(K = seq_len(object$K), height = height, loglik = object$loglik,
             dsc = value, chosen = seq_along(value) %in% which.min(value))
}

# Returns whether the largest size tried is chosen; then a larger one may be
# better still.
chooses_largest <- function(table) isTRUE(table$chosen[nrow(table)])

largest_in_words <- function(table) {
  paste0("chooses ", nrow(table), " experts, as many as the fit has: it saw ",
         "no larger size. Fit more experts and make the dendrogram of that ",
         "fit.")
}

#' @rdname moe_dendrogram
#' @export
best.moe_dendrogram <- function(x, K = NULL, omega = NULL, rescaled = FALSE,
                                ...) {
  check_dots(..., help = "?moe_dendrogram")
  if (is.null(K)) {
    table <- dsc(x, omega, rescaled)
    K <- if (x$K == 1L) 1L else table$K[table$chosen]
  } else if (!is.null(omega) || !isFALSE(rescaled)) {
    abort_input("`omega` and `rescaled` are about the choice of K; with `K` ",
                "given nothing is chosen.")
  }
  refit_merged(x, check_size(x, K))
}

#' @rdname moe_dendrogram
#' @export
merged <- function(x, K) {
  if (!inherits(x, "moe_dendrogram")) {
    abort_input("`x` must be the result of moe_dendrogram(); found ",
                describe(x), ".")
  }
  if (missing(K)) abort_input("`K` is missing: say how many experts.")
  x$models[[check_size(x, K)]]
}

check_size <- function(x, K) check_count(K, "K", 1L, x$K)

# Refits to the data of the fit, from the merged model to the maximum next to
# it.
refit_merged <- function(x, K) {
  fit <- x$fit
  if (K == fit$K) return(fit)
  data <- c(stored_matrices(fit), list(weights = fit$weights))
  settings <- list(K = K, gate = fit$gate, expert = fit$expert,
                   control = fit$control)
  out <- fit_moe(data, settings, x$models[[K]], NULL)
  out$call <- fit$call
  out$call$K <- K
  out$call$start <- NULL
  for (part in c("blueprint", "na.action", "model")) {
    out[[part]] <- fit[[part]]
  }
  out
}

#' @export
print.moe_dendrogram <- function(x, digits = max(3L, getOption("digits") - 3L),
                                 ...) {
  cat("Dendrogram of a mixture of ", x$K, " expert", if (x$K > 1L) "s",
      " (", x$fit$gate$label, ")\n", sep = "")
  cat("Dissimilarity: ", x$dissimilarity, ", ",
      if (x$standardise) "in units of the data" else "of the raw parameters",
      "\n\n", sep = "")
  table <- dsc_table(x)
  largest <- chooses_largest(table)
  table$chosen <- ifelse(table$chosen, "*", "")
  names(table)[5L] <- ""
  print(table[rev(seq_len(x$K)), ], digits = digits, row.names = FALSE)
  if (x$K > 1L) {
    cat("\nheight: of the merge that takes K experts to K - 1; ",
        "* smallest dsc\n", sep = "")
  }
  if (largest) writeLines(strwrap(paste("dsc", largest_in_words(table))))
  invisible(x)
}

#' @rdname moe_dendrogram
#' @param row.names,optional As in [as.data.frame()].
#' @export
as.data.frame.moe_dendrogram <- function(x, row.names = NULL, optional = FALSE,
                                         ...) {
  check_dots(..., help = "?moe_dendrogram")
  out <- dsc(x)
  if (!is.null(row.names)) rownames(out) <- row.names
  out
}

#' The criterion of a dendrogram as a table
#'
#' @param x The result of [moe_dendrogram()].
#' @param ... Arguments of [dsc()].
#' @return A tibble (without package tibble: a data frame) with a row per number
#'   of experts: the table of [dsc()].
#' @family tidy methods
#' @export
#' @examples
#' set.seed(1)
#' fit <- moe(eruptions ~ waiting, data = faithful, K = 3,
#'            gate = gate_gaussian(), control = moe_control(starts = 3))
#' tidy(moe_dendrogram(fit), rescaled = TRUE)
tidy.moe_dendrogram <- function(x, ...) tidy_table(dsc(x, ...))

#' @rdname moe_dendrogram
#' @importFrom stats as.hclust
#' @export
as.hclust.moe_dendrogram <- function(x, ...) {
  check_dots(..., help = "?moe_dendrogram")
  if (x$K == 1L) {
    abort_input("`x`: one expert has no tree.")
  }
  structure(
    list(merge = x$merge, height = cummax(x$height), order = leaf_order(x),
         labels = expert_names(x$K), method = x$dissimilarity,
         call = x$fit$call, dist.method = "mixing measure"),
    class = "hclust")
}

# Returns an order of the leaves in which no branches cross, as near to their
# own order as possible.
leaf_order <- function(x) {
  leaves <- function(id) {
    if (id < 0L) return(-id)
    parts <- lapply(x$merge[id, ], leaves)
    unlist(parts[order(vapply(parts, mean, 0))])
  }
  if (x$K == 1L) 1L else leaves(x$K - 1L)
}
