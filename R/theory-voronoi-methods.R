# Voronoi losses as text and as tables.

#' @export
print.voronoi_loss <- function(x, digits = max(3L, getOption("digits") - 3L),
                               ...) {
  value <- function(v) format(v, digits = digits)
  cat("Voronoi loss ", x$type, ": ", value(x$loss), "\n", sep = "")
  if (loss_kinds[[x$type]] == "softmax") {
    if (x$translate) {
      cat("Translation: t1 = ", value(x$translation$t1), ", t2 = (",
          paste(value(x$translation$t2), collapse = ", "),
          "); without it ", value(x$untranslated), "\n", sep = "")
    } else {
      cat("No translation\n")
    }
  }
  cat("\nCells of the true experts:\n")
  print(x$cells, digits = digits, row.names = FALSE)
  cat("\nErrors of the fitted experts:\n")
  print(x$experts, digits = digits, row.names = FALSE)
  invisible(x)
}

#' @rdname voronoi_loss
#' @param x The result of `voronoi_loss()`.
#' @param row.names,optional As in [as.data.frame()].
#' @export
as.data.frame.voronoi_loss <- function(x, row.names = NULL, optional = FALSE,
                                       ...) {
  check_dots(..., help = "?voronoi_loss")
  out <- x$parts
  if (!is.null(row.names)) rownames(out) <- row.names
  out
}

#' @export
tidy.voronoi_loss <- function(x, ...) {
  check_dots(..., help = "?voronoi_loss")
  tidy_table(x$parts)
}
