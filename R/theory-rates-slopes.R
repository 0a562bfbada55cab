# Slopes of a rate experiment on double logarithmic scales.

# Only fits at a proper maximum enter means; fits with these statuses do not.
left_out <- c("failed", "floored", "separated")

#' @rdname rate_experiment
#' @order 2
#' @param object A result of `rate_experiment()`.
#' @param level Level of the confidence intervals.
#' @export
summary.rate_experiment <- function(object, level = 0.95, ...) {
  check_dots(..., help = "?rate_experiment")
  level <- check_number(level, "level", open = TRUE, max = 1)
  sizes <- rate_sizes(object)
  structure(
    list(sizes = sizes, slopes = loss_slopes(sizes, level),
         blocks = block_slopes(object, level), errors = block_sizes(object),
         level = level, object = object),
    class = "summary.rate_experiment")
}

# Returns a data frame with a row per start and size.
rate_sizes <- function(object) {
  fits <- object$fits
  groups <- split(fits, list(factor(fits$n, object$n),
                             factor(fits$start, object$starts)), drop = TRUE)
  rows <- lapply(groups, function(group) {
    loss <- group$loss[!group$status %in% left_out]
    quartiles <- stats::quantile(loss, 1:3 / 4, names = FALSE)
    count <- function(status) sum(group$status == status)
    data.frame(start = group$start[1L], n = group$n[1L], fits = nrow(group),
               used = length(loss), separated = count("separated"),
               floored = count("floored"), failed = count("failed"),
               mean = if (length(loss)) mean(loss) else NA_real_,
               median = quartiles[2L], lower = quartiles[1L],
               upper = quartiles[3L],
               seconds = stats::median(group$seconds))
  })
  out <- do.call(rbind, rows)
  rownames(out) <- NULL
  out
}

loss_slopes <- function(sizes, level) {
  rows <- lapply(split(sizes, factor(sizes$start, unique(sizes$start))),
                 function(part) {
    lines <- rbind(log_slope(part$n, part$mean, level),
                   log_slope(part$n, part$median, level))
    data.frame(start = part$start[1L], statistic = c("mean", "median"), lines,
               theory = -1 / 2, used = sum(part$used),
               left_out = sum(part$fits - part$used))
  })
  out <- do.call(rbind, rows)
  rownames(out) <- NULL
  out
}

# Returns the least squares line of log y on log n.
log_slope <- function(n, y, level) {
  out <- data.frame(slope = NA_real_, conf.low = NA_real_, conf.high = NA_real_,
                    intercept = NA_real_)
  use <- is.finite(y) & y > 0
  if (sum(use) < 2L) return(out)
  x <- log(n[use])
  line <- stats::lm.fit(cbind(1, x), log(y[use]))
  out$slope <- line$coefficients[[2L]]
  out$intercept <- line$coefficients[[1L]]
  if (line$df.residual > 0L) {
    error <- sqrt(sum(line$residuals^2) / line$df.residual /
                    sum((x - mean(x))^2))
    half <- stats::qt((1 + level) / 2, line$df.residual) * error
    out$conf.low <- out$slope - half
    out$conf.high <- out$slope + half
  }
  out
}

# Returns the median errors of the blocks, in cells of the same size and
# exponent.
block_sizes <- function(object) {
  blocks <- object$blocks
  blocks <- blocks[!blocks$status %in% left_out, ]
  if (!nrow(blocks)) return(NULL)
  by <- blocks[c("start", "size", "exponent", "block", "n")]
  out <- stats::aggregate(blocks["error"], by, stats::median, na.rm = TRUE)
  names(out)[names(out) == "error"] <- "median"
  out$cells <- stats::aggregate(blocks["error"], by, length)$error
  order <- order(match(out$start, object$starts), out$size,
                 match(out$block, unique(blocks$block)), out$exponent, out$n)
  out <- out[order, ]
  rownames(out) <- NULL
  out
}

block_slopes <- function(object, level) {
  sizes <- block_sizes(object)
  if (is.null(sizes)) return(NULL)
  by <- with(sizes, paste(start, size, block, exponent))
  rows <- lapply(split(sizes, factor(by, unique(by))), function(part) {
    line <- log_slope(part$n, part$median, level)
    data.frame(part[1L, c("start", "size", "block", "exponent")], line[1:3],
               theory = -1 / (2 * part$exponent[1L]), cells = sum(part$cells))
  })
  out <- do.call(rbind, rows)
  rownames(out) <- NULL
  out
}
