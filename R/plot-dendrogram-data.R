# The tree of a dendrogram, and the criterion of dsc().

dendrogram_picture <- function(x, K, omega, rescaled, scale) {
  if (x$K == 1L) {
    abort_input("`x`: one expert has no tree.")
  }
  criterion <- dsc_table(x, omega, rescaled)
  K <- if (is.null(K)) criterion$K[criterion$chosen] else check_size(x, K)
  criterion$shown <- criterion$K == K
  height <- drawn_heights(x$height, scale)
  new_picture("dendrogram",
              list(branches = tree_branches(x, height$merge, height$leaf, K),
                   leaves = tree_leaves(x, K),
                   dsc = criterion[-1L, ]),
              K, bottom = height$leaf,
              ylab = if (scale == "log") "height (logarithm to base 10)"
                else "height",
              criterion = if (rescaled) "rescaled DSC" else "DSC")
}

# Returns the places of the heights and of the leaves on the axis. A height of 0
# has no logarithm: it is drawn a step below the others.
drawn_heights <- function(height, scale) {
  if (scale == "linear") return(list(merge = height, leaf = 0))
  positive <- height[height > 0]
  value <- log10(height)
  range <- if (length(positive)) range(log10(positive)) else c(0, 0)
  step <- max(0.1 * diff(range), 0.2)
  zero <- height <= 0
  value[zero] <- range[1L] - step
  list(merge = value, leaf = range[1L] - step * if (any(zero)) 2 else 1)
}

tree_leaves <- function(x, K) {
  order <- leaf_order(x)
  data.frame(expert = order, x = seq_along(order),
             group = x$membership[order, K])
}

# Returns the lines of the tree: from each child up to its merge, then across.
# `group` is the expert of the model with K experts that a branch belongs to, 0
# above.
tree_branches <- function(x, height, leaf, K) {
  steps <- nrow(x$merge)
  place <- match(seq_len(x$K), leaf_order(x))
  at <- numeric(steps)
  group <- integer(steps)
  out <- vector("list", steps)
  for (i in seq_len(steps)) {
    child <- x$merge[i, ]
    single <- child < 0L
    node <- pmax(child, 1L)
    from <- ifelse(single, place[abs(child)], at[node])
    groups <- ifelse(single, x$membership[abs(child), K], group[node])
    bottom <- ifelse(single, leaf, height[node])
    at[i] <- mean(from)
    group[i] <- if (i <= x$K - K) groups[1L] else 0L
    out[[i]] <- data.frame(
      x = c(from, from[1L]), xend = c(from, from[2L]),
      y = c(bottom, height[i]), yend = height[i],
      group = c(groups, group[i]), merge = i)
  }
  do.call(rbind, out)
}

# Returns the colours of branches; those of no expert (0) are grey.
group_colours <- function(group, style) {
  c("grey45", style$col)[group + 1L]
}
