# The rows of versions.R: the calls of gatemix that the other scripts here time,
# at sizes that take at most a second or two. Each row is a function that makes
# the data and returns a function(times) which does the work so many times and
# returns its mean seconds.
# Rows use what gatemix exports, so that all its versions can run them.

# Returns a function that does `work` from one seed and returns its CPU seconds
# (or, with "elapsed", those of the clock).
timed <- function(work, clock = "cpu") {
  function(times) {
    begin <- cpu()
    for (i in seq_len(times)) {
      set.seed(1)
      suppressWarnings(work())
    }
    (cpu() - begin)[[clock]] / times
  }
}

# Returns a function that times a fit of so many EM passes on a design.
passes_of <- function(d, many, threads = 1L, clock = "cpu") {
  start <- given_start(d, 1)
  timed(function() {
    checked(fixed_passes(d$data, d$K, start, d$gate, many, threads))
  }, clock)
}

# Returns a function that fits a design from its given start, whole call.
fit_of <- function(d, start = given_start(d, 1)) {
  timed(function() checked(fit_gatemix(d$data, d$K, start, gate = d$gate)))
}

# Returns the same for the default search; `...` goes to moe_control().
search_of <- function(d, ...) {
  timed(function() checked(fit_gatemix(d$data, d$K, gate = d$gate, ...)))
}

checked <- function(got) if (is.na(got$loglik)) stop(got$note) else got

control <- function(...) gatemix::moe_control(...)

rows <- list()

# --- Fits and passes ---------------------------------------------------------

rows[["softmax p=1 K=2: fit"]] <- function() fit_of(softmax_k2(1e5, 1))
rows[["softmax p=1 K=3: fit"]] <- function() fit_of(softmax_k3(1e5, 1))
rows[["softmax p=1 K=2: ten starts"]] <- function() {
  search_of(softmax_k2(2e4, 1), starts = 10)
}
rows[["softmax p=10 K=4: fit"]] <- function() fit_of(softmax_p10(1e4, 1))
rows[["softmax p=10 K=4: random labels"]] <- function() {
  set.seed(2)
  fit_of(softmax_p10(1e4, 1), start = sample.int(4L, 1e4, replace = TRUE))
}
rows[["softmax p=10 K=4: ten starts"]] <- function() {
  search_of(softmax_p10(2000, 1), starts = 10)
}
rows[["gaussian D=1 K=5: fit"]] <- function() fit_of(gaussian_d1(1e4, 1))
rows[["gaussian D=1 K=5: passes"]] <- function() {
  passes_of(gaussian_d1(1e4, 1), 200)
}
rows[["gaussian D=10 K=5: fit"]] <- function() fit_of(gaussian_d10(1e4, 1))
rows[["gaussian D=10 K=5: passes"]] <- function() {
  passes_of(gaussian_d10(1e4, 1), 60)
}
rows[["scaling: passes, n=1e3"]] <- function() {
  passes_of(softmax_k3(1e3, 1), 2000)
}
rows[["scaling: passes, n=1e4"]] <- function() {
  passes_of(softmax_k3(1e4, 1), 400)
}
rows[["scaling: passes, n=1e5"]] <- function() {
  passes_of(softmax_k3(1e5, 1), 60)
}
# Elapsed seconds, so that threads that wait for each other show.
rows[["scaling: passes, n=3e5, two threads"]] <- function() {
  passes_of(softmax_k3(3e5, 1), 30, threads = 2L, clock = "elapsed")
}
for (size in list(c(1, 2), c(1, 3), c(10, 4), c(10, 5))) local({
  p <- size[1]
  K <- size[2]
  rows[[sprintf("floor: passes, p=%d K=%d", p, K)]] <<- function() {
    passes_of(softmax_any(3e4, 1, p, K), if (p == 1) 150 else 40)
  }
})
rows[["stages: ten passes by hand"]] <- function() {
  d <- softmax_p10(1e4, 1)
  start <- given_start(d, 1)
  timed(function() {
    problem <- gatemix::em_problem(gatemix_formula(d$data), d$data, K = d$K)
    theta <- gatemix::em_start(problem, start)
    for (pass in 1:10) {
      statistics <- gatemix::em_accumulate(problem, theta)
      theta <- gatemix::em_solve(problem, theta, statistics)
    }
  })
}
rows[["small data: fit"]] <- function() {
  start <- rep(1:2, 25)
  timed(function() gatemix::moe(dist ~ speed, cars, K = 2, start = start))
}

# --- Searches ----------------------------------------------------------------

rows[["robustness: five lines"]] <- function() search_of(five_lines(1000, 1))
rows[["robustness: softmax p=10 K=4"]] <- function() {
  search_of(softmax_p10(1500, 1))
}
rows[["robustness: gaussian D=1 K=5"]] <- function() {
  search_of(gaussian_d1(2000, 1))
}
rows[["robustness: gaussian D=10 K=5"]] <- function() {
  search_of(gaussian_d10(1500, 1))
}
rows[["search: mcycle K=4"]] <- function() {
  timed(function() gatemix::moe(accel ~ times, MASS::mcycle, K = 4))
}
rows[["search: ethanol K=3, no moves"]] <- function() {
  timed(function() {
    gatemix::moe(NOx ~ E, lattice::ethanol, K = 3, control = control(moves = 0))
  })
}
rows[["search: tone K=2"]] <- function() {
  timed(function() gatemix::moe(tuned ~ stretch_ratio, gatemix::tone, K = 2))
}
rows[["search: Boston K=2"]] <- function() {
  timed(function() gatemix::moe(medv ~ lstat + rm, MASS::Boston, K = 2))
}

# --- Inference and prediction ------------------------------------------------

# Returns fits of the design of vcov.R, from a formula and from matrices.
vcov_fit <- function(from) {
  d <- softmax_any(2e4, 1, p = 10, K = 3)
  if (from == "formula") return(gatemix_any(d$data, d$K, start = d$labels))
  gatemix::moe(as.matrix(d$data[-1]), d$data$y, K = d$K, start = d$labels)
}
rows[["vcov: formula"]] <- function() {
  fit <- vcov_fit("formula")
  timed(function() stats::vcov(fit))
}
rows[["vcov: matrix"]] <- function() {
  fit <- vcov_fit("matrix")
  timed(function() stats::vcov(fit))
}
rows[["vcov: sandwich"]] <- function() {
  fit <- vcov_fit("matrix")
  timed(function() stats::vcov(fit, type = "sandwich"))
}
rows[["wald: search and intervals"]] <- function() {
  d <- softmax_k2(1000, 1)
  timed(function() {
    fit <- gatemix_any(d$data, d$K)
    stats::confint(fit)
    stats::confint(fit, type = "sandwich")
  })
}

# Returns a fit of a design and new rows of it.
fit_and_rows <- function(simulate) {
  d <- simulate(5000, 1)
  list(fit = fit_gatemix(d$data, d$K, d$labels, gate = d$gate, keep = TRUE)$fit,
       new = simulate(5000, 1001)$data)
}
rows[["intervals: softmax K=3"]] <- function() {
  known <- fit_and_rows(softmax_k3)
  timed(function() gatemix_interval(known$fit, known$new, 0.9))
}
rows[["intervals: gaussian K=5"]] <- function() {
  known <- fit_and_rows(gaussian_d1)
  timed(function() gatemix_interval(known$fit, known$new, 0.9))
}
rows[["intervals: scores"]] <- function() {
  known <- fit_and_rows(softmax_k3)
  timed(function() gatemix_scores(known$fit, known$new))
}
for (K in c(2, 10)) local({
  K <- K
  rows[[sprintf("divergence: K=%d", K)]] <<- function() {
    truth <- gatemix::moe_truth("glome_ws")
    data <- stats::simulate(truth, n = 500, seed = 1)
    set.seed(1)
    fit <- suppressWarnings(gatemix::moe(
      y ~ x, data, K = K, gate = gatemix::gate_gaussian(),
      control = control(starts = 2)))
    timed(function() gatemix::moe_divergence(truth, fit, data, tol = 1e-7))
  }
})

# --- Collections of models ---------------------------------------------------

rows[["select: collection"]] <- function() {
  truth <- three_experts(5)
  data <- stats::simulate(truth, n = 1000, seed = 1)
  timed(function() {
    gatemix::moe_select(stats::formula(truth), data, K = 1:4, seed = 1,
                        control = control(starts = 3))
  })
}
rows[["select: trial of the WS design"]] <- function() {
  data <- stats::simulate(gatemix::moe_truth("glome_ws"), n = 500, seed = 1)
  timed(function() {
    gatemix::moe_select(y ~ x, data, K = 1:6, gate = gatemix::gate_gaussian(),
                        seed = 1, control = control(starts = 3))
  })
}

# Returns a fit with four experts of data that have two.
overfitted <- function() {
  truth <- gatemix::moe_truth("dendro_5")
  data <- stats::simulate(truth, n = 568, seed = 1)
  suppressWarnings(gatemix::moe(y ~ x, data, K = 4,
                                control = control(starts = 5, moves = 0)))
}
rows[["dendrogram: fit"]] <- function() timed(overfitted)
rows[["dendrogram: tree and criterion"]] <- function() {
  set.seed(1)
  fit <- overfitted()
  timed(function() gatemix::dsc(gatemix::moe_dendrogram(fit)))
}

# --- Penalties ---------------------------------------------------------------

lasso_data <- function() {
  d <- lasso_design(300, 100, 1)
  d$x <- standardised(d$x)
  d
}
rows[["lasso: one start"]] <- function() {
  d <- lasso_data()
  timed(function() {
    hdme_fit(d, 10, 10, control = control(starts = 1, moves = 0,
                                          init = "random"))
  })
}
rows[["lasso: default call"]] <- function() {
  d <- lasso_data()
  timed(function() hdme_fit(d, 20, 20))
}
rows[["lasso: Boston"]] <- function() {
  boston <- MASS::Boston
  x <- standardised(as.matrix(boston[names(boston) != "medv"]))
  d <- list(x = x, y = boston$medv / sd_n(boston$medv))
  timed(function() hdme_fit(d, 42, 10))
}
for (step in c("newton", "bound", "coordinate")) local({
  step <- step
  rows[[paste("lasso: gate step", step)]] <<- function() {
    d <- lasso_data()
    labels <- 1L + (d$x[, 1L] > 0)
    plain <- control(gate_step = step, accelerate = FALSE, tol = 1e-6,
                     max_iter = 200)
    timed(function() hdme_fit(d, 10, 10, start = labels, control = plain))
  }
})

# Returns a function that fits many columns with one penalty.
many_columns <- function(n, p, shared, penalty, ...) {
  d <- shared_design(n, p, shared, 0.3)
  gate <- gatemix::gate_softmax(penalty = penalty)
  expert <- gatemix::expert_gaussian(shared = TRUE, penalty = penalty)
  timed(function() {
    gatemix::moe(d$x, d$y, K = 2, gate = gate, expert = expert, start = d$label,
                 control = control(...))
  })
}
rows[["lasso: many columns"]] <- function() {
  many_columns(3000, 1200, 360, gatemix::penalty_lasso(0.1), max_iter = 20)
}
rows[["lasso: many columns, ridge"]] <- function() {
  many_columns(1500, 510, 150, gatemix::penalty_ridge(0.3), max_iter = 5)
}

# Returns a function that fits a path to a design.
path_of <- function(d, K, nlambda, share) {
  timed(function() {
    gatemix::moe_path(d$x, d$y, K = K, nlambda = nlambda,
                      lambda_min_ratio = share, control = control(starts = 2))
  })
}
rows[["lasso: path, p=100"]] <- function() {
  path_of(lasso_design(300, 100, 1), 2, 15, 0.125)
}
rows[["lasso: path, p=300"]] <- function() {
  path_of(wide_design(300, 300, 1), 3, 4, 0.6)
}
rows[["lasso: path, sparse, p=5000"]] <- function() {
  path_of(sparse_design(2000, 5000, 1e-3, 1), 2, 4, 0.5)
}

# --- Measuring ---------------------------------------------------------------

prepared <- new.env()

# Returns a row's work and how many times take a tenth of a second, which is
# long for a clock that counts milliseconds. The work is done once before.
prepare <- function(name) {
  run <- rows[[name]]()
  run(1)
  list(run = run, times = max(1, ceiling(0.1 / max(run(1), 1e-3))))
}

# Returns the seconds of a row: the smallest of as many turns as take
# min_seconds together.
measure <- function(name, min_seconds = 0.3) {
  if (is.null(prepared[[name]])) prepared[[name]] <- prepare(name)
  row <- prepared[[name]]
  gc(FALSE)
  begin <- cpu()[["cpu"]]
  seconds <- Inf
  repeat {
    seconds <- min(seconds, row$run(row$times))
    if (cpu()[["cpu"]] - begin >= min_seconds) return(seconds)
  }
}
