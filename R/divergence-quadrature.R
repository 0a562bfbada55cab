# Integrals over one response at many rows: adaptive quadrature for all rows at
# once. A panel is a row and an interval; a round evaluates all panels that are
# left, and divides those whose error is too large.

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
    # a panel as narrow as rounding, or one with an infinite value, is done
    width <- panels$upper - panels$lower
    narrow <- width <= 1e-12 * pmax(abs(panels$lower), abs(panels$upper))
    divide <- which(coarse & !narrow & round < 60L)
    done <- setdiff(seq_along(panels$row), divide)
    total <- total + sum_by_row(found$value[done], panels$row[done], n)
    error <- error + sum_by_row(found$error[done], panels$row[done], n)
    panels <- halves(lapply(panels, `[`, divide))
  }
  # where both are the same, rounding may fall on the wrong side of zero
  list(rows = pmax(total, 0), std_error = NA_real_, error = mean(error))
}

# What the density at the rows is made of.
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
  middle <- panels$lower / 2 + panels$upper / 2
  list(row = rep(panels$row, 2L), lower = c(panels$lower, middle),
       upper = c(middle, panels$upper))
}

# From the range of all experts that matter to panels that are not wide against
# any expert inside. `both`: the mass of q counts too, not that of p alone.
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

# Where each expert has its mass (all but 1e-16), and its unit of width; NA for
# experts without weight in a row.
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

# Wider than four units of an expert whose core it touches.
too_wide <- function(panels, m) {
  r <- panels$row
  unit <- m$unit[r, , drop = FALSE]
  width <- panels$upper - panels$lower
  center <- (m$lower[r, , drop = FALSE] + m$upper[r, , drop = FALSE]) / 2
  distance <- abs(center - (panels$lower + panels$upper) / 2)
  any_column(width > 4 * unit & distance < width / 2 + 5 * unit)
}

any_column <- function(m) rowSums(m, na.rm = TRUE) > 0

# Value, size (integral of the absolute value) and error of each panel.
integrate_panels <- function(panels, p, q, contrast) {
  size <- length(panels$row)
  step <- max(64L, 30000L %/% max(ncol(p$gate), ncol(q$gate)))
  starts <- seq(1L, size, by = step)
  parts <- lapply(starts, function(from) {
    at <- from:min(from + step - 1L, size)
    integrate_chunk(lapply(panels, `[`, at), p, q, contrast)
  })
  pick <- function(name) unlist(lapply(parts, `[[`, name))
  list(value = pick("value"), size = pick("size"), error = pick("error"))
}

integrate_chunk <- function(panels, p, q, contrast) {
  p <- mixture_rows(p, panels$row)
  q <- mixture_rows(q, panels$row)
  middle <- panels$lower / 2 + panels$upper / 2
  half <- panels$upper / 2 - panels$lower / 2
  fine <- coarse <- size <- numeric(length(half))
  for (i in seq_along(kronrod$node)) {
    y <- middle + half * kronrod$node[i]
    lp <- mixture_log_density(y, p)
    lq <- mixture_log_density(y, q)
    mass <- exp(reference_density(contrast, lp, lq))
    f <- mass * contrast$value(lp, lq)
    # where neither has any mass, as at -Inf, nothing counts
    f[mass == 0] <- 0
    fine <- fine + kronrod$fine[i] * f
    coarse <- coarse + kronrod$coarse[i] * f
    size <- size + kronrod$fine[i] * abs(f)
  }
  size <- half * size
  off <- half * abs(fine - coarse)
  # the estimate of QUADPACK: the finer rule is much better than the difference
  error <- ifelse(size > 0, size * pmin(1, (200 * off / size)^1.5), 0)
  error[!is.finite(error)] <- 0
  list(value = half * fine, size = size, error = error)
}

mixture_rows <- function(m, rows) {
  list(log_gate = m$log_gate[rows, , drop = FALSE],
       mean = m$mean[rows, , drop = FALSE], law = m$law)
}

mixture_log_density <- function(y, m) {
  log_sum_exp(m$log_gate + m$law$density(y, m$mean, log = TRUE))
}

# Kronrod's rule with 15 nodes on (-1, 1) and Gauss's with 7 of them.
kronrod <- local({
  node <- c(0.991455371120812639206854697526329, 0.949107912342758524526189684047851,
            0.864864423359769072789712788640926, 0.741531185599394439863864773280788,
            0.586087235467691130294144691693013, 0.405845151377397166906606412076961,
            0.207784955007898467600689403773245)
  fine <- c(0.022935322010529224963732008058970, 0.063092092629978553290700663189204,
            0.104790010322250183839876322541518, 0.140653259715525918745189590510238,
            0.169004726639267902826583426598550, 0.190350578064785409913256402421014,
            0.204432940075298892414161999234649)
  coarse <- c(0, 0.129484966168869693270611432679082, 0,
              0.279705391489276667901467771423780, 0,
              0.381830050505118944950369775488975, 0)
  list(node = c(-node, 0, rev(node)),
       fine = c(fine, 0.209482141084727828012999174891714, rev(fine)),
       coarse = c(coarse, 0.417959183673469387755102040816327, rev(coarse)))
})
