# Which rows are left out in which fold.

# Returns the folds of all repeats: `test`, the rows left out of each (as
# numbers among the rows used), with its repeat in `repeats`, its number in
# `fold` and its random stream in `seeds`.
fold_plan <- function(folds, repeats, groups, source, seed) {
  groups <- check_groups(groups, source)
  given <- given_folds(folds, groups, source)
  if (is.null(given)) {
    units <- if (is.null(groups)) source$n else max(groups)
    number <- check_number_of_folds(folds, units, !is.null(groups))
  }
  if (repeats > 1L && (!is.null(given) || number == units)) {
    abort_input("`repeats` = ", repeats, " needs random folds; ",
                if (is.null(given)) "leaving each one out" else "these folds",
                " would be the same each time. Use repeats = 1.")
  }
  streams <- replicate_seeds(repeats, seed)
  divided <- if (is.null(given)) lapply(streams, with_stream, folds_drawer(
    source$n, groups, number)) else list(given)
  sizes <- lengths(divided)
  list(test = unlist(divided, recursive = FALSE, use.names = FALSE),
       repeats = rep(seq_len(repeats), sizes),
       fold = sequence(sizes),
       seeds = unlist(Map(sub_streams, streams, sizes), recursive = FALSE))
}

# Refuses more experts than the smallest fold leaves rows to fit to, before
# anything is fitted.
check_rows_left <- function(plan, source, grid) {
  used <- if (is.null(source$weights)) rep(TRUE, source$n)
    else source$weights > 0
  left <- vapply(plan$test, function(rows) sum(used[-rows]), 0L)
  K <- max(grid$table$K)
  least <- which.min(left)
  if (K <= left[least]) return(invisible())
  abort_input("`K` must not exceed the number of rows that are fitted to; ",
              "found K = ", K, ", and fold ", plan$fold[least], " of ",
              max(plan$fold), " leaves ", left[least], " of ", sum(used),
              " row(s). Use K up to ", left[least], ", or folds that leave ",
              "fewer rows out.")
}

check_groups <- function(groups, source) {
  if (is.null(groups)) return(NULL)
  groups <- used_values(groups, "groups", source)
  if (anyNA(groups)) {
    abort_input("`groups` is NA in ", sum(is.na(groups)), " row(s) that are ",
                "used; give each row a group.")
  }
  groups <- match(groups, unique(groups))
  if (max(groups) < 2L) {
    abort_input("`groups` is the same in all rows; nothing can be left out.")
  }
  groups
}

# Returns the values of the rows used, given one value per row of the data or
# per row used.
used_values <- function(v, name, source) {
  if (is.atomic(v) && is.null(dim(v))) {
    if (length(v) == source$n_all) return(v[source$row])
    if (length(v) == source$n) return(v)
  }
  abort_input("`", name, "` must have one value per row, ", source$n_all,
              "; found ", describe(v), ".")
}

check_number_of_folds <- function(folds, units, grouped) {
  if (identical(as.numeric(folds), Inf)) return(units)
  what <- if (grouped) "group" else "row"
  folds <- check_count(folds, "folds", min = 2L)
  if (folds > units) {
    abort_input("`folds` = ", folds, " is more than the number of ", what,
                "s, ", units, "; Inf leaves one ", what, " out at a time.")
  }
  folds
}

# Returns the test rows of folds that the user made, or NULL if only their
# number is given.
given_folds <- function(folds, groups, source) {
  if (is.numeric(folds) && length(folds) == 1L) return(NULL)
  if (!is.list(folds)) {
    if (!is.atomic(folds) || length(folds) < 2L) {
      abort_input("`folds` must be a number, one label per row, or a list of ",
                  "row numbers; found ", describe(folds), ".")
    }
    labels <- used_values(folds, "folds", source)
    out <- unname(split(seq_along(labels), labels, drop = TRUE))
    if (length(out) < 2L && !anyNA(labels)) {
      abort_input("`folds` has one label for all rows: none is left to fit to.")
    }
  } else {
    out <- lapply(folds, check_test_rows, source)
  }
  if (!length(out)) abort_input("`folds` holds no fold.")
  if (!is.null(groups)) check_groups_kept(out, groups)
  unname(out)
}

check_test_rows <- function(rows, source) {
  ok <- is.numeric(rows) && length(rows) && !anyNA(rows) &&
    all(rows %in% seq_len(source$n_all)) && !anyDuplicated(rows)
  if (!ok) {
    abort_input("`folds`: a list must hold vectors of different row numbers ",
                "from 1 to ", source$n_all, "; found ", describe(rows), ".")
  }
  used <- match(rows, source$row)
  used <- sort(used[!is.na(used)])
  if (!length(used) || length(used) == source$n) {
    abort_input("`folds`: a fold leaves ", if (length(used)) "all" else "none",
                " of the ", source$n, " rows used out.")
  }
  used
}

check_groups_kept <- function(test, groups) {
  for (rows in test) {
    split <- intersect(groups[rows], groups[-rows])
    if (length(split)) {
      abort_input("`folds` divides ", length(split), " of the `groups`; give ",
                  "a number of folds, or leave `groups` out.")
    }
  }
}

# Returns a function that draws folds of nearly equal numbers of rows. Groups go
# to the smallest fold so far, the largest group first and groups of equal size
# in random order.
folds_drawer <- function(n, groups, number) {
  function() {
    if (is.null(groups)) {
      label <- sample(rep_len(seq_len(number), n))
      return(unname(split(seq_len(n), label)))
    }
    size <- tabulate(groups)
    order <- sample.int(length(size))
    order <- order[order(-size[order])]
    filled <- numeric(number)
    label <- integer(length(size))
    for (g in order) {
      label[g] <- which.min(filled)
      filled[label[g]] <- filled[label[g]] + size[g]
    }
    unname(split(seq_len(n), label[groups]))
  }
}
