# One task of a rate experiment: a data set, its fits and their losses.

rate_task <- function(plan, task) {
  data <- simulate.moe_model(plan$truth, n = task$n)
  done <- lapply(plan$starts, function(start) {
    rate_row(plan, task, start, timed_fit(plan, data, start))
  })
  list(fits = do.call(rbind, lapply(done, `[[`, "fits")),
       blocks = do.call(rbind, lapply(done, `[[`, "blocks")),
       type = done[[1L]]$type)
}

# Returns a fit, or an error, with its seconds.
timed_fit <- function(plan, data, start) {
  begin <- proc.time()[["elapsed"]]
  fit <- tryCatch(suppressWarnings(rate_fit(plan, data, start),
                                   classes = "gatemix_warning"),
                  error = identity)
  list(fit = fit, seconds = proc.time()[["elapsed"]] - begin)
}

rate_fit <- function(plan, data, start) {
  truth <- plan$truth
  fit <- function(start) {
    moe(truth$blueprint$formula, data, plan$K, gate = truth$gate,
        expert = truth$expert, start = start, control = plan$control,
        model = FALSE)
  }
  if (start == "default") return(fit(NULL))
  best <- NULL
  for (i in seq_len(plan$tries)) {
    new <- fit(near_start(truth, plan$K, nrow(data)))
    if (is.null(best) || better_fit(new, best)) best <- new
  }
  best
}

# Returns whether the new fit is better. A fit at the floor of the variances may
# have any likelihood and is worse than others.
better_fit <- function(new, best) {
  floored <- c(any(new$floored), any(best$floored))
  if (floored[1L] != floored[2L]) return(floored[2L])
  new$loglik[["maximised"]] > best$loglik[["maximised"]]
}

rate_row <- function(plan, task, start, timed) {
  fit <- timed$fit
  loss <- if (inherits(fit, "moe")) rate_loss(plan, fit) else fit
  failed <- inherits(loss, "error")
  fits <- data.frame(
    n = task$n, replicate = task$replicate, start = start,
    status = if (failed) "failed" else fit_status(fit),
    loss = NA_real_, untranslated = NA_real_, loglik = NA_real_,
    iterations = NA_integer_, cells = NA_character_,
    seconds = timed$seconds, message = NA_character_)
  if (failed) {
    fits$message <- conditionMessage(loss)
    return(list(fits = fits, blocks = NULL, type = NA_character_))
  }
  fits$loss <- loss$loss
  fits$untranslated <- loss$untranslated
  fits$loglik <- fit$loglik[["maximised"]]
  fits$iterations <- fit$iterations
  fits$cells <- paste(loss$cells$size, collapse = "-")
  errors <- block_errors(loss, plan$truth, plan$loss$exponents)
  list(fits = fits, blocks = data.frame(fits[1:4], errors, row.names = NULL),
       type = loss$type)
}

rate_loss <- function(plan, fit) {
  tryCatch(suppressWarnings(
    do.call(voronoi_loss, c(list(fit, plan$truth), plan$loss)),
    classes = "gatemix_warning"), error = identity)
}

fit_status <- function(fit) {
  if (any(fit$floored)) "floored"
  else if (fit$separated) "separated"
  else if (!fit$converged) "not converged"
  else "ok"
}

# Returns for each cell and block the mean error as the loss takes it.
block_errors <- function(loss, truth, exponents) {
  experts <- loss$experts
  cells <- loss$cells
  blocks <- setdiff(names(experts), c("expert", "cell", "weight"))
  settings <- list(type = loss$type, norm = "separate",
                   moving_gate = "gate" %in% blocks)
  zero <- zero_means(truth)
  out <- lapply(which(cells$size > 0L), function(j) {
    inside <- experts[experts$cell == j, ]
    groups <- loss_groups(blocks, cells$size[j], zero[j],
                          cell_exponent(cells$size[j], exponents), settings)
    rho <- vapply(groups, `[[`, 0, "exponent", USE.NAMES = FALSE)
    name <- vapply(groups, `[[`, "", "blocks", USE.NAMES = FALSE)
    error <- mapply(function(block, p) {
      power_mean(inside[[block]], inside$weight, p)
    }, name, rho, USE.NAMES = FALSE)
    data.frame(cell = j, size = cells$size[j], block = c(name, "weight"),
               exponent = c(rho, 1),
               error = c(error, abs(cells$weight[j] - cells$target[j])))
  })
  do.call(rbind, out)
}

# Returns (sum w e^p / sum w)^(1 / p) without overflow.
power_mean <- function(error, weight, p) {
  used <- weight > 0
  if (!any(used)) return(NA_real_)
  largest <- max(error[used])
  if (largest == 0) return(0)
  share <- weight[used] / sum(weight[used])
  largest * sum(share * (error[used] / largest)^p)^(1 / p)
}

zero_means <- function(truth) {
  means <- truth$parameters$gate$means
  if (is.null(means)) rep(FALSE, truth$K) else colSums(means != 0) == 0
}
