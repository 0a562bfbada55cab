# Cells, the loss in given cells, and the translation that makes it smallest.

# Norms of the errors, fitted expert by true expert, a matrix for each block.
block_distances <- function(estimate, truth, t2) {
  Map(function(name, a, b) {
    if (name == "gate") b <- b + t2
    outer(seq_len(ncol(a)), seq_len(ncol(b)), Vectorize(function(i, j) {
      sqrt(sum((a[, i] - b[, j])^2))
    }))
  }, names(truth$blocks), estimate$blocks[names(truth$blocks)], truth$blocks)
}

# The true expert next to each fitted one.
nearest_cells <- function(estimate, truth, t2) {
  squares <- Reduce(`+`, lapply(block_distances(estimate, truth, t2),
                                function(d) d^2))
  apply(squares, 1L, which.min)
}

# Blocks whose norm is taken together, with the exponent, for a cell of `size`.
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

used_blocks <- function(truth) {
  names(truth$blocks)[vapply(truth$blocks, NROW, 0L) > 0L]
}

with_gate_kind <- function(settings, truth) {
  settings$moving_gate <- nrow(truth$blocks$gate) > 0L
  settings
}

# The summands for given cells and translation.
loss_in_cells <- function(estimate, truth, cell, t1, t2, settings) {
  settings <- with_gate_kind(settings, truth)
  distance <- block_distances(estimate, truth, t2)
  cells <- seq_along(truth$weight)
  size <- tabulate(cell, length(cells))
  r <- cell_exponent(size, settings$exponents)
  mass <- vapply(cells, function(j) sum(estimate$weight[cell == j]), 0)
  target <- truth$weight * exp(t1)
  parts <- lapply(cells, function(j) {
    rbind(cell_parts(j, which(cell == j), distance, estimate$weight, truth,
                     r[j], settings),
          data.frame(block = "weight", exponent = 1,
                     loss = abs(mass[j] - target[j])))
  })
  rows <- vapply(parts, nrow, 0L)
  parts <- cbind(cell = rep(cells, rows), size = rep(size, rows),
                 do.call(rbind, parts))
  by_cell <- vapply(cells, function(j) sum(parts$loss[parts$cell == j]), 0)
  blocks <- used_blocks(truth)
  errors <- lapply(distance[blocks], function(d) d[cbind(seq_along(cell),
                                                         cell)])
  list(
    loss = sum(parts$loss), translation = list(t1 = t1, t2 = t2),
    cells = data.frame(cell = cells, size = size, weight = mass,
                       target = target,
                       exponent = if (settings$type == "D1") 1 else
                         ifelse(size > 0L, r, NA), loss = by_cell),
    parts = parts,
    experts = data.frame(expert = seq_along(cell), cell = cell,
                         weight = estimate$weight, errors))
}

cell_parts <- function(j, at, distance, weight, truth, r, settings) {
  groups <- loss_groups(used_blocks(truth), length(at), settings$zero_mean[j],
                        r, settings)
  do.call(rbind, lapply(unname(groups), function(group) {
    squares <- lapply(distance[group$blocks], function(d) d[at, j]^2)
    norms <- sqrt(Reduce(`+`, squares))
    data.frame(block = paste(group$blocks, collapse = "+"),
               exponent = group$exponent,
               loss = sum(weight[at] * norms^group$exponent))
  }))
}

# t1: the weighted median of the ratios of weights, where
# sum_j |W_j - s w_j| is smallest.
weight_translation <- function(estimate, truth, cell) {
  mass <- vapply(seq_along(truth$weight), function(j) {
    sum(estimate$weight[cell == j])
  }, 0)
  log(weighted_median(mass / truth$weight, truth$weight))
}

weighted_median <- function(x, weight) {
  at <- order(x)
  half <- cumsum(weight[at]) >= sum(weight) / 2 * (1 - 1e-12)
  x[at][which(half)[1L]]
}

# t2: cells and translation in turn, from the most promising differences of
# one fitted and one true expert.
best_translation <- function(estimate, truth, settings, rounds = 20L) {
  d <- nrow(truth$blocks$gate)
  if (d == 0L) return(numeric())
  loss_of <- function(t2, cell = nearest_cells(estimate, truth, t2)) {
    loss_in_cells(estimate, truth, cell,
                  weight_translation(estimate, truth, cell), t2,
                  settings)$loss
  }
  starts <- unique(rbind(0, gate_differences(estimate, truth)))
  first <- apply(starts, 1L, loss_of)
  best <- list(loss = Inf, t2 = numeric(d))
  for (start in utils::head(order(first), 3L)) {
    t2 <- starts[start, ]
    if (first[start] < best$loss) best <- list(loss = first[start], t2 = t2)
    cell <- integer()
    for (round in seq_len(rounds)) {
      new <- nearest_cells(estimate, truth, t2)
      if (identical(new, cell)) break
      cell <- new
      t2 <- translation_in_cells(estimate, truth, cell, settings)
      value <- loss_of(t2)
      if (value < best$loss) best <- list(loss = value, t2 = t2)
    }
  }
  best$t2
}

# a row per pair of a fitted and a true expert
gate_differences <- function(estimate, truth) {
  a <- estimate$blocks$gate
  b <- truth$blocks$gate
  pairs <- expand.grid(i = seq_len(ncol(a)), j = seq_len(ncol(b)))
  t(unname(a)[, pairs$i, drop = FALSE] - unname(b)[, pairs$j, drop = FALSE])
}

# The smallest sum_i w_i (|g_i - t|^2 + c_i)^(e_i / 2) over t.
translation_in_cells <- function(estimate, truth, cell, settings) {
  settings <- with_gate_kind(settings, truth)
  distance <- block_distances(estimate, truth, 0 * truth$blocks$gate[, 1L])
  size <- tabulate(cell, length(truth$weight))
  r <- cell_exponent(size, settings$exponents)
  at <- seq_along(cell)
  terms <- vapply(at, function(i) {
    j <- cell[i]
    groups <- loss_groups(used_blocks(truth), size[j], FALSE, r[j], settings)
    group <- Filter(function(group) "gate" %in% group$blocks, groups)[[1L]]
    others <- setdiff(group$blocks, "gate")
    c(group$exponent, sum(vapply(others, function(block) {
      distance[[block]][i, j]^2
    }, 0)))
  }, numeric(2L))
  g <- unname(estimate$blocks$gate - truth$blocks$gate[, cell, drop = FALSE])
  smallest_powers(g, estimate$weight, terms[2L, ], terms[1L, ])
}

# A convex problem whose kinks are at the columns of g.
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
