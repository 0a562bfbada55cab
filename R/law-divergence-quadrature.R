# Integrals over one response at many rows: adaptive quadrature for all rows at
# once. A panel is a row with an interval. Each round evaluates all panels that
# are left and divides those whose error is too large.

by_quadrature <- function(p, q, x, contrast, tol) {
  p <- mixture_at(p, x)
  q <- mixture_at(q, x)
  n <- nrow(p$gate)
  panels <- first_panels(p, q, contrast$both)
  total <- numeric(n)
  error <- numeric(n)
  size <- NULL
  for (round in seq_len(60L)) {
    if (!length(panels$row)) break
    found <- integrate_panels(panels, p, q, contrast)
    if (is.null(size)) size <- sum_by_row(found$size, panels$row, n)
    coarse <- found$error > pmax(tol * size[panels$row], 1e-14 * found$size)
    # panels as narrow as rounding, or with an infinite value, are done
    width <- panels$upper - panels$lower
    narrow <- width <= 1e-12 * pmax(abs(panels$lower), abs(panels$upper))
    divide <- which(coarse & !narrow & round < 60L)
    done <- setdiff(seq_along(panels$row), divide)
    total <- total + sum_by_row(found$value[done], panels$row[done], n)
    error <- error + sum_by_row(found$error[done], panels$row[done], n)
    panels$middle <- found$middle
    panels <- halves(lapply(panels, `[`, divide))
  }
  # where both densities are the same, rounding may give a negative value
  list(rows = pmax(total, 0), std_error = NA_real_, error = mean(error))
}

# Returns the parts of the density at the rows `x`.
mixture_at <- function(object, x) {
  values <- evaluate_fit(object, x)
  if (anyNA(values$gate)) {
    abort_input("`x` has ", sum(is.na(values$gate[, 1L])), " row(s) with ",
                "missing or infinite values; remove them.")
  }
  n <- nrow(values$gate)
  if (n == 0L) abort_input("`x` has no rows.")
  list(gate = values$gate, log_gate = log_gate(values$gate),
       mean = matrix(values$mean, n, object$K),
       law = expert_law(object$expert, object$parameters$expert, 1L))
}

sum_by_row <- function(v, row, n) {
  out <- numeric(n)
  if (length(v)) {
    sums <- rowsum(v, row, reorder = FALSE)
    out[as.integer(rownames(sums))] <- sums
  }
  out
}

halves <- function(panels) {
  middle <- panels$middle
  if (is.null(middle)) middle <- panels$lower / 2 + panels$upper / 2
  list(row = rep(panels$row, 2L), lower = c(panels$lower, middle),
       upper = c(middle, panels$upper))
}

# Returns panels that cover the range of all experts that matter and are not
# wide compared with any expert inside. `both`: the mass of q counts too, not
# only that of p.
first_panels <- function(p, q, both) {
  p <- c(p, expert_ranges(p))
  q <- c(q, expert_ranges(q))
  mass <- if (both) list(p, q) else list(p)
  lower <- do.call(pmin, lapply(mass, function(m) row_min(m$lower)))
  upper <- -do.call(pmin, lapply(mass, function(m) row_min(-m$upper)))
  panels <- list(row = seq_len(nrow(p$gate)), lower = lower, upper = upper)
  done <- list()
  for (round in seq_len(60L)) {
    if (!length(panels$row)) break
    inside <- Reduce(`|`, lapply(mass, meets_expert, panels = panels))
    panels <- lapply(panels, `[`, inside)
    wide <- too_wide(panels, p) | too_wide(panels, q)
    done[[round]] <- lapply(panels, `[`, !wide)
    panels <- halves(lapply(panels, `[`, wide))
  }
  out <- lapply(names(panels), function(name) {
    unlist(lapply(c(done, list(panels)), `[[`, name))
  })
  stats::setNames(out, names(panels))
}

# Returns the interval in which each expert has its mass (all but 1e-16) and its
# unit of width; NA for experts without weight in a row.
expert_ranges <- function(m) {
  at <- function(z) m$law$quantile(stats::pnorm(z), m$mean)
  far <- 8.3
  lower <- at(-far)
  upper <- m$law$quantile(stats::pnorm(-far), m$mean, lower_tail = FALSE)
  out <- which(m$gate < 1e-16)
  lower[out] <- NA
  upper[out] <- NA
  list(lower = lower, upper = upper, unit = (upper - lower) / (2 * far))
}

row_min <- function(m) do.call(pmin, c(columns(m), na.rm = TRUE))

meets_expert <- function(m, panels) {
  r <- panels$row
  any_column(m$lower[r, , drop = FALSE] < panels$upper &
               m$upper[r, , drop = FALSE] > panels$lower)
}

# Returns which panels are so wide compared with an expert whose core they touch
# that the rule could miss it: the nodes are at most a tenth of the width apart.
too_wide <- function(panels, m) {
  r <- panels$row
  unit <- m$unit[r, , drop = FALSE]
  width <- panels$upper - panels$lower
  center <- (m$lower[r, , drop = FALSE] + m$upper[r, , drop = FALSE]) / 2
  distance <- abs(center - (panels$lower + panels$upper) / 2)
  any_column(width > panel_units * unit & distance < width / 2 + 5 * unit)
}

panel_units <- 8

any_column <- function(m) rowSums(m, na.rm = TRUE) > 0

chunk_size <- 32000L

# Returns the value, the size (integral of the absolute value) and the error of
# each panel, and where to divide it.
integrate_panels <- function(panels, p, q, contrast) {
  size <- length(panels$row)
  step <- max(64L, chunk_size %/% max(ncol(p$gate), ncol(q$gate)))
  starts <- seq(1L, size, by = step)
  parts <- lapply(starts, function(from) {
    at <- from:min(from + step - 1L, size)
    integrate_chunk(lapply(panels, `[`, at), p, q, contrast)
  })
  pick <- function(name) unlist(lapply(parts, `[[`, name))
  list(value = pick("value"), size = pick("size"), error = pick("error"),
       middle = pick("middle"))
}

integrate_chunk <- function(panels, p, q, contrast) {
  p <- mixture_rows(p, panels$row)
  q <- mixture_rows(q, panels$row)
  middle <- panels$lower / 2 + panels$upper / 2
  half <- panels$upper / 2 - panels$lower / 2
  sums <- rule_sums(middle, half, p, q, contrast)
  size <- half * sums$size
  off <- half * abs(sums$fine - sums$coarse)
  # the estimate of QUADPACK: the finer rule is much better than the difference
  # of the two suggests
  error <- ifelse(size > 0, size * pmin(1, (200 * off / size)^1.5), 0)
  error[!is.finite(error)] <- 0
  if (contrast$kink) {
    found <- which(!is.na(sums$crossing$from))
    root <- root_between(sums$crossing, found, p, q)
    # a crossing at an end does no harm
    inner <- abs(root - middle[found]) < (1 - 1e-6) * half[found]
    found <- found[inner]
    middle[found] <- root[inner]
    error[found] <- pmax(error[found], off[found])
  }
  list(value = half * sums$fine, size = size, error = error, middle = middle)
}

# Returns the sums over the nodes of the two rules, and of the absolute values,
# on panels of half-width 1; for an integrand with a kink also first_crossing().
rule_sums <- function(middle, half, p, q, contrast) {
  log_p <- mixture_log_density(p)
  log_q <- mixture_log_density(q)
  fine <- coarse <- size <- numeric(length(half))
  crossing <- NULL
  # the ends have no weight, but there may be a crossing next to them
  rule <- if (contrast$kink) with_ends(kronrod) else kronrod
  for (i in seq_along(rule$node)) {
    y <- middle + half * rule$node[i]
    lp <- log_p(y)
    lq <- log_q(y)
    mass <- exp(reference_density(contrast, lp, lq))
    f <- mass * contrast$value(lp, lq)
    # where neither density has any mass, as at -Inf, nothing counts
    f[mass == 0] <- 0
    fine <- fine + rule$fine[i] * f
    coarse <- coarse + rule$coarse[i] * f
    size <- size + rule$fine[i] * abs(f)
    if (contrast$kink) crossing <- first_crossing(crossing, y, lp - lq)
  }
  list(fine = fine, coarse = coarse, size = size, crossing = crossing)
}

# Notes between which nodes the difference d changes its sign for the first
# time: an integrand with a kink there is smooth on either side.
first_crossing <- function(before, y, d) {
  if (is.null(before)) {
    none <- rep(NA_real_, length(y))
    return(list(from = none, to = none, d_from = none, d_to = none, y = y,
                d = d))
  }
  new <- which(is.na(before$from) & d * before$d < 0)
  before$from[new] <- before$y[new]
  before$to[new] <- y[new]
  before$d_from[new] <- before$d[new]
  before$d_to[new] <- d[new]
  before$y <- y
  before$d <- d
  before
}

# Returns where log p = log q, by regula falsi (Illinois).
root_between <- function(crossing, found, p, q) {
  bracket <- lapply(crossing, `[`, found)
  log_p <- mixture_log_density(mixture_rows(p, found))
  log_q <- mixture_log_density(mixture_rows(q, found))
  a <- bracket$from
  b <- bracket$to
  at_a <- bracket$d_from
  at_b <- bracket$d_to
  for (i in seq_len(8L)) {
    share <- at_b / (at_b - at_a)
    share[!is.finite(share)] <- 0.5
    y <- b + share * (a - b)
    d <- log_p(y) - log_q(y)
    crossed <- d * at_b <= 0
    a <- ifelse(crossed, b, a)
    at_a <- ifelse(crossed, at_b, at_a / 2)
    b <- y
    at_b <- d
  }
  b
}

mixture_rows <- function(m, rows) {
  list(log_gate = m$log_gate[rows, , drop = FALSE],
       mean = m$mean[rows, , drop = FALSE], law = m$law)
}

# Returns the log density as a function of one y per row.
mixture_log_density <- function(m) {
  joint <- m$law$log_density_at(m$mean, m$log_gate)
  function(y) {
    terms <- joint(y)
    out <- engine_log_sum_exp(terms)
    lost <- which(is.nan(out))
    if (length(lost)) out[lost] <- log_sum_exp(terms[lost, , drop = FALSE])
    out
  }
}

# Kronrod's rule with 15 nodes on (-1, 1), and Gauss's rule, which uses 7 of
# these.
kronrod <- local({
  node <- c(0.99145537112081264, 0.94910791234275852, 0.86486442335976907,
            0.74153118559939444, 0.58608723546769113, 0.40584515137739717,
            0.20778495500789847)
  fine <- c(0.022935322010529225, 0.063092092629978553, 0.10479001032225018,
            0.14065325971552592, 0.16900472663926790, 0.19035057806478541,
            0.20443294007529889)
  coarse <- c(0, 0.12948496616886969, 0, 0.27970539148927667, 0,
              0.38183005050511894, 0)
  list(node = c(-node, 0, rev(node)),
       fine = c(fine, 0.20948214108472783, rev(fine)),
       coarse = c(coarse, 0.41795918367346939, rev(coarse)))
})

with_ends <- function(rule) {
  list(node = c(-1, rule$node, 1), fine = c(0, rule$fine, 0),
       coarse = c(0, rule$coarse, 0))
}
