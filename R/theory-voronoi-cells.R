# Cells, the loss for given cells, and the translation that makes it smallest.

# Returns two measures with the squared errors of all blocks but the gate,
# fitted experts by true experts: only the gate's errors change with a
# translation.
compare_atoms <- function(estimate, truth, settings) {
  others <- setdiff(names(truth$blocks), "gate")
  others <- others[!vapply(truth$blocks[others], is.null, TRUE)]
  squares <- Map(squared_distances, estimate$blocks[others],
                 truth$blocks[others])
  settings$moving_gate <- nrow(truth$blocks$gate) > 0L
  blocks <- names(truth$blocks)[vapply(truth$blocks, NROW, 0L) > 0L]
  list(estimate = estimate, truth = truth, squares = squares,
       sum = Reduce(`+`, squares), settings = settings, blocks = blocks)
}

squared_distances <- function(a, b) {
  out <- vapply(seq_len(ncol(b)), function(j) colSums((a - b[, j])^2),
                numeric(ncol(a)))
  matrix(out, ncol(a))
}

gate_squares <- function(both, t2) {
  squared_distances(both$estimate$blocks$gate, both$truth$blocks$gate + t2)
}

# Returns for each fitted expert the true one next to it.
nearest_cells <- function(both, t2) {
  d <- both$sum + gate_squares(both, t2)
  max.col(-d, ties.method = "first")
}

# Returns the squared errors of each fitted expert in its cell, a vector for
# each block.
cell_squares <- function(both, cell, t2) {
  at <- cbind(seq_along(cell), cell)
  gate <- both$truth$blocks$gate[, cell, drop = FALSE] + t2
  c(list(gate = colSums((both$estimate$blocks$gate - gate)^2)),
    lapply(both$squares, function(d) d[at]))[both$blocks]
}

# Returns the blocks whose norm is taken together, with their exponent, for a
# cell of `size`.
loss_groups <- function(blocks, size, zero_mean, r, settings) {
  together <- settings$norm == "joint"
  if (settings$type == "D1" || size <= 1L) {
    groups <- if (together) list(blocks) else as.list(blocks)
    return(lapply(groups, function(group) list(blocks = group, exponent = 1)))
  }
  exponent <- c(gate = r, gate_covariance = r / 2, intercept = r, slope = r / 2,
                variance = r / 2)[blocks]
  slow_slopes <- if (settings$type == "D2") settings$moving_gate
    else settings$type == "Dtilde" && zero_mean
  if (!slow_slopes) exponent[["slope"]] <- 2
  by <- if (!together) blocks
    else if (slow_slopes) ifelse(exponent == r, "first", "second")
    else ifelse(blocks == "slope", "slope",
                ifelse(exponent == r, "first", "second"))
  lapply(split(blocks, factor(by, unique(by))), function(group) {
    list(blocks = group, exponent = exponent[[group[1L]]])
  })
}

# Returns the sums over the fitted experts of each cell: loss, blocks and
# exponent.
cell_losses <- function(both, cell, t2) {
  squares <- cell_squares(both, cell, t2)
  size <- tabulate(cell, length(both$truth$weight))
  r <- cell_exponent(size, both$settings$exponents)
  weight <- both$estimate$weight
  lapply(seq_along(size), function(j) {
    groups <- loss_groups(both$blocks, size[j], both$settings$zero_mean[j],
                          r[j], both$settings)
    # an expert of weight 0 does not count, whatever its error
    at <- which(cell == j & weight > 0)
    lapply(unname(groups), function(group) {
      norms <- sqrt(Reduce(`+`, lapply(squares[group$blocks], `[`, at)))
      group$loss <- sum(weight[at] * norms^group$exponent)
      group
    })
  })
}

cell_masses <- function(both, cell) {
  vapply(seq_along(both$truth$weight), function(j) {
    sum(both$estimate$weight[cell == j])
  }, 0)
}

# Returns the loss with its parts, for given cells and translation.
loss_in_cells <- function(both, cell, t1, t2) {
  losses <- cell_losses(both, cell, t2)
  cells <- seq_along(losses)
  size <- tabulate(cell, length(cells))
  mass <- cell_masses(both, cell)
  target <- both$truth$weight * exp(t1)
  groups <- unlist(losses, recursive = FALSE)
  parts <- data.frame(
    cell = c(rep(cells, lengths(losses)), cells),
    block = c(vapply(groups, function(g) paste(g$blocks, collapse = "+"), ""),
              rep("weight", length(cells))),
    exponent = c(vapply(groups, `[[`, 0, "exponent"), rep(1, length(cells))),
    loss = c(vapply(groups, `[[`, 0, "loss"), abs(mass - target)))
  parts <- data.frame(cell = parts$cell, size = size[parts$cell],
                      parts[-1L])[order(parts$cell), ]
  rownames(parts) <- NULL
  exponent <- cell_exponent(size, both$settings$exponents)
  if (both$settings$type == "D1") exponent[] <- 1
  list(
    loss = sum(parts$loss), translation = list(t1 = t1, t2 = t2),
    cells = data.frame(
      cell = cells, size = size, weight = mass, target = target,
      exponent = ifelse(size > 0L, exponent, NA),
      loss = as.vector(tapply(parts$loss, parts$cell, sum))),
    parts = parts,
    experts = data.frame(expert = seq_along(cell), cell = cell,
                         weight = both$estimate$weight,
                         lapply(cell_squares(both, cell, t2), sqrt)))
}

# Returns the loss alone, with the best t1.
loss_value <- function(both, cell, t2) {
  losses <- vapply(unlist(cell_losses(both, cell, t2), recursive = FALSE),
                   `[[`, 0, "loss")
  target <- both$truth$weight * exp(weight_translation(both, cell))
  sum(losses) + sum(abs(cell_masses(both, cell) - target))
}

# Returns t1, the logarithm of the weighted median of the ratios of weights:
# there sum_j |W_j - s w_j| is smallest.
weight_translation <- function(both, cell) {
  weight <- both$truth$weight
  log(weighted_median(cell_masses(both, cell) / weight, weight))
}

weighted_median <- function(x, weight) {
  at <- order(x)
  half <- cumsum(weight[at]) >= sum(weight) / 2 * (1 - 1e-12)
  x[at][which(half)[1L]]
}

# Returns t2. Cells and translation are found in turn, from the most promising
# differences between a fitted and a true expert. The best t2 may lie where
# cells change, which no problem with given cells finds.
best_translation <- function(both, rounds = 20L) {
  d <- nrow(both$truth$blocks$gate)
  if (d == 0L) return(numeric())
  starts <- unique(rbind(0, gate_differences(both)))
  first <- apply(starts, 1L, function(t2) {
    loss_value(both, nearest_cells(both, t2), t2)
  })
  best <- list(loss = min(first), t2 = starts[which.min(first), ])
  for (start in utils::head(order(first), 3L)) {
    t2 <- starts[start, ]
    cell <- integer()
    for (round in seq_len(rounds)) {
      new <- nearest_cells(both, t2)
      if (identical(new, cell)) break
      cell <- new
      t2 <- translation_in_cells(both, cell)
      value <- loss_value(both, nearest_cells(both, t2), t2)
      if (value < best$loss) best <- list(loss = value, t2 = t2)
    }
  }
  at_edge(both, best)
}

at_edge <- function(both, best) {
  if (best$loss < 1e-10) return(best$t2)
  found <- stats::optim(best$t2, function(t2) {
    loss_value(both, nearest_cells(both, t2), t2)
  }, control = list(warn.1d.NelderMead = FALSE))
  if (found$value < best$loss * (1 - 1e-6)) found$par else best$t2
}

# Returns a row per pair of a fitted and a true expert.
gate_differences <- function(both) {
  a <- both$estimate$blocks$gate
  b <- both$truth$blocks$gate
  pairs <- expand.grid(i = seq_len(ncol(a)), j = seq_len(ncol(b)))
  t(unname(a)[, pairs$i, drop = FALSE] - unname(b)[, pairs$j, drop = FALSE])
}

# Returns the t at which sum_i w_i (|g_i - t|^2 + c_i)^(e_i / 2) is smallest.
translation_in_cells <- function(both, cell) {
  size <- tabulate(cell, length(both$truth$weight))
  r <- cell_exponent(size, both$settings$exponents)
  exponent <- constant <- numeric(length(cell))
  for (i in seq_along(cell)) {
    j <- cell[i]
    groups <- loss_groups(both$blocks, size[j], FALSE, r[j], both$settings)
    group <- Filter(function(group) "gate" %in% group$blocks, groups)[[1L]]
    exponent[i] <- group$exponent
    others <- both$squares[setdiff(group$blocks, "gate")]
    constant[i] <- sum(vapply(others, function(d) d[i, j], 0))
  }
  g <- unname(both$estimate$blocks$gate -
                both$truth$blocks$gate[, cell, drop = FALSE])
  smallest_powers(g, both$estimate$weight, constant, exponent)
}

# Solves this convex problem, whose kinks are at the columns of g.
smallest_powers <- function(g, weight, constant, exponent) {
  weight <- weight / sum(weight)
  value <- function(t) {
    sum(weight * (colSums((g - t)^2) + constant)^(exponent / 2))
  }
  slope <- function(t) {
    square <- pmax(colSums((g - t)^2) + constant, 1e-300)
    drop((t - g) %*% (weight * exponent * square^(exponent / 2 - 1)))
  }
  candidates <- cbind(g, g %*% weight)
  values <- apply(candidates, 2L, value)
  best <- candidates[, which.min(values)]
  found <- if (nrow(g) == 1L && diff(range(g)) > 0) {
    stats::optimize(value, range(g), tol = 1e-12 * diff(range(g)))$minimum
  } else {
    stats::optim(best, value, slope, method = "BFGS",
                 control = list(reltol = 1e-14, maxit = 500))$par
  }
  if (value(found) < min(values)) found else best
}
