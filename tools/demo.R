# A tour of gatemix on real data: choose the number of experts, look at the
# chosen fit, predict with intervals, draw pictures.
#
#   Rscript tools/demo.R [directory for the pictures]      (`make demo` runs it)

library(gatemix)
out <- c(commandArgs(TRUE), "demo-output")[1]
dir.create(out, showWarnings = FALSE, recursive = TRUE)

# Prints warnings in one line each, where they arise.
with_warnings_shown <- function(expr) {
  withCallingHandlers(expr, warning = function(w) {
    text <- gsub("[[:space:]]+", " ", conditionMessage(w))
    cat("  [", class(w)[1], "] ", text, "\n", sep = "")
    invokeRestart("muffleWarning")
  })
}

# Draws into a PNG file and says where it is.
picture <- function(name, what, draw) {
  file <- file.path(out, name)
  png(file, width = 1000, height = 700, res = 130)
  on.exit(dev.off())
  draw
  cat("  ", file, ": ", what, "\n", sep = "")
}

heading <- function(...) cat("\n== ", ..., "\n", sep = "")

# --- How many experts? -------------------------------------------------------

data("ethanol", package = "lattice")
heading("Exhaust of an engine (lattice::ethanol): NOx ~ E with K = 1 to 5 experts")

fits <- list()
rows <- list()
for (K in 1:5) {
  set.seed(1)
  time <- system.time(
    fit <- with_warnings_shown(moe(NOx ~ E, data = ethanol, K = K))
  )
  fits[[K]] <- fit
  rows[[K]] <- data.frame(
    K = K, df = attr(logLik(fit), "df"), logLik = as.numeric(logLik(fit)),
    AIC = AIC(fit), BIC = BIC(fit), converged = fit$converged, seconds = time[["elapsed"]]
  )
}
print(do.call(rbind, rows), digits = 5, row.names = FALSE)

# --- The chosen fit ----------------------------------------------------------

fit <- fits[[which.min(vapply(fits, BIC, 0))]]
heading("The fit with the smallest BIC")
print(summary(fit))

# --- Predictions with intervals ----------------------------------------------

heading("Predictions for five new rows, with 90 % prediction intervals")
new <- data.frame(E = c(0.6, 0.75, 0.9, 1.05, 1.2))
print(cbind(
  new,
  NOx = predict(fit, new, type = "response"),
  predict(fit, new, type = "interval", level = 0.9)
), digits = 4, row.names = FALSE)

# --- Pictures ----------------------------------------------------------------

heading("Pictures")
picture("ethanol-fit.png", "the data, the experts and the mean", plot(fit))
picture("ethanol-gate.png", "how the gate shares out the range of E", plot(fit, type = "gate"))

# Acceleration of a dummy's head in a crash: four phases
data("mcycle", package = "MASS")
set.seed(1)
crash <- with_warnings_shown(moe(accel ~ times, data = mcycle, K = 4))
picture("mcycle-fit.png", "MASS::mcycle, accel ~ times with 4 experts", plot(crash))

# Eruptions of a geyser: a Gaussian gate models the predictor as well
set.seed(1)
geyser <- with_warnings_shown(moe(eruptions ~ waiting, data = faithful, K = 2, gate = gate_gaussian()))
picture("faithful-fit.png", "faithful, eruptions ~ waiting with a Gaussian gate", plot(geyser))
